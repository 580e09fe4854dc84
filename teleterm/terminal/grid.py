"""The rows of one screen and what moves whole parts of them: scrolling, inserting, filling."""

from __future__ import annotations

from collections.abc import Callable

from teleterm.terminal.row import BLANK, Row
from teleterm.terminal.styles import Style


class Grid:
    """A rectangle of cells.

    `scrolled` counts the times that all rows moved up by one, so that a frame can say so.
    """

    def __init__(self, cols: int, rows: int, style: Style) -> None:
        self.cols = cols
        self.rows = [Row.blank(cols, style) for _ in range(rows)]
        self.scrolled = 0
        self.discarded = 0
        """How many rows at the top are filler, of which nobody is told when they leave."""
        self.on_leave: Callable[[Row], None] | None = None
        """Told of each row that leaves over the top of the screen, before it goes."""

    def scroll_up(self, top: int, bottom: int, count: int, style: Style) -> None:
        """Move rows `top` to `bottom` (inclusive) up, whole; a row leaving at row 0 is told of."""
        rows = self.rows
        count = min(count, bottom - top + 1)
        told = self._written() if count == len(rows) else count
        for done in range(count):
            row = rows.pop(top)
            if top == 0 and done < told:
                if self.discarded:
                    self.discarded -= 1
                elif self.on_leave is not None:
                    self.on_leave(row)
            rows.insert(bottom, Row.blank(self.cols, style))
        if top == 0 and bottom == len(rows) - 1:
            self.scrolled += count

    def _written(self) -> int:
        """Count the rows down to the last that isn't blank: no more are worth keeping.

        A program that scrolls by a screen over and over would fill the scrollback with nothing.
        """
        blank = [BLANK] * self.cols
        count = len(self.rows)
        while count > 1 and self.rows[count - 1].cells == blank:
            count -= 1
        return max(count, min(self.discarded, len(self.rows)))

    def scroll_down(self, top: int, bottom: int, count: int, style: Style) -> None:
        """Move rows `top` to `bottom` (inclusive) down, whole."""
        rows = self.rows
        if top > 0:
            rows[top - 1].is_wrapped = False
        for _ in range(min(count, bottom - top + 1)):
            del rows[bottom]
            rows.insert(top, Row.blank(self.cols, style))
        rows[bottom].is_wrapped = False

    def shift_up(
        self, top: int, bottom: int, left: int, right: int, count: int, style: Style
    ) -> None:
        """Move a rectangle of cells up inside its bounds (`right` and `bottom` inclusive)."""
        count = min(count, bottom - top + 1)
        self._part(top, bottom, left, right)
        for row in range(top, bottom + 1 - count):
            self._copy_part(row + count, row, left, right)
        for row in range(bottom + 1 - count, bottom + 1):
            self.rows[row].fill(left, right + 1, " ", style)

    def shift_down(
        self, top: int, bottom: int, left: int, right: int, count: int, style: Style
    ) -> None:
        """Move a rectangle of cells down inside its bounds (`right` and `bottom` inclusive)."""
        count = min(count, bottom - top + 1)
        self._part(top, bottom, left, right)
        for row in range(bottom, top + count - 1, -1):
            self._copy_part(row - count, row, left, right)
        for row in range(top, top + count):
            self.rows[row].fill(left, right + 1, " ", style)

    def _part(self, top: int, bottom: int, left: int, right: int) -> None:
        for row in self.rows[top : bottom + 1]:
            if row.is_special:
                row.mend(left)
                row.mend(right + 1)

    def _copy_part(self, source: int, target: int, left: int, right: int) -> None:
        from_row, to_row = self.rows[source], self.rows[target]
        to_row.cells[left : right + 1] = from_row.cells[left : right + 1]
        to_row.styles[left : right + 1] = from_row.styles[left : right + 1]
        to_row.is_special = to_row.is_special or from_row.is_special

    def fill(self, char: str, style: Style) -> None:
        """Set every cell, and forget wrapping and line sizes."""
        for at in range(len(self.rows)):
            row = Row.blank(self.cols, style)
            if char != " ":
                row.fill(0, self.cols, char, style)
            self.rows[at] = row

    def set_size(self, cols: int, rows: int, cursor_row: int, style: Style) -> int:
        """Cut or extend without reflow; gives how many rows went from the top.

        Rows go from below the cursor first, so that the cursor's row stays.
        """
        self.cols = cols
        for row in self.rows:
            row.set_cols(cols, style)
        excess = len(self.rows) - rows
        if excess <= 0:
            self.rows.extend(Row.blank(cols, style) for _ in range(-excess))
            return 0
        below = min(excess, len(self.rows) - 1 - cursor_row)
        if below:
            del self.rows[-below:]
        top = excess - below
        del self.rows[:top]
        return top
