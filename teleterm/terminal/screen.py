"""The whole screen: all commands, and taking another size."""

from __future__ import annotations

from teleterm.terminal.reflow import reflow
from teleterm.terminal.state import MAX_COLS, MAX_ROWS, MIN_COLS, MIN_ROWS
from teleterm.terminal.strings import Strings
from teleterm.terminal.styles import Style


class Screen(Strings):
    """What a parser drives. Names of commands are pyte's where pyte has them."""

    def answerback(self) -> None:
        """ENQ: nothing is answered."""

    def set_8bit_replies(self, *, is_on: bool) -> None:
        """S7C1T, S8C1T: how wide the controls of answers are."""
        if self.conformance > 1:
            self.is_8bit_replies = is_on

    def report_status(self, numbers: list[int], params: list[int | None]) -> None:
        """DSR of the DEC kind."""
        if numbers[:1] == [63]:
            self.report_memory_checksum(params)
        elif numbers:
            self.report_device_status(numbers[0], private=True)

    def select_graphic_rendition(self, *attrs: int) -> None:
        """SGR."""
        groups = [[attr] for attr in attrs] or [[0]]
        self.style: Style = self.table.graphic_rendition(self.style, groups)

    def push_rendition(self, parts: list[int | None]) -> None:
        """XTPUSHSGR."""
        self.sgr_stack.push(self.style, parts)

    def pop_rendition(self) -> None:
        """XTPOPSGR."""
        self.style = self.sgr_stack.pop(self.table, self.style)

    def debug(self, *_args: object, **_named: object) -> None:
        """Hear of what isn't known; nothing is done."""

    def resize(self, cols: int, rows: int) -> None:
        """Take another size: the main screen reflows, the alternate one is cut or extended."""
        cols = max(MIN_COLS, min(cols, MAX_COLS))
        rows = max(MIN_ROWS, min(rows, MAX_ROWS))
        if (cols, rows) == (self.cols, self.row_count):
            return
        self.wrap_due = False
        saved = self.saved_cursors[0]
        if self.is_alternate:
            main_place = (saved.x, saved.y) if saved is not None else (0, 0)
        else:
            main_place = (self.x, self.y)
        new_place, moved = reflow(
            self.main, self.history, main_place, cols, rows, self.table.default
        )
        gone = self.alternate.set_size(
            cols, rows, min(self.y, self.row_count - 1), self.table.default
        )
        self.cols = cols
        self.row_count = rows
        if self.is_alternate:
            self.x = min(self.x, cols - 1)
            self.y = max(0, min(self.y - gone, rows - 1))
            if saved is not None:
                saved.x, saved.y = new_place
        else:
            self.x, self.y = new_place
            if saved is not None:
                saved.x = min(saved.x, cols - 1)
                saved.y = max(0, min(saved.y + moved, rows - 1))
        self.reset_margins()
