"""Erasing, inserting and deleting cells and rows."""

from __future__ import annotations

from teleterm.terminal.printing import Printing
from teleterm.terminal.row import BLANK, DOUBLE_BOTTOM, DOUBLE_TOP, DOUBLE_WIDTH, NORMAL, Row
from teleterm.terminal.styles import PROTECTED, Style

_SIZES = {"3": DOUBLE_TOP, "4": DOUBLE_BOTTOM, "5": NORMAL, "6": DOUBLE_WIDTH}


class Editing(Printing):
    """Commands that change cells without printing."""

    def _erase(self, at: int, start: int, end: int, *, is_selective: bool) -> None:
        """Blank cells of a row; its text then ends there if its last cell went."""
        grid = self.grid
        row = grid.rows[at]
        spares = is_selective or self.is_iso_protecting
        if start == 0 and end == self.cols and row.size == NORMAL and not spares:
            grid.rows[at] = grid.uniform(BLANK, self.blank)
            return
        if start >= end or (row.is_shared and _stays(row, None if is_selective else self.blank)):
            return
        row = grid.own(at)
        if spares:
            row.erase_unprotected(start, end, None if is_selective else self.blank, PROTECTED)
        else:
            row.fill(start, end, BLANK, self.blank)
        if end >= self.cols:
            row.is_wrapped = False
            if start == 0 and row.cells[0] is row.cells[-1] is BLANK:
                self._share_blank(at)

    def _share_blank(self, at: int) -> None:
        """Put a shared row in place of one that is blank."""
        row = self.grid.rows[at]
        blank = self.grid.uniform(BLANK, row.styles[0])
        if row.is_like(blank):
            self.grid.rows[at] = blank

    def erase_in_line(self, how: int | None = None, *, private: bool = False) -> None:
        """EL; private: DECSEL, which spares protected cells. A due wrap stays due.

        Programs end coloured lines with it: what was written last must not go.
        """
        if not how:
            start = self.x + 1 if self.wrap_due else self.x
            self._erase(self.y, start, self.cols, is_selective=private)
        elif how == 1:
            self._erase(self.y, 0, self.column + 1, is_selective=private)
        elif how == 2:
            self._erase(self.y, 0, self.cols, is_selective=private)

    def erase_in_display(self, how: int | None = None, *, private: bool = False) -> None:
        """ED; private: DECSED, which spares protected cells. 3 clears the scrollback."""
        if how == 3:
            if not private:
                self.history.clear()
            return
        if not how:
            self.erase_in_line(0, private=private)
            if self.x == 0:
                self._end_line_above(self.y)
            first, last = self.y + 1, self.row_count
        elif how == 1:
            self.erase_in_line(1, private=private)
            first, last = 0, self.y
        elif how == 2:
            first, last = 0, self.row_count
        else:
            return
        if how:
            self._end_line_above(0)
        self._erase_rows(first, last, is_selective=private)

    def _end_line_above(self, at: int) -> None:
        """Say that a row doesn't go on the line above it, which may be in the scrollback."""
        if at:
            self.grid.end_line(at - 1)
        elif not self.is_alternate:
            self.history.end_line()

    def _erase_rows(self, first: int, last: int, *, is_selective: bool) -> None:
        """Blank whole rows, which are of normal size then, unless cells are spared by kind."""
        if not is_selective and not self.is_iso_protecting:
            if first < last:
                self.grid.rows[first:last] = [self.grid.uniform(BLANK, self.blank)] * (last - first)
            return
        rows = self.grid.rows
        same: Row | None = None
        for at in range(first, last):
            row = rows[at]
            if row is same:
                continue
            if is_selective and row.is_shared and row.cells[0] == BLANK and not row.is_wrapped:
                same = row  # and so are many of the rows below it
                continue
            if not is_selective and row.size != NORMAL:
                self.grid.own(at).size = NORMAL
            self._erase(at, 0, self.cols, is_selective=is_selective)

    def erase_characters(self, count: int | None = None) -> None:
        """ECH."""
        self._settle()
        end = min(self.x + (count or 1), self.cols)
        self._erase(self.y, self.x, end, is_selective=False)

    def insert_characters(self, count: int | None = None) -> None:
        """ICH."""
        self._settle()
        if self._is_beside_margins():
            return
        end = self.right + 1 if self.has_side_margins else self.cols
        row = self.grid.own(self.y)
        row.insert(self.x, end, BLANK * min(count or 1, self.cols), self.blank)
        row.is_wrapped = False

    def delete_characters(self, count: int | None = None) -> None:
        """DCH."""
        self._settle()
        if self._is_beside_margins():
            return
        end = self.right + 1 if self.has_side_margins else self.cols
        row = self.grid.own(self.y)
        row.delete(self.x, end, count or 1, self.blank)
        row.is_wrapped = False

    def _edits_rows(self) -> bool:
        return self.top <= self.y <= self.bottom and not self._is_beside_margins()

    def insert_lines(self, count: int | None = None) -> None:
        """IL: rows come in at the cursor, inside the margins."""
        self._settle()
        if not self._edits_rows():
            return
        lines = count or 1
        if self.has_side_margins:
            self.grid.shift_down(self.y, self.bottom, self.left, self.right, lines, self.blank)
        else:
            self.grid.scroll_down(self.y, self.bottom, lines, self.blank)
        self.x = self.left

    def delete_lines(self, count: int | None = None) -> None:
        """DL: rows go at the cursor, inside the margins. They don't go to the scrollback."""
        self._settle()
        if not self._edits_rows():
            return
        lines = count or 1
        if self.has_side_margins:
            self.grid.shift_up(self.y, self.bottom, self.left, self.right, lines, self.blank)
        else:
            kept, self.grid.on_leave = self.grid.on_leave, None
            self.grid.scroll_up(self.y, self.bottom, lines, self.blank)
            self.grid.on_leave = kept
        self.x = self.left

    def insert_columns(self, count: int | None = None) -> None:
        """DECIC: columns come in at the cursor, inside the margins."""
        if self._edits_rows():
            self._settle()
            self._shift_columns(self.x, count or 1, is_insert=True)

    def delete_columns(self, count: int | None = None) -> None:
        """DECDC: columns go at the cursor, inside the margins."""
        if self._edits_rows():
            self._settle()
            self._shift_columns(self.x, count or 1, is_insert=False)

    def _shift_columns(self, col: int, count: int, *, is_insert: bool) -> None:
        end, blank = self.right + 1, self.blank
        if count >= end - col:
            for at in range(self.top, self.bottom + 1):
                self.grid.end_line(at)
            self.grid.fill_part((self.top, col, self.bottom, self.right), BLANK, blank)
            return
        grid = self.grid
        empty = grid.uniform(BLANK, blank)
        rows = grid.rows
        for at in range(self.top, self.bottom + 1):
            if rows[at] is empty:
                continue
            row = grid.own(at)
            row.is_wrapped = False
            if is_insert:
                row.insert(col, end, BLANK * count, blank)
            else:
                row.delete(col, end, count, blank)
            if row.cells[-1] is row.cells[0] is BLANK and row.is_like(empty):
                rows[at] = empty

    def scroll_left(self, count: int | None = None) -> None:
        """SL: the cells inside the margins move left."""
        if self._edits_rows():
            self._shift_columns(self.left, count or 1, is_insert=False)

    def scroll_right(self, count: int | None = None) -> None:
        """SR: the cells inside the margins move right."""
        if self._edits_rows():
            self._shift_columns(self.left, count or 1, is_insert=True)

    def back_index(self) -> None:
        """DECBI: left one column, scrolling right at the left margin."""
        self._settle()
        if self.x == self.left and self.top <= self.y <= self.bottom:
            self._shift_columns(self.left, 1, is_insert=True)
        elif self.x > 0:
            self.x -= 1

    def forward_index(self) -> None:
        """DECFI: right one column, scrolling left at the right margin."""
        self._settle()
        if self.x == self.right and self.top <= self.y <= self.bottom:
            self._shift_columns(self.left, 1, is_insert=False)
        elif self.x < self.cols - 1:
            self.x += 1

    def set_protection(self, how: int | None = None) -> None:
        """DECSCA: characters from now on are spared by DECSED and DECSEL (1) or not (0, 2)."""
        if how in (None, 0, 1, 2):
            self._protect(is_on=how == 1)
            self.is_iso_protecting = False

    def guard_area(self, *, is_start: bool) -> None:
        """SPA, EPA: the older protection, which ED, EL and ECH respect too."""
        self._protect(is_on=is_start)
        self.is_iso_protecting = True

    def _protect(self, *, is_on: bool) -> None:
        attrs = self.style.attrs & ~PROTECTED | (PROTECTED if is_on else 0)
        self.style = self.table.with_attrs(self.style, attrs)

    def alignment_display(self) -> None:
        """DECALN: a screen of E."""
        self.reset_margins()
        self.is_origin = False
        self._end_line_above(0)
        self.grid.fill("E", self.table.default)
        self.x = self.y = 0
        self.wrap_due = False

    def reset_margins(self) -> None:
        """Give the whole screen to scrolling."""
        self.top = 0
        self.bottom = self.row_count - 1
        self.left = 0
        self.right = self.cols - 1

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        """DECSTBM."""
        first = (top or 1) - 1
        last = min(bottom or self.row_count, self.row_count) - 1
        if first < last:
            self.top = first
            self.bottom = last
            self.place(0, 0)

    def set_side_margins(self, left: int | None = None, right: int | None = None) -> None:
        """DECSLRM; only with mode 69."""
        first = (left or 1) - 1
        last = min(right or self.cols, self.cols) - 1
        if self.has_side_margins and first < last:
            self.left = first
            self.right = last
            self.place(0, 0)

    def set_line_size(self, final: str) -> None:
        """DECDHL, DECSWL, DECDWL: the size of the cursor's row."""
        if not self.has_side_margins:
            row = self.grid.own(self.y)
            row.size = _SIZES[final]
            row.is_special = True
            if final != "5":
                self.x = min(self.x, self.cols // 2 - 1)


def _stays(row: Row, blank: Style | None) -> bool:
    """Tell whether a shared row is as it is to become: blank, and in a style unless any will do."""
    is_same = blank is None or row.styles[0] is blank
    return is_same and row.cells[0] == BLANK and not row.is_wrapped
