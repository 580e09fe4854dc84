"""The part of the text that is looked at: the screen, or rows scrolled back to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from teleterm.terminal.frame import Point
from teleterm.terminal.lines import breaks, cells_of, is_simple, lay_out, row_count
from teleterm.terminal.row import Row
from teleterm.terminal.screen import Screen

ALTERNATE_FIRST_ID = -1_000_000
"""Line ids of the alternate screen start here."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its place in the text."""

    row: Row
    line_id: int
    offset: int


class View:
    """Where the eye is. Held by line id, so that output below doesn't move it."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._top: Point | None = None
        self._arrived_from = 0

    @property
    def is_at_end(self) -> bool:
        """Whether the view is the screen itself."""
        return self._top is None or self._screen.is_alternate

    @property
    def arrived(self) -> int:
        """How many lines came below since the view was scrolled back."""
        return 0 if self.is_at_end else self._screen.history.screen_id - self._arrived_from

    @property
    def history_rows(self) -> int:
        """How many rows are above the screen."""
        screen = self._screen
        if screen.is_alternate:
            return 0
        history = screen.history
        above = history.rows_before(history.screen_id, screen.cols)
        return above + self._open_rows()

    def _open_rows(self) -> int:
        history = self._screen.history
        if not history.open_cells:
            return 0
        part = history.line(history.screen_id)
        return row_count(part, self._screen.cols) if part is not None else 0

    @property
    def top_row(self) -> int:
        """The index of the view's first row, from the oldest row kept."""
        top = self._top
        if self.is_at_end or top is None:
            return self.history_rows
        return self.index_of(top)

    def index_of(self, point: Point) -> int:
        """Give the index of the row that shows a point; clamps to what is kept."""
        screen = self._screen
        line_id, offset = point
        history = screen.history
        if screen.is_alternate or line_id >= history.screen_id:
            above = self.history_rows
            if not screen.is_alternate and line_id == history.screen_id:
                part = history.line(line_id)
                if part is not None and offset < history.open_cells:
                    return above - self._open_rows() + self._row_in_line(line_id, offset)
            return above + self._screen_row_of(point)
        if line_id < history.first_id:
            return 0
        return history.rows_before(line_id, screen.cols) + self._row_in_line(line_id, offset)

    def _row_in_line(self, line_id: int, offset: int) -> int:
        line = self._screen.history.line(line_id)
        if line is None:
            return 0
        starts = breaks(cells_of(line), self._screen.cols, is_simple=is_simple(line))
        return max((at for at, start in enumerate(starts) if start <= offset), default=0)

    def _screen_row_of(self, point: Point) -> int:
        best = 0
        for at, shown in enumerate(self.screen_rows()):
            if (shown.line_id, shown.offset) <= point:
                best = at
        return best

    def screen_rows(self) -> Iterator[ShownRow]:
        """Give the rows of the screen with their places."""
        screen = self._screen
        if screen.is_alternate:
            line_id, offset = ALTERNATE_FIRST_ID, 0
        else:
            line_id, offset = screen.history.screen_id, screen.history.open_cells
        for row in screen.grid.rows:
            yield ShownRow(row, line_id, offset)
            if row.is_wrapped:
                offset += len(row.cells) - (row.is_padded and row.cells[-1] == " ")
            else:
                line_id += 1
                offset = 0

    def rows_from(self, index: int) -> Iterator[ShownRow]:
        """Give rows from an index on, to the end of the screen."""
        above = self.history_rows
        if index < above:
            yield from self._history_rows_from(index)
            index = above
        skip = index - above
        for at, shown in enumerate(self.screen_rows()):
            if at >= skip:
                yield shown

    def _history_rows_from(self, index: int) -> Iterator[ShownRow]:
        screen = self._screen
        cols, default = screen.cols, screen.table.default
        skip = index
        for block in screen.history.blocks():
            count = block.rows_at(cols)
            if skip >= count:
                skip -= count
                continue
            for number, line in enumerate(block.parsed()):
                rows = row_count(line, cols)
                if skip >= rows:
                    skip -= rows
                    continue
                yield from _shown(lay_out(line, cols, default), block.first_id + number, skip)
                skip = 0
        part = screen.history.line(screen.history.screen_id)
        if part is not None and screen.history.open_cells:
            rows_open = lay_out(part, cols, default)
            for row in rows_open:
                row.is_wrapped = True
            yield from _shown(rows_open, screen.history.screen_id, skip)

    def rows(self) -> list[ShownRow]:
        """Give the rows of the view."""
        if self.is_at_end:
            return list(self.screen_rows())
        shown = []
        for row in self.rows_from(self.top_row):
            shown.append(row)
            if len(shown) == self._screen.row_count:
                break
        return shown

    def scroll_to_row(self, index: int) -> None:
        """Make the row with this index the first one; clamps."""
        if self._screen.is_alternate:
            return
        index = max(0, index)
        if index >= self.history_rows:
            self._top = None
            return
        if self._top is None:
            self._arrived_from = self._screen.history.screen_id
        first = next(self.rows_from(index))
        self._top = (first.line_id, first.offset)

    def scroll_to_end(self) -> None:
        """Look at the screen."""
        self._top = None

    def forget_if_cleared(self) -> None:
        """Go to the end if nothing is left above."""
        if self._top is not None and self.history_rows == 0:
            self._top = None


def _shown(rows: list[Row], line_id: int, skip: int) -> Iterator[ShownRow]:
    offset = 0
    for number, row in enumerate(rows):
        if number >= skip:
            yield ShownRow(row, line_id, offset)
        offset += len(row.cells) - row.is_padded
