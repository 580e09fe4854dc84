"""The rows of one screen and what moves whole parts of them: scrolling, inserting, filling."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from teleterm.terminal.row import BLANK, NORMAL, Restyling, Row
from teleterm.terminal.styles import Style

_MAX_UNIFORM = 64

_Area = tuple[int, int, int, int]
"""Top, left, bottom, right; last ones included."""


class _Scrolled:
    """How often a part of the rows moved up by one, and what its last row held each time.

    A program that prints inside side margins scrolls for each line; that is done once for many.
    """

    __slots__ = ("area", "blank", "count", "parts")

    def __init__(self, area: _Area) -> None:
        top, left, bottom, right = area
        self.area = area
        self.blank = [BLANK] * (right + 1 - left)
        self.count = 0
        self.parts: deque[tuple[list[str], list[Style], bool]] = deque(maxlen=bottom - top)


class Grid:
    """A rectangle of cells.

    Rows that nothing was written to since they were blanked are shared ones, so that clearing and
    scrolling cost the same however large the screen is: `own` a row before changing it.
    `scrolled` counts the times that all rows moved up by one, so that a frame can say so.
    """

    def __init__(self, cols: int, rows: int, style: Style) -> None:
        self.cols = cols
        self._uniform: dict[tuple[str, Style, bool], Row] = {}
        self._blank = self.uniform(BLANK, style)
        self.unsettled = [self._blank] * rows
        """The rows, without what scrolled inside side margins and wasn't done yet."""
        self._waiting: _Scrolled | None = None
        self.scrolled = 0
        self.discarded = 0
        """How many rows at the top are filler, of which nobody is told when they leave."""
        self.on_leave: Callable[[Sequence[Row]], None] | None = None
        """Told of the rows that leave over the top of the screen, before they go."""

    @property
    def rows(self) -> list[Row]:
        """The rows, from the top."""
        if self._waiting is not None:
            self.settle()
        return self.unsettled

    def uniform(self, char: str, style: Style, *, is_wrapped: bool = False) -> Row:
        """Give the shared row of one character."""
        key = (char, style, is_wrapped)
        row = self._uniform.get(key)
        if row is None or len(row.under_cells) != self.cols:
            if len(self._uniform) >= _MAX_UNIFORM:
                self._uniform.clear()
            row = self._uniform[key] = Row.uniform(self.cols, char, style, is_wrapped=is_wrapped)
        return row

    def own(self, at: int) -> Row:
        """Give a row that may be changed."""
        row = self.peek(at) if self._waiting is not None else self.unsettled[at]
        if row.is_shared:
            row = self.unsettled[at] = row.copy()
        return row

    def peek(self, at: int) -> Row:
        """Give a row to look at."""
        if self._waiting is not None:
            top, _, bottom, _ = self._waiting.area
            if top <= at < bottom:
                self.settle()
        return self.unsettled[at]

    def owned(self, first: int, last: int) -> list[Row]:
        """Give the rows from `first` to `last`, all of which may be changed."""
        rows = self.rows
        for at in range(first, last + 1):
            if rows[at].is_shared:
                rows[at] = rows[at].copy()
        return rows[first : last + 1]

    def end_line(self, at: int) -> None:
        """Say that a row's text doesn't go on below."""
        if self.rows[at].is_wrapped:
            self.own(at).is_wrapped = False

    def scroll_up(self, top: int, bottom: int, count: int, style: Style) -> None:
        """Move rows `top` to `bottom` (inclusive) up, whole; rows leaving at row 0 are told of."""
        if count == 1:
            self.scroll_one(top, bottom, style)
            return
        rows = self.rows
        count = min(count, bottom - top + 1)
        if top == 0:
            told = self._written() if count == len(rows) else count
            filler = min(self.discarded, told)
            self.discarded -= filler
            if self.on_leave is not None and filler < told:
                self.on_leave(rows[filler:told])
            if bottom == len(rows) - 1:
                self.scrolled += count
        del rows[top : top + count]
        at = bottom + 1 - count
        rows[at:at] = [self.uniform(BLANK, style)] * count

    def scroll_one(self, top: int, bottom: int, style: Style) -> None:
        """Do `scroll_up` by one row."""
        rows = self.rows
        if top == 0:
            if self.discarded:
                self.discarded -= 1
            elif self.on_leave is not None:
                self.on_leave(rows[:1])
            if bottom == len(rows) - 1:
                self.scrolled += 1
        del rows[top]
        blank = self._blank
        if blank.under_styles[0] is not style or len(blank.under_cells) != self.cols:
            blank = self._blank = self.uniform(BLANK, style)
        rows.insert(bottom, blank)

    def _written(self) -> int:
        """Count the rows down to the last that isn't blank: no more are worth keeping.

        A program that scrolls by a screen over and over would fill the scrollback with nothing.
        """
        blank = [BLANK] * self.cols
        count = len(self.rows)
        while count > 1:
            row = self.rows[count - 1]
            if row.cells[0] != BLANK or (not row.is_shared and row.cells != blank):
                break
            count -= 1
        return max(count, min(self.discarded, len(self.rows)))

    def scroll_down(self, top: int, bottom: int, count: int, style: Style) -> None:
        """Move rows `top` to `bottom` (inclusive) down, whole."""
        rows = self.rows
        if top > 0:
            self.end_line(top - 1)
        count = min(count, bottom - top + 1)
        del rows[bottom + 1 - count : bottom + 1]
        rows[top:top] = [self.uniform(BLANK, style)] * count
        self.end_line(bottom)

    def shift_up(
        self, top: int, bottom: int, left: int, right: int, count: int, style: Style
    ) -> None:
        """Move a rectangle of cells up inside its bounds (`right` and `bottom` inclusive)."""
        if count == 1 and top < bottom:
            self._shift_one((top, left, bottom, right), style)
            return
        count = min(count, bottom - top + 1)
        if top + count <= bottom:
            _shift(self._part(top, bottom, left, right), count, left, right + 1)
        self.fill_part((bottom + 1 - count, left, bottom, right), BLANK, style)

    def _shift_one(self, area: _Area, style: Style) -> None:
        """Take the last row's part out and blank it; the rows above move when someone looks."""
        waiting = self._waiting
        if waiting is None or waiting.area != area:
            self.settle()
            waiting = self._waiting = _Scrolled(area)
        _, left, bottom, right = area
        row = self.own(bottom)
        if row.is_special:
            row.mend(left)
            row.mend(right + 1)
        part = slice(left, right + 1)
        waiting.parts.append((row.cells[part], row.styles[part], row.is_special))
        waiting.count += 1
        row.cells[part] = waiting.blank
        row.styles[part] = [style] * len(waiting.blank)

    def settle(self) -> None:
        """Do what scrolled inside side margins."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        top, left, bottom, right = waiting.area
        rows = self._part(top, bottom - 1, left, right)
        count = min(waiting.count, len(rows))
        _shift(rows, count, left, right + 1)
        for row, (cells, styles, is_special) in zip(
            rows[-count:], list(waiting.parts)[-count:], strict=True
        ):
            row.cells[left : right + 1] = cells
            row.styles[left : right + 1] = styles
            row.is_special = row.is_special or is_special

    def shift_down(
        self, top: int, bottom: int, left: int, right: int, count: int, style: Style
    ) -> None:
        """Move a rectangle of cells down inside its bounds (`right` and `bottom` inclusive)."""
        count = min(count, bottom - top + 1)
        if top + count <= bottom:
            _shift(self._part(top, bottom, left, right)[::-1], count, left, right + 1)
        self.fill_part((top, left, top + count - 1, right), BLANK, style)

    def _part(self, top: int, bottom: int, left: int, right: int) -> list[Row]:
        rows = self.owned(top, bottom)
        for row in rows:
            if row.late or row.restyling is not None:
                row.settle()
            if row.is_special:
                row.mend(left)
                row.mend(right + 1)
        return rows

    def fill(self, char: str, style: Style) -> None:
        """Set every cell, and forget wrapping and line sizes."""
        self._waiting = None
        rows = self.unsettled
        rows[:] = [self.uniform(char, style)] * len(rows)

    def fill_part(self, area: _Area, char: str, style: Style) -> None:
        """Set the cells of a rectangle."""
        top, left, bottom, right = area
        if left == 0 and right == self.cols - 1:
            whole = {flag: self.uniform(char, style, is_wrapped=flag) for flag in (False, True)}
            self.rows[top : bottom + 1] = [
                whole[row.is_wrapped] if row.size == NORMAL else _filled(row, char, style)
                for row in self.rows[top : bottom + 1]
            ]
            return
        chars, styles = [char] * (right + 1 - left), [style] * (right + 1 - left)
        same = self.uniform(char, style)
        part = slice(left, right + 1)
        rows = self.rows
        for at in range(top, bottom + 1):
            row = rows[at]
            if row is same:
                continue
            if row.is_shared:
                row = rows[at] = row.copy()
            elif row.late or row.restyling is not None:
                row.settle()
            if row.is_special:
                row.mend(left)
                row.mend(right + 1)
            row.under_cells[part] = chars
            row.under_styles[part] = styles

    def restyle(self, top: int, bottom: int, change: Restyling) -> None:
        """Change attributes of the rows from `top` to `bottom` (inclusive)."""
        rows = self.rows
        before: Row | None = None
        after = self._blank
        waiting: Restyling | None = None  # what mostly waits for all rows
        both = change
        is_whole = change.start == 0 and change.end == self.cols
        for at in range(top, bottom + 1):
            row = rows[at]
            if row.is_shared:
                if is_whole:
                    if row is not before:
                        before, after = row, self._restyled(row, change)
                    rows[at] = after
                    continue
                row = rows[at] = row.copy()
            if row.restyling is not waiting and row.restyling != waiting:
                waiting = row.restyling
                both = change.after(waiting)
            if row.is_lent or (waiting is not None and both is change):
                row.settle()
            row.restyling = both
            row.is_special = True

    def _restyled(self, row: Row, change: Restyling) -> Row:
        """Give the shared row that a shared one becomes."""
        style = change.becomes(row.under_styles[0])
        return self.uniform(row.under_cells[0], style, is_wrapped=row.is_wrapped)

    def set_size(self, cols: int, rows: int, cursor_row: int, style: Style) -> int:
        """Cut or extend without reflow; gives how many rows went from the top.

        Rows go from below the cursor first, so that the cursor's row stays.
        """
        self.settle()
        self.cols = cols
        for row in self.owned(0, len(self.rows) - 1):
            row.set_cols(cols, style)
        excess = len(self.rows) - rows
        if excess <= 0:
            self.rows.extend([self.uniform(BLANK, style)] * -excess)
            return 0
        below = min(excess, len(self.rows) - 1 - cursor_row)
        if below:
            del self.rows[-below:]
        top = excess - below
        del self.rows[:top]
        return top


def _shift(rows: list[Row], count: int, start: int, end: int) -> None:
    """Copy a part of each row, settled all, to the one `count` places before it."""
    part = slice(start, end)
    for source, target in zip(rows[count:], rows, strict=False):
        target.under_cells[part] = source.under_cells[part]
        target.under_styles[part] = source.under_styles[part]
        if source.is_special:
            target.is_special = True


def _filled(row: Row, char: str, style: Style) -> Row:
    row.fill(0, len(row.cells), char, style)
    return row
