"""What a terminal remembers besides its cells: cursor, margins, tabs, character sets, modes."""

from __future__ import annotations

from dataclasses import dataclass, field

from teleterm.terminal.charsets import NATIONAL, table_for, upper_table_for
from teleterm.terminal.events import Event
from teleterm.terminal.grid import Grid
from teleterm.terminal.history import History
from teleterm.terminal.palette import Palette
from teleterm.terminal.sgr_stack import SgrStack
from teleterm.terminal.styles import Style, StyleTable

MIN_COLS, MAX_COLS = 2, 2000
MIN_ROWS, MAX_ROWS = 1, 1000
DEFAULT_TABS = tuple(range(8, MAX_COLS, 8))
"""A stop every 8 columns."""

NATIONAL_SETS = 42
"""The mode (DECNRCM) without which national sets are ASCII, but for the British one."""
_MAX_EVENTS = 1000
_MAX_REPLIES = 1 << 20


@dataclass(slots=True)
class Charsets:
    """Four designated sets and which of them are in use.

    `locks_right`: a program chose a set for bytes above 0x9F, so those that aren't UTF-8 are of
    it.
    """

    designated: list[str] = field(default_factory=lambda: ["B", "B", "B", "B"])
    is_96: list[bool] = field(default_factory=lambda: [False] * 4)
    gl: int = 0
    gr: int = 2
    single: int = 0
    locks_right: bool = False

    def copy(self) -> Charsets:
        """Give an independent copy."""
        return Charsets(
            self.designated[:], self.is_96[:], self.gl, self.gr, self.single, self.locks_right
        )

    def table(self, slot: int, *, is_national: bool) -> dict[int, str] | None:
        """Give the translation of a slot; None for ASCII, which national sets are unless asked."""
        code = self.designated[slot]
        if self.is_96[slot]:
            return upper_table_for(code)
        return None if code in NATIONAL and not is_national else table_for(code)


@dataclass(slots=True)
class SavedCursor:
    """What DECSC keeps."""

    x: int
    y: int
    cols: int
    style: Style
    charsets: Charsets
    is_origin: bool


@dataclass(slots=True)
class KeyboardState:
    """What programs asked of the keyboard, for one screen (kitty) or for all (the rest)."""

    kitty: int = 0
    stack: list[int] = field(default_factory=list)


class ScreenState:
    """The state that all commands work on. Rows and columns count from 0.

    `x` equal to `cols` means that the last column was written and the next character wraps;
    `wrap_due` says the same wherever else the cursor is: on the right margin, or after CBT.
    """

    def __init__(
        self, cols: int, rows: int, scrollback: int, table: StyleTable | None = None
    ) -> None:
        self.cols = max(MIN_COLS, min(cols, MAX_COLS))
        self.row_count = max(MIN_ROWS, min(rows, MAX_ROWS))
        self.table = StyleTable() if table is None else table
        self.history = History(scrollback, self.table.default)
        self.main = self._new_main()
        self.alternate = Grid(self.cols, self.row_count, self.table.default)
        self.grid = self.main
        self.events: list[Event] = []
        self._replies = bytearray()
        self.palette = Palette()
        self.title = ""
        self.icon_name = ""
        self.title_stack: list[tuple[str, str]] = []
        self.reset_state()

    def _new_main(self) -> Grid:
        grid = Grid(self.cols, self.row_count, self.table.default)
        grid.on_leave = self.history.push_rows
        return grid

    def reset_state(self) -> None:
        """Set all but the cells and the history to what a new terminal has."""
        self.x = 0
        self.y = 0
        self.wrap_due = False
        self.style = self.table.default
        self.charsets = Charsets()
        self.translation: dict[int, str] | None = None
        self.left = 0
        self.right = self.cols - 1
        self.top = 0
        self.bottom = self.row_count - 1
        self.is_origin = False
        self.is_autowrap = True
        self.is_insert = False
        self.is_newline = False
        self.use_side_margins(is_on=False)
        self.is_iso_protecting = False
        self.is_vt52 = False
        self.sgr_stack = SgrStack()
        self.rectangle_extent = 0
        self.reverse_wrap = False
        self.reverse_wrap_far = False
        self.private: dict[int, bool] = {7: True, 25: True, 1007: True, 2027: True, 1036: True}
        self.saved_modes: dict[int, bool] = {}
        self.mouse = 0
        self.mouse_encoding = 0
        self.cursor_shape = 0
        self.conformance = 5
        self.is_8bit_replies = False
        self.modify_other_keys = 0
        self.format_other_keys = 0
        self.title_modes = 0
        self.keyboards = (KeyboardState(), KeyboardState())
        self.saved_cursors: list[SavedCursor | None] = [None, None]
        self.last_text = ""
        self.reset_tabs()

    @property
    def is_alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return self.grid is self.alternate

    @property
    def keyboard(self) -> KeyboardState:
        """The kitty keyboard state of the screen shown."""
        return self.keyboards[1 if self.is_alternate else 0]

    @property
    def blank(self) -> Style:
        """The style that erased cells get."""
        return self.style.blank

    @property
    def is_plain(self) -> bool:
        """Whether printing needs no more than writing cells up to the last column."""
        return not (
            self.is_insert
            or self.has_side_margins
            or self.wrap_due
            or self.translation is not None
            or self.charsets.single
        )

    @property
    def column(self) -> int:
        """The cursor's column as it is seen, also while a wrap is due."""
        return min(self.x, self.cols - 1)

    def use_side_margins(self, *, is_on: bool) -> None:
        """Let margins have sides, or not; what scrolled between them is done then."""
        self.has_side_margins = is_on
        self.main.settle()
        self.alternate.settle()

    def reset_tabs(self) -> None:
        """Set a stop every 8 columns."""
        self.tabs = DEFAULT_TABS

    def reply(self, text: str) -> None:
        """Queue an answer for the program; `text` is 7-bit, made of fixed words and numbers."""
        if self.is_8bit_replies:
            text = text.replace("\x1b\\", "\x9c").replace("\x1b[", "\x9b")
            text = text.replace("\x1bP", "\x90").replace("\x1b]", "\x9d")
        if len(self._replies) < _MAX_REPLIES:
            self._replies += text.encode("latin-1")

    def take_replies(self) -> bytes:
        """Give the queued answers, and forget them."""
        replies = bytes(self._replies)
        self._replies.clear()
        return replies

    def tell(self, event: Event) -> None:
        """Queue an event for whoever shows this terminal; the oldest go when nobody takes them."""
        if len(self.events) >= _MAX_EVENTS:
            del self.events[: _MAX_EVENTS // 2]
        self.events.append(event)

    def renew_translation(self) -> None:
        """Follow a change of the character sets."""
        self.translation = self.charset(self.charsets.gl)

    def charset(self, slot: int) -> dict[int, str] | None:
        """Give the translation of a slot under the modes in force; None for ASCII."""
        is_national = self.private.get(NATIONAL_SETS, False)
        return self.charsets.table(slot, is_national=is_national)

    def right_text(self, data: bytes) -> str:
        """Read bytes that aren't UTF-8: by the set on the right, if one was chosen."""
        sets = self.charsets
        table = self.charset(sets.gr) if sets.locks_right else None
        if table is None:
            return data.decode("utf-8", "replace")
        return "".join(
            chr(byte - 0x80).translate(table) if byte >= 0xA0 else "\ufffd" for byte in data
        )
