"""Keys in the kitty keyboard protocol, for programs that asked for it."""

from __future__ import annotations

DISAMBIGUATE = 1
EVENT_TYPES = 2
ALTERNATES = 4
ALL_KEYS = 8
TEXT = 16

_RELEASE = 3

# Source: the protocol's table of functional keys. (number, final) with "u" and "~" as finals.
_FUNCTIONAL: dict[str, tuple[int, str]] = {
    "Escape": (27, "u"),
    "Enter": (13, "u"),
    "Tab": (9, "u"),
    "Backspace": (127, "u"),
    "Insert": (2, "~"),
    "Delete": (3, "~"),
    "Left": (1, "D"),
    "Right": (1, "C"),
    "Up": (1, "A"),
    "Down": (1, "B"),
    "Begin": (1, "E"),
    "PageUp": (5, "~"),
    "PageDown": (6, "~"),
    "Home": (1, "H"),
    "End": (1, "F"),
    "F1": (1, "P"),
    "F2": (1, "Q"),
    "F3": (13, "~"),
    "F4": (1, "S"),
    "F5": (15, "~"),
    "F6": (17, "~"),
    "F7": (18, "~"),
    "F8": (19, "~"),
    "F9": (20, "~"),
    "F10": (21, "~"),
    "F11": (23, "~"),
    "F12": (24, "~"),
    "CapsLock": (57358, "u"),
    "ScrollLock": (57359, "u"),
    "NumLock": (57360, "u"),
    "PrintScreen": (57361, "u"),
    "Pause": (57362, "u"),
    "Menu": (57363, "u"),
    "KeypadDecimal": (57409, "u"),
    "KeypadDivide": (57410, "u"),
    "KeypadMultiply": (57411, "u"),
    "KeypadMinus": (57412, "u"),
    "KeypadPlus": (57413, "u"),
    "KeypadEnter": (57414, "u"),
    "KeypadEqual": (57415, "u"),
    "KeypadSeparator": (57416, "u"),
    "LeftShift": (57441, "u"),
    "LeftCtrl": (57442, "u"),
    "LeftAlt": (57443, "u"),
    "LeftSuper": (57444, "u"),
    "RightShift": (57447, "u"),
    "RightCtrl": (57448, "u"),
    "RightAlt": (57449, "u"),
    "RightSuper": (57450, "u"),
}
_FUNCTIONAL |= {f"F{number}": (57376 + number - 13, "u") for number in range(13, 36)}
_FUNCTIONAL |= {f"Keypad{digit}": (57399 + digit, "u") for digit in range(10)}

_LEGACY = ("Enter", "Tab", "Backspace")
_MODIFIERS = ("Shift", "Ctrl", "Alt", "Super")
_LOCKS = ("CapsLock", "ScrollLock", "NumLock")
# On the layout that the protocol calls standard; what a shifted sign is without shift.
_UNSHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))


def encode_kitty(key: str, number: int, flags: int, event: int) -> bytes | None:
    """Give the bytes of a key; None when it is written as ever.

    `number` is the modifiers without the 1 that the wire adds; `event` as in `encode_key`.
    """
    if event == _RELEASE and not flags & EVENT_TYPES:
        return b""
    if key == "Space":
        key = " "
    found = _FUNCTIONAL.get(key)
    if found is None:
        return _text_key(key, number, flags, event) if len(key) == 1 else b""
    if not flags & ALL_KEYS and (key.endswith(_MODIFIERS) or key in _LOCKS):
        return b""
    if _is_as_ever(key, number, flags):
        return b"" if event == _RELEASE else None
    code, final = found
    modifiers = _modifiers(number, flags, event)
    if not modifiers:
        return f"\x1b[{'' if code == 1 else code}{final}".encode()
    return f"\x1b[{code};{modifiers}{final}".encode()


def _is_as_ever(key: str, number: int, flags: int) -> bool:
    """Tell whether a named key is written without the protocol."""
    if flags & ALL_KEYS:
        return False
    if key in _LEGACY:
        return not number or not flags & DISAMBIGUATE
    return not flags & DISAMBIGUATE and (key == "Escape" or key.startswith("Keypad"))


def _modifiers(number: int, flags: int, event: int) -> str:
    if flags & EVENT_TYPES and event != 1:
        return f"{number + 1}:{event}"
    return str(number + 1) if number else ""


def _text_key(key: str, number: int, flags: int, event: int) -> bytes | None:
    is_plain = not number & ~1
    if not flags & ALL_KEYS and (is_plain or not flags & DISAMBIGUATE):
        return b"" if event == _RELEASE else None
    base = _UNSHIFTED.get(key, key.lower()) if number & 1 else key.lower()
    if len(base) != 1:
        base = key
    code = str(ord(base))
    if flags & ALTERNATES and number & 1 and key != base:
        code += f":{ord(key)}"
    modifiers = _modifiers(number, flags, event)
    text = ""
    if flags & TEXT and flags & ALL_KEYS and is_plain and event != _RELEASE:
        text = f";{ord(key)}"
    if text and not modifiers:
        return f"\x1b[{code};{text}u".encode()
    return f"\x1b[{code}{';' if modifiers else ''}{modifiers}{text}u".encode()
