"""Modes: what can be switched on and off, asked for, saved, and reset."""

from __future__ import annotations

from pyte.modes import DECAWM, DECCOLM, DECOM, DECSCNM, DECTCEM, IRM, LNM

from teleterm.terminal.events import ResizeAsked, ScreenSwitched
from teleterm.terminal.rectangles import Rectangles
from teleterm.terminal.state import NATIONAL_SETS, Charsets

_PRIVATE_SHIFT = 5
"""pyte writes a private mode as its number shifted left by this many bits."""

COLUMNS = DECCOLM >> _PRIVATE_SHIFT
REVERSE_SCREEN = DECSCNM >> _PRIVATE_SHIFT
ORIGIN = DECOM >> _PRIVATE_SHIFT
AUTOWRAP = DECAWM >> _PRIVATE_SHIFT
CURSOR_VISIBLE = DECTCEM >> _PRIVATE_SHIFT
CURSOR_KEYS = 1
ANSI = 2
CURSOR_BLINK = 12
ALLOW_COLUMNS = 40
REVERSE_WRAP = 45
KEYPAD = 66
BACKARROW = 67
SIDE_MARGINS = 69
KEEP_ON_COLUMNS = 95
FOCUS_EVENTS = 1004
ALTERNATE_SCROLL = 1007
META_ESCAPE = 1036
REVERSE_WRAP_FAR = 1045
BRACKETED_PASTE = 2004
SYNCHRONIZED = 2026
CLUSTERS = 2027

_MOUSE = (9, 1000, 1002, 1003)
_MOUSE_ENCODINGS = (1005, 1006, 1015, 1016)
_SCREENS = (47, 1047, 1049)
# Kept and reported, with no effect of their own here.
_QUIET = (4, 10, 11, 13, 14, 18, 19, 30, 35, 38, 41, 42, 43, 44, 46, 1001, 1010)
_QUIET_X = (1011, 1034, 1035, 1037, 1039, 1040, 1041, 1042, 1043, 1044, 1046, 1050, 1051, 1052)
_FLAGS = frozenset(
    (
        *(CURSOR_KEYS, COLUMNS, REVERSE_SCREEN, CURSOR_BLINK, CURSOR_VISIBLE, ALLOW_COLUMNS),
        *(KEYPAD, BACKARROW, KEEP_ON_COLUMNS, FOCUS_EVENTS, ALTERNATE_SCROLL, META_ESCAPE),
        *(BRACKETED_PASTE, SYNCHRONIZED, CLUSTERS, 1053, 1060, 1061),
        *_QUIET,
        *_QUIET_X,
    )
)
_ALWAYS_RESET = frozenset((1, 3, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19))
_ALWAYS_RESET_PRIVATE = frozenset((60,))
_NORMAL_COLS, _WIDE_COLS = 80, 132

UNKNOWN, IS_SET, IS_RESET, ALWAYS_SET, ALWAYS_RESET = range(5)


class Switches(Rectangles):
    """SM, RM, DECSET, DECRST and everything that resets several modes at once."""

    allows_window_ops = False

    def set_mode(self, *modes: int, private: bool = False) -> None:
        """SM, DECSET."""
        for mode in modes:
            self._switch(mode, is_on=True, private=private)

    def reset_mode(self, *modes: int, private: bool = False) -> None:
        """RM, DECRST."""
        for mode in modes:
            self._switch(mode, is_on=False, private=private)

    def _switch(self, mode: int, *, is_on: bool, private: bool) -> None:
        if private:
            self._switch_private(mode, is_on=is_on)
        elif mode == IRM:
            self.is_insert = is_on
        elif mode == LNM:
            self.is_newline = is_on
        elif mode in (2, 12):
            self.private[-mode] = is_on

    def _switch_private(self, mode: int, *, is_on: bool) -> None:
        if mode in _MOUSE:
            self.mouse = mode if is_on else (0 if self.mouse == mode else self.mouse)
        elif mode in _MOUSE_ENCODINGS:
            current = self.mouse_encoding
            self.mouse_encoding = mode if is_on else (0 if current == mode else current)
        elif mode in _SCREENS:
            self._switch_screen(mode, is_on=is_on)
        elif mode == 1048:
            if is_on:
                self.save_cursor()
            else:
                self.restore_cursor()
        elif mode in _FLAGS:
            self._switch_flag(mode, is_on=is_on)
        else:
            self._switch_motion(mode, is_on=is_on)

    def _switch_motion(self, mode: int, *, is_on: bool) -> None:
        """Modes that change where the cursor may go."""
        if mode == ORIGIN:
            self.is_origin = is_on
            self.place(0, 0)
        elif mode == AUTOWRAP:
            self.is_autowrap = is_on
        elif mode == ANSI:
            self._switch_vt52(is_on=not is_on)
        elif mode == REVERSE_WRAP:
            self.reverse_wrap = is_on
        elif mode == REVERSE_WRAP_FAR:
            self.reverse_wrap_far = is_on
        elif mode == SIDE_MARGINS and (self.conformance >= 4 or not is_on):
            self.use_side_margins(is_on=is_on)
            self.left = 0
            self.right = self.cols - 1
            self.wrap_due = False

    def _switch_vt52(self, *, is_on: bool) -> None:
        """DECANM: be a VT52; it has neither margins nor several character sets."""
        if is_on:
            self.reset_margins()
            self.use_side_margins(is_on=False)
            self.is_origin = False
            self.wrap_due = False
        self.charsets = Charsets()
        self.renew_translation()
        self.is_vt52 = is_on

    def _switch_flag(self, mode: int, *, is_on: bool) -> None:
        if mode == COLUMNS:
            if self.private.get(ALLOW_COLUMNS):
                self._switch_columns(is_on=is_on)
            elif is_on:
                self._start_columns_afresh()
            return
        if mode == KEEP_ON_COLUMNS and self.conformance < 5:
            return
        self.private[mode] = is_on
        if mode == NATIONAL_SETS:
            self.renew_translation()

    def _switch_columns(self, *, is_on: bool) -> None:
        """DECCOLM: 132 or 80 columns where the program may resize; else only what else it does."""
        self.private[COLUMNS] = is_on
        if self.allows_window_ops:
            self.resize(_WIDE_COLS if is_on else _NORMAL_COLS, self.row_count)
            self.tell(ResizeAsked(self.cols, self.row_count))
        self._start_columns_afresh()

    def _start_columns_afresh(self) -> None:
        """Do what DECCOLM does besides: an empty screen without margins.

        Setting it does so even where it may not resize (only xterm then does nothing at all);
        resetting it is in the strings that set a terminal up, and mustn't.
        """
        self.reset_margins()
        self.use_side_margins(is_on=False)
        if not self.private.get(KEEP_ON_COLUMNS):
            self._end_line_above(0)
            self.grid.fill(" ", self.blank)
        self.x = self.y = 0
        self.wrap_due = False

    def resize(self, cols: int, rows: int) -> None:
        """Take another size; the cursor stays on its character."""
        raise NotImplementedError

    def _switch_screen(self, mode: int, *, is_on: bool) -> None:
        if is_on:
            if mode == 1049:
                self.save_cursor()
            if not self.is_alternate:
                self._settle_for_switch()
                self.grid = self.alternate
                if mode == 1049:
                    self.grid.fill(" ", self.blank)
                self.tell(ScreenSwitched(alternate=True))
            return
        if self.is_alternate:
            if mode == 1047:
                self.grid.fill(" ", self.blank)
            self.grid = self.main
            self.tell(ScreenSwitched(alternate=False))
        if mode == 1049:
            self.restore_cursor(with_wrap=True)

    def _settle_for_switch(self) -> None:
        self.wrap_due = False

    def mode_status(self, mode: int, *, private: bool) -> int:
        """Give what DECRQM answers for a mode."""
        if not private:
            return self._ansi_status(mode)
        if mode in _MOUSE:
            return IS_SET if self.mouse == mode else IS_RESET
        if mode in _MOUSE_ENCODINGS:
            return IS_SET if self.mouse_encoding == mode else IS_RESET
        if mode in _SCREENS:
            return IS_SET if self.is_alternate else IS_RESET
        motions = {
            ORIGIN: self.is_origin,
            ANSI: not self.is_vt52,
            AUTOWRAP: self.is_autowrap,
            REVERSE_WRAP: self.reverse_wrap,
            REVERSE_WRAP_FAR: self.reverse_wrap_far,
            SIDE_MARGINS: self.has_side_margins,
            1048: self.saved_cursors[1 if self.is_alternate else 0] is not None,
        }
        if mode in motions:
            return IS_SET if motions[mode] else IS_RESET
        if mode in _FLAGS:
            return IS_SET if self.private.get(mode) else IS_RESET
        return ALWAYS_RESET if mode in _ALWAYS_RESET_PRIVATE else UNKNOWN

    def _ansi_status(self, mode: int) -> int:
        if mode in _ALWAYS_RESET:
            return ALWAYS_RESET
        states = {
            IRM: self.is_insert,
            LNM: self.is_newline,
            2: self.private.get(-2, False),
            12: self.private.get(-12, False),
        }
        if mode not in states:
            return UNKNOWN
        return IS_SET if states[mode] else IS_RESET

    def save_modes(self, modes: list[int | None]) -> None:
        """XTSAVE."""
        for mode in modes:
            if mode is not None:
                status = self.mode_status(mode, private=True)
                if status in (IS_SET, IS_RESET):
                    self.saved_modes[mode] = status == IS_SET

    def restore_modes(self, modes: list[int | None]) -> None:
        """XTRESTORE."""
        for mode in modes:
            if mode is not None and mode in self.saved_modes:
                self._switch_private(mode, is_on=self.saved_modes[mode])

    def soft_reset(self) -> None:
        """DECSTR."""
        self.reset_margins()
        self.use_side_margins(is_on=False)
        self.wrap_due = False
        self.is_origin = False
        self.is_autowrap = True
        self.is_insert = False
        self.reverse_wrap = False
        self.reverse_wrap_far = False
        self.is_iso_protecting = False
        self.rectangle_extent = 0
        self.style = self.table.default
        self.charsets = Charsets()
        self.renew_translation()
        self.saved_cursors[1 if self.is_alternate else 0] = None
        for mode, is_on in ((CURSOR_VISIBLE, True), (CURSOR_KEYS, False), (KEYPAD, False)):
            self.private[mode] = is_on

    def reset(self) -> None:
        """RIS: everything as at the start, scrollback gone."""
        was_alternate = self.is_alternate
        self.grid = self.main
        if self.private.get(COLUMNS) and self.allows_window_ops:
            self.resize(_NORMAL_COLS, self.row_count)
            self.tell(ResizeAsked(self.cols, self.row_count))
        self.reset_state()
        self.palette.reset_all()
        self.history.clear()
        self.main.fill(" ", self.table.default)
        self.alternate.fill(" ", self.table.default)
        if was_alternate:
            self.tell(ScreenSwitched(alternate=False))

    def set_conformance(self, level: int | None, eight_bit: int | None) -> None:
        """DECSCL: which generation of terminal to be, and how wide the answers' controls are."""
        if level is None or not 61 <= level <= 65:
            return
        was = self.is_8bit_replies
        self.soft_reset()
        self.conformance = level - 60
        self.is_8bit_replies = level > 61 and eight_bit != 1 if eight_bit is not None else was
        if level == 61:
            self.is_8bit_replies = False
