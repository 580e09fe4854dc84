"""Putting characters on the screen: wrapping, wide and joined characters, line feeds."""

from __future__ import annotations

from collections.abc import Sequence

from teleterm.terminal.events import Bell
from teleterm.terminal.moves import CursorMoves
from teleterm.terminal.row import NORMAL, Row
from teleterm.terminal.widths import MAX_CLUSTER, SPECIAL, is_regional, joins_cluster, pieces


class Printing(CursorMoves):
    """Commands that write text or move the text to make room below."""

    def draw(self, data: str) -> None:
        """Print characters (no controls among them) at the cursor."""
        if self.charsets.single or self.translation is not None:
            data = self._translate(data)
        if not data:
            return
        before, self.last_text = self.last_text, data
        if data.isascii() or SPECIAL.search(data) is None:
            self._put_narrow(data)
            return
        found = pieces().findall(data)
        if found[0][2]:
            self.last_text = _last_of(before) + data
        self._put_pieces(found)

    def _put_pieces(self, found: list[tuple[str, ...]]) -> None:
        for narrow, wide, zero, regional, tone in found:
            if narrow:
                self._put_narrow(narrow)
            elif wide:
                self._put_wide_text(wide)
            elif zero:
                for char in zero:
                    self._join(char)
            elif regional:
                self._put_regional(regional)
            else:
                self._put_wide(tone)

    def _translate(self, data: str) -> str:
        first = ""
        if self.charsets.single:
            table = self.charset(self.charsets.single)
            first = data[0].translate(table) if table is not None else data[0]
            self.charsets.single = 0
            data = data[1:]
        if self.translation is not None:
            data = data.translate(self.translation)
        return first + data

    def _line_end(self, row: Row) -> int:
        """Give the column before which a row's text ends for the cursor: margin or line end."""
        if self.has_side_margins and self.x <= self.right:
            return self.right + 1
        return self.cols if row.size == NORMAL else self.cols // 2

    def _make_room(self) -> Row:
        """Wrap if a wrap is due, and give the cursor's row."""
        row = self.grid.own(self.y)
        if not self.wrap_due and self.x < self._line_end(row):
            return row
        if self.is_autowrap:
            row.is_wrapped = True
            row.is_padded = False
            self._next_line()
            row = self.grid.own(self.y)
        elif not self.wrap_due:
            self.x = self._line_end(row) - 1
        self.wrap_due = False
        return row

    def wrap_now(self) -> None:
        """Do the wrap that is due."""
        self._make_room()

    def _next_line(self) -> None:
        """Go to the start of the next row, scrolling if needed."""
        self.wrap_due = False
        self.x = min(self.x, self.cols - 1)
        self.index()
        self.x = self.left if self.x >= self.left else 0

    def _put_narrow(self, text: str) -> None:
        style = self.style
        at = 0
        count = len(text)
        while at < count:
            row = self._make_room()
            end = self._line_end(row)
            room = end - self.x
            piece = text[at : at + room]
            if not self.is_autowrap and count - at > room:
                # Everything beyond the last column lands on it; only the last one stays.
                piece = piece[:-1] + text[-1]
                at = count
            at += len(piece)
            if self.is_insert:
                row.insert(self.x, end, piece, style)
            else:
                row.write(self.x, piece, style)
            self._advance(len(piece), end)

    def _advance(self, count: int, end: int) -> None:
        """Move past what was written; at the end of the line the wrap becomes due."""
        self.x += count
        if self.x >= end and end < self.cols:
            if self.has_side_margins:
                self.x = end - 1
                self.wrap_due = True
            else:
                self.x = end

    def _put_wide_text(self, text: Sequence[str]) -> None:
        """Print wide characters; where they simply fit, all that do at once."""
        at = 0
        count = len(text)
        while at < count:
            row = self.grid.own(self.y)
            room = 0
            if self.is_plain and self.x < self.cols and row.size == NORMAL:
                room = min((self.cols - self.x) // 2, count - at)
            if room < 2:
                self._put_wide(text[at])
                at += 1
                continue
            if self._join_wide(text[at]):
                at += 1
                continue
            halves = [""] * (2 * room)
            halves[::2] = text[at : at + room]
            end = self.x + 2 * room
            if row.is_special:
                row.mend(self.x)
                row.mend(end)
            row.is_special = True
            row.cells[self.x : end] = halves
            row.styles[self.x : end] = [self.style] * (2 * room)
            self.x = end
            at += room

    def _put_wide(self, char: str) -> None:
        if self._join_wide(char):
            return
        row = self._make_room()
        end = self._line_end(row)
        if self.x + 2 > end:
            if not self.is_autowrap:
                return
            row.fill(self.x, end, " ", self.style)
            row.is_wrapped = True
            row.is_padded = True
            self._next_line()
            row = self.grid.own(self.y)
            end = self._line_end(row)
            if self.x + 2 > end:
                return
        if self.is_insert:
            row.insert(self.x, end, "  ", self.style)
        row.write_cluster(self.x, char, 2, self.style)
        self._advance(2, end)

    def _cell_before(self) -> tuple[Row, int] | None:
        """Give the row and column of the cell that the last character went into."""
        col = self.x if self.wrap_due else self.x - 1
        if col < 0:
            return None
        row = self.grid.own(self.y)
        if not row.cells[col] and col > 0:
            col -= 1
        return row, col

    def _join_wide(self, char: str) -> bool:
        before = self._cell_before() if self.private.get(2027) else None
        if before is None:
            return False
        row, col = before
        if not row.is_special or not joins_cluster(row.cells[col], char):
            return False
        if len(row.cells[col]) < MAX_CLUSTER:
            row.cells[col] += char
        return True

    def _put_regional(self, char: str) -> None:
        """Print half of a flag: the second half widens the first one's cell to two."""
        before = self._cell_before() if self.private.get(2027) else None
        if before is not None and not self.wrap_due:
            row, col = before
            cell = row.cells[col]
            if len(cell) == 1 and is_regional(cell) and self.x < self._line_end(row):
                row.write_cluster(col, cell + char, 2, row.styles[col])
                self._advance(1, self._line_end(row))
                return
        self._put_narrow(char)

    def _join(self, char: str) -> None:
        """Print a character of no width: it joins the cell before, or takes one of its own."""
        before = self._cell_before()
        if before is None:
            row = self._make_room()
            row.write_cluster(self.x, char, 1, self.style)
            self._advance(1, self._line_end(row))
            return
        row, col = before
        if len(row.cells[col]) < MAX_CLUSTER:
            row.cells[col] += char
            row.is_special = True

    def repeat(self, count: int | None = None) -> None:
        """REP: the last character again, with its marks; not what REP itself wrote."""
        if not self.last_text:
            return
        char = _last_of(self.last_text)
        kept, self.translation = self.translation, None
        left = min(count or 1, self._most_repeats(char))
        if left > 2 * self.cols and self.is_autowrap and _are_normal(self.grid.rows[self.y :]):
            room = self.cols - self.x
            self.draw(char * room)
            left -= room
            left -= self._repeat_rows(char, left // self.cols) * self.cols
        if len(char) == 1 and char > "~" and pieces().findall(char)[0][1]:
            self._put_wide_text([char] * left)
        else:
            self.draw(char * left)
        self.translation, self.last_text = kept, ""

    def _most_repeats(self, char: str) -> int:
        """Give how often to repeat a character at most: to the end of the screen, or a row's worth.

        Where that takes long no more than a row's worth.
        """
        if len(char) > 1:
            return self.cols // 2
        is_narrow = char.isascii() or SPECIAL.search(char) is None
        if self.is_insert or self.has_side_margins or not is_narrow:
            return self.cols if is_narrow else self.cols // 2
        return max((self.row_count - self.y) * self.cols - self.column, self.cols)

    def _repeat_rows(self, char: str, count: int) -> int:
        """Fill up to `count` whole rows below a full one; gives how many were."""
        last = self.bottom if self.y <= self.bottom else self.row_count - 1
        count = min(count, last - self.y)
        if count > 0:
            grid = self.grid
            above = grid.own(self.y)
            above.is_wrapped, above.is_padded = True, False
            full = grid.uniform(char, self.style, is_wrapped=True)
            grid.rows[self.y + 1 : self.y + count] = [full] * (count - 1)
            self.y += count
            grid.rows[self.y] = grid.uniform(char, self.style)
            self.x = self.cols
        return max(count, 0)

    def _is_beside_margins(self) -> bool:
        return self.has_side_margins and not self.left <= self.x <= self.right

    def index(self) -> None:
        """IND: down one row, scrolling at the bottom margin."""
        if self.x >= self.cols:
            self.x = self.cols - 1
        self.wrap_due = False
        if self.y == self.bottom:
            if not self._is_beside_margins():
                self.scroll_up(1)
        elif self.y < self.row_count - 1:
            self.y += 1

    def _index_often(self, count: int) -> None:
        """Do IND many times at the price of a few."""
        self._settle()
        last = self.bottom if self.y <= self.bottom else self.row_count - 1
        down = min(count, last - self.y)
        self.y += down
        left = count - down
        if self.y == self.bottom and not self._is_beside_margins():
            step = max(self.bottom - self.top, 1)
            for _ in range(left // step):
                self.scroll_up(step)
            if left % step:
                self.scroll_up(left % step)

    def reverse_index(self) -> None:
        """RI: up one row, scrolling at the top margin."""
        self._settle()
        if self.y == self.top:
            if not self._is_beside_margins():
                self.scroll_down(1)
        elif self.y > 0:
            self.y -= 1

    def linefeed(self) -> None:
        """LF, VT, FF."""
        if self.y == self.bottom and not self.has_side_margins:
            if self.x >= self.cols:
                self.x = self.cols - 1
            self.wrap_due = False
            self.grid.scroll_one(self.top, self.bottom, self.style.blank)
        else:
            self.index()
        if self.is_newline:
            self.carriage_return()

    def linefeeds(self, count: int) -> None:
        """LF, several in a row."""
        self.linefeed()
        if count > 1:
            self._index_often(count - 1)

    def next_line(self) -> None:
        """NEL."""
        self.index()
        self.carriage_return()

    def scroll_up(self, count: int | None = None) -> None:
        """SU: the scroll region moves up."""
        lines = count or 1
        if self.has_side_margins:
            self.grid.shift_up(self.top, self.bottom, self.left, self.right, lines, self.blank)
        else:
            self.grid.scroll_up(self.top, self.bottom, lines, self.blank)

    def scroll_down(self, count: int | None = None) -> None:
        """SD: the scroll region moves down."""
        lines = count or 1
        if self.has_side_margins:
            self.grid.shift_down(self.top, self.bottom, self.left, self.right, lines, self.blank)
        else:
            self.grid.scroll_down(self.top, self.bottom, lines, self.blank)

    def bell(self) -> None:
        """BEL."""
        if not self.events or not isinstance(self.events[-1], Bell):
            self.tell(Bell())

    def delete(self) -> None:
        """DEL: nothing, but a character of a set that has 96 of them."""
        if self.charsets.is_96[self.charsets.single or self.charsets.gl]:
            self.draw("\x7f")

    def shift_out(self) -> None:
        """SO (LS1)."""
        self.invoke(1)

    def shift_in(self) -> None:
        """SI (LS0)."""
        self.invoke(0)

    def invoke(self, slot: int) -> None:
        """LS0 to LS3: print with the set in `slot`."""
        self.charsets.gl = slot
        self.renew_translation()

    def invoke_right(self, slot: int) -> None:
        """LS1R to LS3R: take bytes above 0x9F that aren't UTF-8 for characters of a set."""
        self.charsets.gr = slot
        self.charsets.locks_right = True

    def single_shift(self, slot: int) -> None:
        """SS2, SS3: print one character with the set in `slot`."""
        self.charsets.single = slot

    def define_charset(self, code: str, mode: str) -> None:
        """SCS: put a set into a slot; `mode` is the slot's intermediate, "(" for G0 and so on."""
        is_96 = mode in "-./"
        slot = "-./".index(mode) + 1 if is_96 else "()*+".index(mode)
        self.charsets.designated[slot] = code
        self.charsets.is_96[slot] = is_96
        self.renew_translation()


def _last_of(text: str) -> str:
    """Give the last character of a text with the marks that joined it."""
    at = len(text) - 1
    while at > 0 and text[at] > "~" and pieces().findall(text[at])[0][2]:
        at -= 1
    return text[at : at + MAX_CLUSTER]


def _are_normal(rows: list[Row]) -> bool:
    return all(row.size == NORMAL for row in rows)
