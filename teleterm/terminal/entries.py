"""What each control string does: worked out when it is first seen, and remembered."""

from __future__ import annotations

import re
from collections.abc import Callable

from teleterm.terminal.dispatch import CONTROLS, csi_command, escape_command
from teleterm.terminal.screen import Screen

MAX_SEQUENCE = 1024
_MAX_KNOWN = 16_384
_MAX_KNOWN_LENGTH = 64

CALL, STYLE, PLACE, CRLF, LF, CR, NOTHING, REPEAT, ERASE = range(9)
"""Kinds: what the parser does itself where it may, and what it calls the screen for."""

Entry = tuple[int, int, int, Callable[[Screen], None] | None]
"""Kind, two numbers (row and column of a place; how many line feeds), and what to call."""

C0 = "\\x00-\\x17\\x19\\x1c-\\x1f\\x7f"
"""The controls that act inside a sequence, for a character class."""
STRAY = re.compile(f"[{C0}]")
_RESET = "\x1bc"
_PLAIN_PLACE = re.compile(r"\x1b\[([0-9]{0,4})(?:;([0-9]{0,4}))?[Hf]")
_SGR = re.compile(r"\x1b\[[0-9;:]*+m")
_LINE_ENDS: dict[str, Entry] = {
    "\r\n": (CRLF, 0, 0, None),
    "\n": (LF, 1, 0, None),
    "\r": (CR, 0, 0, None),
}


class Entries:
    """The control strings seen, bounded however many a program makes up."""

    def __init__(self) -> None:
        self.known = dict(_LINE_ENDS)

    def learn(self, control: str) -> Entry:
        """Find out what a control string does, and remember it."""
        if len(self.known) >= _MAX_KNOWN:
            self.known.clear()
            self.known.update(_LINE_ENDS)
        # A reset does the same however often it comes in a row.
        entry = self._entry_for(_RESET if control.startswith(_RESET) else control)
        if len(control) <= _MAX_KNOWN_LENGTH:
            self.known[control] = entry
        return entry

    def _entry_for(self, control: str) -> Entry:
        if control[0] == "\n":
            return (LF, len(control), 0, None)
        if control[0] != "\x1b":
            action = CONTROLS.get(control)
            return (NOTHING, 0, 0, None) if action is None else (CALL, 0, 0, action)
        if len(control) > 1 and STRAY.search(control, 1) is not None:
            return (CALL, 0, 0, self._mixed(control))
        if _SGR.fullmatch(control) is not None and len(control) < MAX_SEQUENCE:
            return (STYLE, 0, 0, None)
        place = _PLAIN_PLACE.fullmatch(control)
        if place is not None:
            row = max(int(place[1] or 1), 1) - 1
            col = max(int(place[2] or 1), 1) - 1
            return (PLACE, row, col, lambda screen: screen.place(row, col))
        if control in ("\x1b[K", "\x1b[0K"):
            return (ERASE, 0, 0, csi_command(control[2:]))
        command = None
        if len(control) <= MAX_SEQUENCE:
            if control.startswith("\x1b["):
                command = csi_command(control[2:])
            else:
                command = escape_command(control[1:])
        if command is None:
            return (NOTHING, 0, 0, None)
        is_repeat = (
            control.startswith("\x1b[") and control.endswith("b") and control[2:-1].isdigit()
        )
        kind = REPEAT if is_repeat or control == "\x1b[b" else CALL
        return (kind, 0, 0, command)

    def _mixed(self, control: str) -> Callable[[Screen], None]:
        """Make the action of a sequence with controls inside: they act first, then it does."""
        strays = STRAY.findall(control)
        rest = STRAY.sub("", control)
        action = self._entry_for(rest)
        whole = len(control) <= MAX_SEQUENCE

        def act(screen: Screen) -> None:
            for stray in strays:
                CONTROLS.get(stray, _nothing)(screen)
            if not whole:
                return
            kind, _, _, call = action
            if kind == STYLE:
                screen.style = screen.table.after(screen.style, rest)
            elif call is not None:
                call(screen)

        return act


def _nothing(_screen: Screen) -> None:
    """Do what an unknown control does."""
