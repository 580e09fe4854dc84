"""Which key of an X server a scancode stands for.

Shape: scancodes are set 1 as Windows names them, 0xE0xx for extended keys; X keys are evdev's code
       and 8.
"""

_X_OFFSET = 8
_LAST_COMMON = 0x58  # F12; up to here both number keys alike
_OTHERS = {
    0x70: 93, 0x73: 89, 0x79: 92, 0x7B: 94, 0x7D: 124,
    0xE01C: 96, 0xE01D: 97, 0xE020: 113, 0xE02E: 114, 0xE030: 115, 0xE035: 98, 0xE037: 99,
    0xE038: 100, 0xE046: 119, 0xE047: 102, 0xE048: 103, 0xE049: 104, 0xE04B: 105, 0xE04D: 106,
    0xE04F: 107, 0xE050: 108, 0xE051: 109, 0xE052: 110, 0xE053: 111, 0xE05B: 125, 0xE05C: 126,
    0xE05D: 127,
}  # fmt: skip
_ESCAPE = 9


def x_key(scancode: int) -> str:
    """What `xdotool` calls the key; empty for one that there isn't."""
    code = scancode if 0 < scancode <= _LAST_COMMON else _OTHERS.get(scancode, 0)
    if not code:
        return ""
    key = code + _X_OFFSET
    return "Escape" if key == _ESCAPE else str(key)  # a single digit names the digit's key
