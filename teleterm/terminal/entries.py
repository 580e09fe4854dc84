"""What each control string does: worked out when it is first seen, and remembered."""

from __future__ import annotations

import re
from collections.abc import Callable

from teleterm.terminal.dispatch import CONTROLS, csi_command, escape_command
from teleterm.terminal.pieces import CONTROL, MAX_SEQUENCE
from teleterm.terminal.screen import Screen

_MAX_KNOWN = 16_384
_MAX_KNOWN_LENGTH = 64

CRLF, LF, CALL, STYLE, PLACE, CR, NOTHING, REPEAT, ERASE, ASCII, STRING, BROKEN = range(12)
"""Kinds: what the parser does itself where it may, and what it calls the screen for.

CRLF, LF: to the row below, which is what NEL and IND do too; no kind before these.
ASCII: the usual characters into G0, which many programs ask for with each change of looks.
BROKEN: a sequence without its end, since something else came first.
"""

Entry = tuple[int, int, int, Callable[[Screen], None] | None]
"""Kind, row and column of a place, and what to call (None: nothing, or the parser knows)."""


def _end_line(screen: Screen) -> None:
    screen.carriage_return()
    screen.linefeed()


STRINGS = ("]", "P", "X", "^", "_")
PRINT_ON, PRINT_OFF = "[5i", "[4i"
"""Between these (MC) everything is for a printer, of which there is none."""
_PLAIN_PLACE = re.compile(r"\[([0-9]{0,4})(?:;([0-9]{0,4}))?[Hf]")
_SGR = re.compile(r"\[[0-9;:]*+m")
_WHOLE = re.compile(r"\[[ -?]*+[@-~]|[ -/]*+[0-Z\\-~]")
_REPEAT = re.compile(r"\[[0-9]*+b")
_CANCELLED: Entry = (NOTHING, 0, 0, None)
_FIRST: dict[str, Entry] = {
    "\r\n": (CRLF, 0, 0, _end_line),
    "\n": (LF, 0, 0, Screen.linefeed),
    "D": (LF, 0, 0, Screen.index),
    "E": (CRLF, 0, 0, Screen.next_line),
    "\r": (CR, 0, 0, Screen.carriage_return),
    "": (BROKEN, 0, 0, None),
}


class Entries:
    """The controls seen, each without its escape, bounded however many a program makes up."""

    def __init__(self) -> None:
        self.known = dict(_FIRST)

    def learn(self, control: str) -> Entry:
        """Find out what a control does, and remember it."""
        if len(self.known) >= _MAX_KNOWN:
            self.known.clear()
            self.known.update(_FIRST)
        entry = _entry_for(control)
        if len(control) <= _MAX_KNOWN_LENGTH:
            self.known[control] = entry
        return entry

    def is_broken(self, sequence: str) -> bool:
        """Tell whether `sequence`, with text behind it or not, lacks its end."""
        _, control, text = CONTROL.split(sequence, 1)
        return not text and (self.known.get(control) or self.learn(control))[0] == BROKEN


def _entry_for(control: str) -> Entry:
    if control[0] < " " or control[0] == "\x7f":
        return _entry_of_c0(control)
    if control in STRINGS or control == PRINT_ON:
        return (STRING, 0, 0, None)
    if _WHOLE.fullmatch(control) is None:
        return (BROKEN, 0, 0, None)
    if len(control) >= MAX_SEQUENCE:
        return _CANCELLED
    if _SGR.fullmatch(control) is not None:
        return (STYLE, 0, 0, None)
    place = _PLAIN_PLACE.fullmatch(control)
    if place is not None:
        row = max(int(place[1] or 1), 1) - 1
        col = max(int(place[2] or 1), 1) - 1
        return (PLACE, row, col, lambda screen: screen.place(row, col))
    if control in ("[K", "[0K"):
        return (ERASE, 0, 0, csi_command(control[1:]))
    if control == "(B":
        return (ASCII, 0, 0, escape_command(control))
    is_csi = control[0] == "["
    command = csi_command(control[1:]) if is_csi else escape_command(control)
    if command is None:
        return _CANCELLED
    return (CALL if _REPEAT.fullmatch(control) is None else REPEAT, 0, 0, command)


def _entry_of_c0(control: str) -> Entry:
    action = CONTROLS.get(control)
    if action is None and control[-1] == "\n":
        count = control.count("\n")

        def action(screen: Screen) -> None:
            if control[0] == "\r":
                screen.carriage_return()
            screen.linefeeds(count)

    return _CANCELLED if action is None else (CALL, 0, 0, action)
