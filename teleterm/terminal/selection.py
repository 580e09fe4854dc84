"""Text between two places, words and lines at a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from teleterm.terminal.frame import Point
from teleterm.terminal.lines import cells_of
from teleterm.terminal.screen import Screen
from teleterm.terminal.view import View

WORD_SEPARATORS = " \t()[]{}<>'\"`,;:|│"
"""What ends a word for a double click, unless the user says otherwise."""


class Selection:
    """Reads text by place; places stay valid while lines scroll and reflow."""

    def __init__(self, screen: Screen, view: View) -> None:
        self._screen = screen
        self._view = view

    def screen_lines(self) -> Iterator[tuple[int, list[str]]]:
        """Give the lines of the screen in cells; the first one with its part in the history."""
        history = self._screen.history
        cells: list[str] = []
        if not self._screen.is_alternate and history.open_cells:
            part = history.line(history.screen_id)
            cells = list(cells_of(part)) if part is not None else []
            cells += [" "] * (history.open_cells - len(cells))
        last_id = None
        for shown in self._view.screen_rows():
            row = shown.row
            is_cut = row.is_wrapped and row.is_padded and row.cells[-1] == " "
            cells += row.cells[:-1] if is_cut else row.cells
            last_id = shown.line_id
            if not row.is_wrapped:
                yield last_id, cells
                cells = []
                last_id = None
        if last_id is not None:
            yield last_id, cells

    def lines(self, first: int, last: int) -> Iterator[tuple[int, Sequence[str]]]:
        """Give the lines with ids from `first` to `last` that there are, in cells."""
        history = self._screen.history
        if not self._screen.is_alternate:
            for line_id in range(max(first, history.first_id), min(last + 1, history.screen_id)):
                line = history.line(line_id)
                if line is not None:
                    yield line_id, cells_of(line)
        for line_id, cells in self.screen_lines():
            if first <= line_id <= last:
                yield line_id, cells

    def _line(self, line_id: int) -> Sequence[str]:
        for _, cells in self.lines(line_id, line_id):
            return cells
        return ""

    def all_span(self) -> tuple[Point, Point]:
        """Give the places of the first cell kept and after the last one."""
        lines = list(self.screen_lines())
        first = lines[0][0]
        if not self._screen.is_alternate:
            first = self._screen.history.first_id
        return (first, 0), (lines[-1][0], len(lines[-1][1]))

    def word_at(self, point: Point, separators: str) -> tuple[Point, Point]:
        """Give the word at a place, or the run of separators that is there."""
        line_id, offset = point
        cells = self._line(line_id)
        if not 0 <= offset < len(cells):
            return point, point
        while offset and not cells[offset]:
            offset -= 1
        is_outside = cells[offset] in separators
        start, end = offset, offset + 1
        while start and _same(cells[start - 1], separators, is_outside=is_outside):
            start -= 1
        while end < len(cells) and _same(cells[end], separators, is_outside=is_outside):
            end += 1
        return (line_id, start), (line_id, end)

    def line_at(self, point: Point) -> tuple[Point, Point]:
        """Give the whole logical line at a place."""
        return (point[0], 0), (point[0], max(len(self._line(point[0])), 1))

    def text_between(self, start: Point, end: Point) -> str:
        """Give the text from one place to before another: wrapped rows joined, blanks cut."""
        start, end = min(start, end), max(start, end)
        parts = []
        for line_id, cells in self.lines(start[0], end[0]):
            first = start[1] if line_id == start[0] else 0
            last = end[1] if line_id == end[0] else len(cells)
            while 0 < first < len(cells) and not cells[first]:
                first -= 1
            parts.append("".join(cells[first:last]).rstrip(" "))
        return "\n".join(parts)

    def block_between(self, start: Point, end: Point) -> str:
        """Give the text of a rectangle of rows: top left, bottom right (behind its cell)."""
        start, end = min(start, end), max(start, end)
        view = self._view
        # A right edge at the margin of a wrapped row is the place where the next row starts.
        last_cell = (end[0], max(0, end[1] - 1))
        first_row, last_row = view.index_of(start), view.index_of(last_cell)
        columns: list[int] = []
        rows = []
        for index, shown in enumerate(view.rows_from(first_row), first_row):
            if index > last_row:
                break
            rows.append(shown.row.cells)
            if index == first_row:
                columns.append(start[1] - shown.offset)
            if index == last_row:
                columns.append(end[1] - shown.offset)
        left, right = min(columns, default=0), max(columns, default=0)
        return "\n".join("".join(cells[max(left, 0) : right]).rstrip(" ") for cells in rows)

    def text(self) -> str:
        """Give everything: scrollback and screen, without the empty rows at the end."""
        start, end = self.all_span()
        return self.text_between(start, end).rstrip("\n")


def _same(cell: str, separators: str, *, is_outside: bool) -> bool:
    return not cell or (cell in separators) == is_outside
