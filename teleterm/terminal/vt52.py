"""The older terminal that programs may ask for (DECANM reset): its few sequences."""

from __future__ import annotations

import re
from collections.abc import Callable

from teleterm.terminal.dispatch import CONTROLS
from teleterm.terminal.screen import Screen
from teleterm.terminal.switches import ANSI

SWITCH_ON = "\x1b[?2l"
"""What begins this mode; only in this spelling."""

_FIRST_PLACE = 32
_TOKENS = re.compile(
    "([ -~\\x80-\\U0010ffff]+)|\\x1b(Y[^\\x1b][^\\x1b]|[^Y\\x1b])|(\\x1b)|([\\x00-\\x1f\\x7f])"
)
_INCOMPLETE = re.compile("\\x1b(?:Y[^\\x1b]?)?\\Z")


def _graphics(code: str) -> Callable[[Screen], None]:
    return lambda screen: screen.define_charset(code, "(")


_SEQUENCES: dict[str, Callable[[Screen], None]] = {
    "A": Screen.cursor_up,
    "B": Screen.cursor_down,
    "C": Screen.cursor_forward,
    "D": Screen.cursor_back,
    "F": _graphics("0"),
    "G": _graphics("B"),
    "H": lambda screen: screen.place(0, 0),
    "I": Screen.reverse_index,
    "J": Screen.erase_in_display,
    "K": Screen.erase_in_line,
    "Z": lambda screen: screen.reply("\x1b/Z"),
    "=": lambda screen: screen.set_mode(66, private=True),
    ">": lambda screen: screen.reset_mode(66, private=True),
    "<": lambda screen: screen.set_mode(ANSI, private=True),
    "c": Screen.reset,
}


def run(screen: Screen, text: str, at: int) -> tuple[int, str]:
    """Act on `text` from `at` on, to its end or to where the mode ends.

    Gives: how far it went, and what is to be held back since its rest isn't here yet.
    """
    held = _INCOMPLETE.search(text, at)
    end = held.start() if held is not None else len(text)
    for found in _TOKENS.finditer(text, at, end):
        chars, sequence, _broken, control = found.groups()
        if chars:
            screen.draw(chars)
        elif sequence is not None and sequence[0] == "Y":
            screen.place(ord(sequence[1]) - _FIRST_PLACE, ord(sequence[2]) - _FIRST_PLACE)
        elif sequence is not None:
            _SEQUENCES.get(sequence, _nothing)(screen)
        elif control:
            CONTROLS.get(control, _nothing)(screen)
        if not screen.is_vt52:
            return found.end(), ""
    return len(text), text[end:]


def _nothing(_screen: Screen) -> None:
    """Do what an unknown sequence does."""
