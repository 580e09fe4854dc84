"""Answers to a program's questions: fixed words and numbers, never text that a program chose."""

from __future__ import annotations

from collections.abc import Callable

from teleterm.terminal.charsets import table_for
from teleterm.terminal.events import ResizeAsked
from teleterm.terminal.palette import BACKGROUND
from teleterm.terminal.styles import (
    DEFAULT_COLOUR,
    DIRECT_COLOUR,
    PROTECTED,
    UNDERLINE_MASK,
    UNDERLINE_SHIFT,
    Style,
)
from teleterm.terminal.switches import CURSOR_BLINK, Switches

_Params = list[int | None]

_PRIMARY = {
    1: "1;2",
    2: "62;1;2;6;9;15;22;29",
    3: "63;1;2;6;9;15;22;29",
    4: "64;1;2;6;9;15;16;17;18;21;22;28;29",
    5: "65;1;2;6;9;15;16;17;18;21;22;28;29",
}
_SECONDARY = {1: 0, 2: 1, 3: 24, 4: 41, 5: 64}
_LIKE_XTERM = 400
"""The release of xterm that programs may take this terminal for (they look for 277 or more)."""

_STATUS = {15: "?13n", 25: "?20n", 26: "?27;1;0;0n", 53: "?50n", 55: "?50n", 56: "?57;1n"}
_STATUS_LATE = {62: "0*{", 75: "?70n", 85: "?83n"}
_SGR_CODES = ((1, 1), (2, 2), (4, 3), (8, 5), (16, 7), (32, 8), (64, 9), (128, 53))
_TITLE_STACK = 10
_CELL_HEIGHT_PX, _CELL_WIDTH_PX = 20, 10
_KITTY_STACK = 32
_KITTY_FLAGS = 31

# Source: terminfo, xterm-256color; what programs ask XTGETTCAP for and may know.
_CAPABILITIES = {
    "TN": "xterm-256color",
    "name": "xterm-256color",
    "Co": "256",
    "colors": "256",
    "RGB": "8",
}


def _hex(text: str) -> str:
    return text.encode().hex().upper()


_CAPABILITIES_IN_HEX = {
    _hex(name): f"{_hex(name)}={_hex(value)}" for name, value in _CAPABILITIES.items()
}


class Reports(Switches):
    """Commands that answer, and the keyboard protocols that are asked for by number."""

    answers_checksums = False

    def report_device_attributes(self, mode: int | None = None, *, private: bool = False) -> None:
        """DA1: what this terminal can do."""
        if not mode and not private:
            self.reply(f"\x1b[?{_PRIMARY[self.conformance]}c")

    def report_secondary_attributes(self, mode: int | None = None) -> None:
        """DA2: which terminal, as a number, and its release."""
        if not mode:
            self.reply(f"\x1b[>{_SECONDARY[self.conformance]};{_LIKE_XTERM};0c")

    def report_tertiary_attributes(self, mode: int | None = None) -> None:
        """DA3: a serial number; all zero."""
        if not mode:
            self.reply("\x1bP!|00000000\x1b\\")

    def report_version(self, mode: int | None = None) -> None:
        """XTVERSION."""
        if not mode:
            self.reply("\x1bP>|teleterm\x1b\\")

    def report_device_status(self, mode: int | None = None, *, private: bool = False) -> None:
        """DSR."""
        row = self.y - (self.top if self.is_origin else 0) + 1
        col = self.column - (self.left if self.is_origin else 0) + 1
        if not private:
            if mode == 5:
                self.reply("\x1b[0n")
            elif mode == 6:
                self.reply(f"\x1b[{row};{col}R")
        elif mode == 6:
            self.reply(f"\x1b[?{row};{col};1R" if self.conformance >= 4 else f"\x1b[?{row};{col}R")
        elif mode == 996:
            self.reply(f"\x1b[?997;{1 if self._is_dark() else 2}n")
        elif mode is not None:
            answer = _STATUS.get(mode) or _STATUS_LATE.get(mode)
            if answer is not None:
                self.reply(f"\x1b[{answer}")

    def _is_dark(self) -> bool:
        colour = self.palette.colour(BACKGROUND)
        return (colour >> 16) * 3 + (colour >> 8 & 255) * 6 + (colour & 255) < 1280

    def report_memory_checksum(self, params: _Params) -> None:
        """DECCKSR: the checksum of macros, of which there are none."""
        self.reply(f"\x1bP{_number(params, 1)}!~0000\x1b\\")

    def report_checksum(self, params: _Params) -> None:
        """DECRQCRA, where it is allowed: it lets a program read the screen."""
        if self.answers_checksums:
            total = self.checksum(params[2:])
            self.reply(f"\x1bP{_number(params, 0)}!~{total:04X}\x1b\\")

    def report_mode(self, mode: int | None, *, private: bool) -> None:
        """DECRQM."""
        if self.conformance >= 3:
            status = self.mode_status(mode or 0, private=private)
            self.reply(f"\x1b[{'?' if private else ''}{mode or 0};{status}$y")

    def report_parameters(self, mode: int | None = None) -> None:
        """DECREQTPARM."""
        if not mode or mode == 1:
            self.reply(f"\x1b[{(mode or 0) + 2};1;1;128;128;1;0x")

    def report_presentation(self, what: int | None = None) -> None:
        """DECRQPSR: the cursor's state (1) or the tab stops (2)."""
        if what == 2:
            stops = "/".join(str(col + 1) for col in self.tabs if col < self.cols)
            self.reply(f"\x1bP2$u{stops}\x1b\\")
        elif what == 1:
            self.reply(f"\x1bP1$u{self._cursor_information()}\x1b\\")

    def _cursor_information(self) -> str:
        attrs = self.style.attrs
        rendition = 0x40 | (attrs & 1) | (attrs >> 1 & 4) | (attrs >> 1 & 8)
        rendition |= 2 if attrs & UNDERLINE_MASK else 0
        protection = 0x41 if attrs & PROTECTED else 0x40
        flags = 0x40 | self.is_origin | (8 if self.x >= self.cols or self.wrap_due else 0)
        sets = self.charsets
        flags |= {2: 2, 3: 4}.get(sets.single, 0)
        sizes = 0x40 + sum(1 << slot for slot in range(4) if sets.is_96[slot])
        known = "".join(name if table_for(name) else "B" for name in sets.designated)
        return (
            f"{self.y + 1};{self.column + 1};1;{chr(rendition)};{chr(protection)};{chr(flags)};"
            f"{sets.gl};{sets.gr};{chr(sizes)};{known}"
        )

    def request_setting(self, what: str) -> None:
        """DECRQSS: a setting, as the sequence that would make it."""
        settings: dict[str, Callable[[], str]] = {
            "m": lambda: _sgr_of(self.style) + "m",
            "r": lambda: f"{self.top + 1};{self.bottom + 1}r",
            "s": lambda: f"{self.left + 1};{self.right + 1}s",
            '"q': lambda: f'{1 if self.style.attrs & PROTECTED else 0}"q',
            '"p': lambda: f'{60 + self.conformance};{0 if self.is_8bit_replies else 1}"p',
            " q": lambda: f"{self.cursor_shape or (1 if self.private.get(CURSOR_BLINK) else 2)} q",
            "t": lambda: f"{self.row_count}t",
            "$|": lambda: f"{self.cols}$|",
            "$}": lambda: "0$}",
            "$~": lambda: "0$~",
            "*|": lambda: f"{self.row_count}*|",
            "*x": lambda: f"{self.rectangle_extent}*x",
        }
        made = settings.get(what)
        if made is None or (what == "s" and self.conformance < 4):
            self.reply("\x1bP0$r\x1b\\")
        else:
            self.reply(f"\x1bP1$r{made()}\x1b\\")

    def request_capabilities(self, names: str) -> None:
        """XTGETTCAP: terminal capabilities by name, all in hexadecimal."""
        for name in names.split(";")[:32]:
            known = _CAPABILITIES_IN_HEX.get(name.upper())
            if known is None:
                self.reply("\x1bP0+r\x1b\\")
                return
            self.reply(f"\x1bP1+r{known}\x1b\\")

    def push_colours(self, slots: _Params) -> None:
        """XTPUSHCOLORS."""
        for slot in slots or [0]:
            self.palette.keep(slot or 0)

    def pop_colours(self, slots: _Params) -> None:
        """XTPOPCOLORS."""
        for slot in slots or [0]:
            self.palette.take_back(slot or 0)

    def report_colour_stack(self) -> None:
        """XTREPORTCOLORS."""
        self.reply(f"\x1b[?{self.palette.slot};{self.palette.highest}#Q")

    def window_operation(self, params: _Params) -> None:
        """XTWINOPS: the title stack always, sizes where allowed, the rest never."""
        what = _number(params, 0)
        if what in (22, 23):
            self._title_stack(_number(params, 1), is_push=what == 22)
        elif self.allows_window_ops:
            if what in (11, 13, 14, 15, 16, 18, 19):
                self._report_window(what)
            elif what == 8:
                self._ask_size(params)
            elif what >= 24:
                self.set_rows(what)

    def set_rows(self, rows: int | None = None) -> None:
        """DECSNLS, DECSLPP: another height, where programs may resize."""
        if self.allows_window_ops and rows:
            self.resize(self.cols, rows)
            self.tell(ResizeAsked(self.cols, self.row_count))

    def set_cols(self, cols: int | None = None) -> None:
        """DECSCPP: another width, where programs may resize."""
        if self.allows_window_ops:
            self.resize(cols or 80, self.row_count)
            self.tell(ResizeAsked(self.cols, self.row_count))

    def _ask_size(self, params: _Params) -> None:
        rows = params[1] if len(params) > 1 else None
        cols = params[2] if len(params) > 2 else None
        self.resize(cols or self.cols, rows or self.row_count)
        self.tell(ResizeAsked(self.cols, self.row_count))

    def _report_window(self, what: int) -> None:
        height, width = self.row_count * _CELL_HEIGHT_PX, self.cols * _CELL_WIDTH_PX
        answers = {
            11: "1",
            13: "3;0;0",
            14: f"4;{height};{width}",
            15: f"5;{height};{width}",
            16: f"6;{_CELL_HEIGHT_PX};{_CELL_WIDTH_PX}",
            18: f"8;{self.row_count};{self.cols}",
            19: f"9;{self.row_count};{self.cols}",
        }
        self.reply(f"\x1b[{answers[what]}t")

    def _title_stack(self, which: int, *, is_push: bool) -> None:
        if is_push:
            self.title_stack.append((self.title, self.icon_name))
            del self.title_stack[:-_TITLE_STACK]
        elif self.title_stack:
            title, icon_name = self.title_stack.pop()
            if which in (0, 2):
                self.set_title(title)
            if which in (0, 1):
                self.set_icon_name(icon_name)

    def set_title(self, title: str) -> None:
        """OSC 2."""
        raise NotImplementedError

    def set_icon_name(self, name: str) -> None:
        """OSC 1."""
        raise NotImplementedError

    def set_cursor_shape(self, shape: int | None = None) -> None:
        """DECSCUSR: 0 the user's; 1, 2 block; 3, 4 underline; 5, 6 bar; odd ones blink."""
        if (shape or 0) <= 6:
            self.cursor_shape = shape or 0
            self.private[CURSOR_BLINK] = self.cursor_shape % 2 == 1

    def set_key_modifiers(self, params: _Params) -> None:
        """XTMODKEYS: only modifyOtherKeys is kept."""
        if _number(params, 0) == 4 or not params:
            value = _number(params, 1)
            self.modify_other_keys = value if value <= 2 else 0

    def disable_key_modifiers(self, params: _Params) -> None:
        """XTMODKEYS off."""
        if _number(params, 0) == 4:
            self.modify_other_keys = 0

    def report_key_modifiers(self, params: _Params) -> None:
        """XTQMODKEYS."""
        if _number(params, 0) == 4:
            self.reply(f"\x1b[>4;{self.modify_other_keys}m")

    def set_key_format(self, params: _Params) -> None:
        """XTFMTKEYS: only formatOtherKeys is kept."""
        if _number(params, 0) == 4 or not params:
            self.format_other_keys = 1 if _number(params, 1) == 1 else 0

    def kitty_report(self) -> None:
        """Answer the kitty keyboard flags in force."""
        self.reply(f"\x1b[?{self.keyboard.kitty}u")

    def kitty_set(self, params: _Params) -> None:
        """Change the kitty keyboard flags: 1 all, 2 set the given ones, 3 clear the given ones."""
        flags = _number(params, 0) & _KITTY_FLAGS
        how = params[1] if len(params) > 1 and params[1] else 1
        keyboard = self.keyboard
        if how == 1:
            keyboard.kitty = flags
        elif how == 2:
            keyboard.kitty |= flags
        elif how == 3:
            keyboard.kitty &= ~flags

    def kitty_push(self, params: _Params) -> None:
        """Keep the flags in force and take new ones."""
        keyboard = self.keyboard
        keyboard.stack.append(keyboard.kitty)
        del keyboard.stack[:-_KITTY_STACK]
        keyboard.kitty = _number(params, 0) & _KITTY_FLAGS

    def kitty_pop(self, params: _Params) -> None:
        """Go back to flags kept before."""
        keyboard = self.keyboard
        for _ in range(min(_number(params, 0) or 1, _KITTY_STACK)):
            keyboard.kitty = keyboard.stack.pop() if keyboard.stack else 0


def _number(params: _Params, at: int) -> int:
    return (params[at] or 0) if at < len(params) else 0


def _sgr_of(style: Style) -> str:
    codes = ["0"]
    codes += [str(code) for bit, code in _SGR_CODES if style.attrs & bit]
    underline = (style.attrs & UNDERLINE_MASK) >> UNDERLINE_SHIFT
    if underline:
        codes.append("4" if underline == 1 else f"4:{underline}")
    codes += _colour_code(style.fg, 30) + _colour_code(style.bg, 40)
    if style.underline != DEFAULT_COLOUR:
        codes += _colour_code(style.underline, 50)
    return ";".join(codes)


def _colour_code(colour: int, base: int) -> list[str]:
    if colour == DEFAULT_COLOUR:
        return []
    if colour & DIRECT_COLOUR:
        return [f"{base + 8}:2::{colour >> 16 & 255}:{colour >> 8 & 255}:{colour & 255}"]
    if base == 50 or colour > 15:
        return [f"{base + 8}:5:{colour}"]
    return [str(base + colour if colour < 8 else base + 52 + colour)]
