"""Cutting text into pieces: each is one control with the printable text right behind it.

An escape is put before every other control too, so that one `str.split` does all the work; a piece
no longer shows its escape. A sequence with a control inside is cut in two by that: what is left of
it has no end, and the next piece starts with the control.
"""

from __future__ import annotations

import re

C0 = "\\x00-\\x17\\x19\\x1c-\\x1f\\x7f"
"""The controls that act inside a sequence, for a character class."""

STRAY = re.compile(f"[{C0}]")
STRAYS = re.compile(f"[{C0}]++")
MAX_SEQUENCE = 1024
INCOMPLETE = re.compile(f"\\x1b[{C0}]*+(?:\\[[{C0} -?]*+|[{C0} -/]*+)\\Z")
"""A sequence at the end of the text that may go on."""

CONTROL = re.compile(
    "(\\[[ -?]*+[@-~]?|[ -/]*+[0-Z\\\\-~]|\\r?\\n++|[\\x00-\\x1a\\x1c-\\x1f\\x7f]|[ -/]*+)"
)
"""The control at the start of a piece; what is left is its text."""

CANCEL = "\x18"
"""A control that does nothing."""

_CONTROLS = bytes([*range(0x1B), *range(0x1C, 0x20), 0x7F])
_ALL_BUT_CONTROLS = bytes(sorted(set(range(0x100)) - set(_CONTROLS)))
_RESET = "\x1bc"


def split(text: str) -> list[str]:
    """Cut `text`; the first piece is text only, and empty if `text` starts with a control."""
    odd = text.encode().translate(None, _ALL_BUT_CONTROLS)
    if odd:
        text = _mark(text, odd)
    if _RESET in text:
        # A reset does the same however often it comes in a row.
        text = _once(text, _RESET + _RESET, _RESET)
    return text.split("\x1b")


def _mark(text: str, odd: bytes) -> str:
    """Put an escape before each of the controls, but one only before line feeds in a row."""
    for control in map(chr, set(odd)):
        text = text.replace(control, "\x1b" + control)
    if b"\n" in odd:
        text = _once(text, "\n\x1b\n", "\n\n")
        if b"\r" in odd:
            text = text.replace("\x1b\r\x1b\n", "\x1b\r\n")
    return text


def _once(text: str, twice: str, once: str) -> str:
    while twice in text:
        text = text.replace(twice, once)
    return text
