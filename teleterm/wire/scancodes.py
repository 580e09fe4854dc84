"""Scancodes of keys (set 1, 0xE0xx for extended ones), by the numbers that window systems give.

A key keeps its place on the keyboard, whatever its layout prints on it.
Source: linux/input-event-codes.h, and what X servers add to those numbers (8).
"""

_X_OFFSET = 8
_SAME_UP_TO = 88  # from Escape to F12 a key's number is its scancode
_EXTENDED = {
    89: 0x73, 92: 0x79, 93: 0x70, 94: 0x7B, 124: 0x7D,
    96: 0xE01C, 97: 0xE01D, 98: 0xE035, 99: 0xE037, 100: 0xE038, 102: 0xE047, 103: 0xE048,
    104: 0xE049, 105: 0xE04B, 106: 0xE04D, 107: 0xE04F, 108: 0xE050, 109: 0xE051, 110: 0xE052,
    111: 0xE053, 113: 0xE020, 114: 0xE02E, 115: 0xE030, 119: 0xE046, 125: 0xE05B, 126: 0xE05C,
    127: 0xE05D, 158: 0xE06A, 159: 0xE069, 163: 0xE019, 164: 0xE022, 165: 0xE010, 166: 0xE024,
    172: 0xE032,
}  # fmt: skip


def of_x_key(code: int) -> int:
    """The scancode of an X server's key; 0 for one that has none."""
    number = code - _X_OFFSET
    if 0 < number <= _SAME_UP_TO:
        return number
    return _EXTENDED.get(number, 0)
