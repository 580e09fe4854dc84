"""Moving the cursor: everything that changes its place and no cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from teleterm.terminal.row import NORMAL
from teleterm.terminal.state import Charsets, SavedCursor, ScreenState


class CursorMoves(ScreenState):
    """Cursor commands. Parameters are as programs send them: from 1, None or 0 when left out."""

    def _settle(self) -> None:
        """End a due wrap: the cursor stands on the last column."""
        self.wrap_due = False
        if self.x >= self.cols:
            self.x = self.cols - 1

    def place(self, row: int, col: int) -> None:
        """Put the cursor, counted from 0 and from the margins in origin mode; clamps."""
        self.wrap_due = False
        if self.is_origin:
            self.y = max(self.top, min(row + self.top, self.bottom))
            self.x = max(self.left, min(col + self.left, self.right))
        else:
            self.y = max(0, min(row, self.row_count - 1))
            self.x = max(0, min(col, self._last_column()))

    def _last_column(self) -> int:
        """Give the last column of the cursor's row: half as many when its characters are wide."""
        return (self.cols if self.grid.peek(self.y).size == NORMAL else self.cols // 2) - 1

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """CUP, HVP."""
        self.place((line or 1) - 1, (column or 1) - 1)

    def cursor_to_line(self, line: int | None = None) -> None:
        """VPA."""
        col = self.column - (self.left if self.is_origin else 0)
        self.place((line or 1) - 1, col)

    def cursor_to_column(self, column: int | None = None) -> None:
        """CHA, HPA."""
        row = self.y - (self.top if self.is_origin else 0)
        self.place(row, (column or 1) - 1)

    def cursor_up(self, count: int | None = None) -> None:
        """CUU: stops at the top margin if it starts at or below it."""
        self._settle()
        least = self.top if self.y >= self.top else 0
        self.y = max(least, self.y - (count or 1))

    def cursor_down(self, count: int | None = None) -> None:
        """CUD: stops at the bottom margin if it starts at or above it."""
        self._settle()
        most = self.bottom if self.y <= self.bottom else self.row_count - 1
        self.y = min(most, self.y + (count or 1))

    def cursor_forward(self, count: int | None = None) -> None:
        """CUF."""
        self._settle()
        most = min(self.right if self.x <= self.right else self.cols - 1, self._last_column())
        self.x = min(most, self.x + (count or 1))

    def cursor_back(self, count: int | None = None) -> None:
        """CUB; with reverse wrapping it goes on in the row above."""
        steps = count or 1
        if (self.reverse_wrap or self.reverse_wrap_far) and self.is_autowrap:
            self._wrap_back(steps)
            return
        self._settle()
        least = self.left if self.x >= self.left else 0
        self.x = max(least, self.x - steps)

    def _wrap_back(self, steps: int) -> None:
        """Go back over row ends, and from the first row to the last one of the margins."""
        if self.x >= self.cols or self.wrap_due:
            self._settle()
            steps -= 1
        steps = min(steps, self.cols * self.row_count)
        least = self.left if self.x >= self.left else 0
        while steps > 0:
            if self.x > least:
                moved = min(steps, self.x - least)
                self.x -= moved
                steps -= moved
                continue
            is_inside = self.top <= self.y <= self.bottom
            if self.y > (self.top if is_inside else 0):
                self.y -= 1
            else:
                self.y = self.bottom if is_inside else self.row_count - 1
            self.x = self.right
            steps -= 1

    def cursor_down1(self, count: int | None = None) -> None:
        """CNL."""
        self.cursor_down(count)
        self.carriage_return()

    def cursor_up1(self, count: int | None = None) -> None:
        """CPL."""
        self.cursor_up(count)
        self.carriage_return()

    def column_forward(self, count: int | None = None) -> None:
        """HPR: like CHA, relative."""
        self.cursor_to_column(self.column - (self.left if self.is_origin else 0) + (count or 1) + 1)

    def line_forward(self, count: int | None = None) -> None:
        """VPR: like VPA, relative."""
        self.cursor_to_line(self.y - (self.top if self.is_origin else 0) + (count or 1) + 1)

    def backspace(self) -> None:
        """BS."""
        self.cursor_back(1)

    def carriage_return(self) -> None:
        """CR: to the left margin, or to column 0 from left of it."""
        self.wrap_due = False
        self.x = self.left if self.x >= self.left or self.is_origin else 0

    def tab(self) -> None:
        """HT."""
        self.tab_forward(1)

    def tab_forward(self, count: int | None = None) -> None:
        """CHT: a due wrap stays due, unless mode 41 asks for what curses once needed."""
        if self.x >= self.cols or self.wrap_due:
            if not self.private.get(41) or not self.is_autowrap:
                return
            self.wrap_now()
        most = min(self.right if self.x <= self.right else self.cols - 1, self._last_column())
        after = bisect_right(self.tabs, self.x) + (count or 1) - 1
        self.x = min(self.tabs[after], most) if after < len(self.tabs) else most

    def tab_back(self, count: int | None = None) -> None:
        """CBT: a due wrap stays due, as xterm has it."""
        is_due = self.x >= self.cols or self.wrap_due
        self._settle()
        self.wrap_due = is_due
        least = self.left if self.is_origin else 0
        before = bisect_left(self.tabs, self.x) - (count or 1)
        self.x = max(self.tabs[before], least) if before >= 0 else least

    def wrap_now(self) -> None:
        """Do the wrap that is due."""
        raise NotImplementedError

    def set_tab_stop(self) -> None:
        """HTS."""
        at = bisect_left(self.tabs, self.column)
        if self.tabs[at : at + 1] != (self.column,):
            self.tabs = (*self.tabs[:at], self.column, *self.tabs[at:])

    def clear_tab_stop(self, how: int | None = None) -> None:
        """TBC."""
        if not how:
            at = bisect_left(self.tabs, self.column)
            if self.tabs[at : at + 1] == (self.column,):
                self.tabs = self.tabs[:at] + self.tabs[at + 1 :]
        elif how == 3:
            self.tabs = ()

    def default_tab_stops(self, how: int | None = None) -> None:
        """DECST8C."""
        if how == 5:
            self.reset_tabs()

    def save_cursor(self) -> None:
        """DECSC."""
        self.saved_cursors[1 if self.is_alternate else 0] = SavedCursor(
            self.x,
            self.y,
            self.cols,
            self.style,
            self.charsets.copy(),
            self.is_origin,
        )

    def restore_cursor(self, *, with_wrap: bool = False) -> None:
        """DECRC; `with_wrap`: a wrap that was due is due again, as when a screen comes back.

        Elsewhere only on the alternate screen, as xterm has it now; on the main one it ends, as
        xterm had it when what is written for it was.
        """
        saved = self.saved_cursors[1 if self.is_alternate else 0]
        if saved is None:
            self.x = self.y = 0
            self.wrap_due = False
            self.style = self.table.default
            self.is_origin = False
            self.charsets = Charsets()
            self.renew_translation()
            return
        keeps = with_wrap or self.is_alternate
        is_due = keeps and saved.x >= saved.cols and self.cols == saved.cols
        self.x = self.cols if is_due else min(saved.x, self.cols - 1)
        self.y = min(saved.y, self.row_count - 1)
        self.style = saved.style
        self.charsets = saved.charsets.copy()
        self.is_origin = saved.is_origin
        self.wrap_due = False
        self.renew_translation()
