"""What keys, mouse, paste and focus send to a program, under the modes it asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from teleterm.terminal.frame import Modes
from teleterm.terminal.kitty_keys import encode_kitty

PRESS, REPEAT, RELEASE = 1, 2, 3

_ESC = b"\x1b"
_MODIFIER_BITS = {"shift": 1, "alt": 2, "ctrl": 4, "super": 8}

# Final characters of CSI (and SS3 in cursor key mode).
_CURSOR_KEYS = {"Up": "A", "Down": "B", "Right": "C", "Left": "D", "Begin": "E"} | {
    "End": "F",
    "Home": "H",
}
_FUNCTION_FINALS = {"F1": "P", "F2": "Q", "F3": "R", "F4": "S"}
# Numbers of CSI n ~, as the VT220 has them; xterm goes on from F13 as that terminal does.
_TILDE_KEYS = {"Insert": 2, "Delete": 3, "PageUp": 5, "PageDown": 6, "Menu": 29} | {
    f"F{number}": code
    for number, code in enumerate(
        (15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34, 42, 43, 44, 45), 5
    )
}
_KEYPAD = {f"Keypad{digit}": (str(digit), chr(0x70 + digit)) for digit in range(10)} | {
    "KeypadMultiply": ("*", "j"),
    "KeypadPlus": ("+", "k"),
    "KeypadSeparator": (",", "l"),
    "KeypadMinus": ("-", "m"),
    "KeypadDecimal": (".", "n"),
    "KeypadDivide": ("/", "o"),
    "KeypadEnter": ("\r", "M"),
    "KeypadEqual": ("=", "X"),
}
_CONTROL_CODES = {" ": 0, "2": 0, "3": 0x1B, "4": 0x1C, "5": 0x1D, "6": 0x1E, "7": 0x1F} | {
    "8": 0x7F,
    "?": 0x7F,
    "/": 0x1F,
    "-": 0x1F,
    "`": 0,
    "~": 0x1E,
}
_SIMPLE = {"Enter": 13, "Tab": 9, "Backspace": 127, "Escape": 27, "Space": 32}
_ALIASES = {"Return": "Enter", "Esc": "Escape", "Del": "Delete", "Ins": "Insert"} | {
    "PgUp": "PageUp",
    "PgDn": "PageDown",
    "Prior": "PageUp",
    "Next": "PageDown",
    "BackTab": "Tab",
    "Plus": "+",
    "Minus": "-",
}


def modifier_number(mods: Iterable[str]) -> int:
    """Give xterm's number for modifiers, without the 1 that is added on the wire."""
    return sum(bit for name, bit in _MODIFIER_BITS.items() if name in set(mods))


def encode_key(key: str, mods: Iterable[str], modes: Modes, *, event: int = PRESS) -> bytes:
    """Give the bytes of one key; none for a key that sends nothing.

    `key` is a character as the layout gives it, or a name ("Up", "F5", "KeypadEnter"); `mods` are
    of shift, alt, ctrl, super; `event` is 1 press, 2 repeat, 3 release.
    """
    number = modifier_number(mods)
    if key == "BackTab":
        number |= 1
    key = _ALIASES.get(key, key)
    if modes.kitty:
        encoded = encode_kitty(key, number, modes.kitty, event)
        if encoded is not None:
            return encoded
    if event == RELEASE:
        return b""
    number &= 7
    encoded = _vt52_key(key, modes) if modes.vt52 else None
    return _ansi_key(key, number, modes) if encoded is None else encoded


def _ansi_key(key: str, number: int, modes: Modes) -> bytes:
    if key in _KEYPAD:
        return _keypad_key(key, number, modes)
    if key in _CURSOR_KEYS:
        return _final_key(_CURSOR_KEYS[key], number, is_ss3=modes.app_cursor)
    if key in _FUNCTION_FINALS:
        return _final_key(_FUNCTION_FINALS[key], number, is_ss3=True)
    if key in _TILDE_KEYS:
        code = _TILDE_KEYS[key]
        return f"\x1b[{code};{number + 1}~".encode() if number else f"\x1b[{code}~".encode()
    if key in _SIMPLE and key != "Space":
        return _simple_key(key, number, modes)
    text = " " if key == "Space" else key
    return _text_key(text, number, modes) if len(text) == 1 or not text.isascii() else b""


def _vt52_key(key: str, modes: Modes) -> bytes | None:
    """Write what a VT52 has a key for; modifiers say nothing there. None: an ordinary key."""
    final = _CURSOR_KEYS.get(key) or _FUNCTION_FINALS.get(key)
    if final is not None:
        return f"\x1b{final}".encode()
    if key in _KEYPAD and modes.app_keypad:
        return f"\x1b?{_KEYPAD[key][1]}".encode()
    return None


def _final_key(final: str, number: int, *, is_ss3: bool) -> bytes:
    if number:
        return f"\x1b[1;{number + 1}{final}".encode()
    return f"\x1b{'O' if is_ss3 else '['}{final}".encode()


def _keypad_key(key: str, number: int, modes: Modes) -> bytes:
    plain, application = _KEYPAD[key]
    if modes.app_keypad:
        return f"\x1bO{number + 1 if number else ''}{application}".encode()
    if key == "KeypadEnter":
        return _simple_key("Enter", number, modes)
    return _text_key(plain, number, modes)


def _other_key(code: int, number: int, modes: Modes) -> bytes:
    """Write a key as modifyOtherKeys does."""
    if modes.format_other_keys:
        return f"\x1b[{code};{number + 1}u".encode()
    return f"\x1b[27;{number + 1};{code}~".encode()


def _simple_key(key: str, number: int, modes: Modes) -> bytes:
    """Write Enter, Tab, Backspace or Escape."""
    alt = _ESC if number & 2 else b""
    if key == "Tab" and number & ~2 == 1 and modes.modify_other_keys < 2:
        return alt + b"\x1b[Z"
    if number and modes.modify_other_keys:
        is_well_known = (key == "Backspace" and number in (2, 4)) or (key != "Tab" and number == 2)
        if key == "Tab" and number == 1:
            return b"\x1b[Z"
        if modes.modify_other_keys == 2 or not is_well_known:
            return _other_key(_SIMPLE[key], number, modes)
    if key == "Tab":
        return alt + (b"\x1b[Z" if number & 1 else b"\t")
    if key == "Enter":
        return alt + (b"\r\n" if modes.newline else b"\r")
    if key == "Escape":
        return alt + _ESC
    is_bs = modes.backarrow != bool(number & 4)
    return alt + (b"\x08" if is_bs else b"\x7f")


def _text_key(text: str, number: int, modes: Modes) -> bytes:
    if modes.modify_other_keys and number and _is_other(text, number, modes):
        return _other_key(ord(text[0]), number, modes)
    encoded = text.encode("utf-8", "replace")
    if number & 4:
        code = _control_code(text)
        if code is not None:
            encoded = bytes([code])
    if number & 2:
        return _ESC + encoded if modes.meta_sends_escape else encoded
    return encoded


def _is_other(text: str, number: int, modes: Modes) -> bool:
    """Tell whether modifyOtherKeys takes over a character with modifiers."""
    if number == 1:
        return modes.modify_other_keys == 2 and text == " "
    if modes.modify_other_keys == 2:
        return True
    return bool(number & 4) and _control_code(text) is None


def _control_code(text: str) -> int | None:
    if len(text) != 1:
        return None
    if text in _CONTROL_CODES:
        return _CONTROL_CODES[text]
    code = ord(text.upper()) if text.isascii() else 0
    return code & 0x1F if 0x40 <= code <= 0x5F else None


def encode_text(text: str) -> bytes:
    """Give the bytes of text that an input method committed."""
    return text.encode("utf-8", "replace")


_CONTROLS = re.compile("[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f]")


def encode_paste(text: str, *, bracketed: bool) -> bytes:
    """Give the bytes of a paste: line ends as CR, no control but Tab, so no end marker either."""
    cleaned = _CONTROLS.sub("", text.replace("\r\n", "\r").replace("\n", "\r"))
    encoded = cleaned.encode("utf-8", "replace")
    return b"\x1b[200~" + encoded + b"\x1b[201~" if bracketed else encoded


def encode_focus(*, is_focused: bool) -> bytes:
    """Give a focus event; only to be sent where `modes.focus_events`."""
    return b"\x1b[I" if is_focused else b"\x1b[O"


def encode_wheel_arrows(rows: int, modes: Modes) -> bytes:
    """Give the arrows that a wheel sends on the alternate screen; negative rows are up."""
    key = "Up" if rows < 0 else "Down"
    return encode_key(key, (), Modes(app_cursor=modes.app_cursor)) * min(abs(rows), 100)


_BUTTON_CODES = {0: 3, 1: 0, 2: 1, 3: 2, 4: 64, 5: 65, 6: 66, 7: 67} | {
    8 + at: 128 + at for at in range(4)
}
_X10_LIMIT = 223
_UTF8_LIMIT = 2015


def encode_mouse(
    kind: str,
    button: int,
    col: int,
    row: int,
    mods: Iterable[str],
    modes: Modes,
    *,
    pixel: tuple[int, int] | None = None,
) -> bytes:
    """Give a mouse report; none if the program didn't ask for this one.

    `kind` is press, release or move; `button` 0 none, 1 left, 2 middle, 3 right, 4 to 7 wheel up,
    down, left, right, 8 to 11 more; `col` and `row` from 0; `pixel` from 0, for mode 1016.
    """
    if not _is_wanted(kind, button, modes) or button not in _BUTTON_CODES:
        return b""
    code = _BUTTON_CODES[button]
    if modes.mouse != 9:
        number = modifier_number(mods)
        code += (number & 1) * 4 + (number & 2) * 4 + (number & 4) * 4
    if kind == "move":
        code += 32
    if modes.mouse_encoding in (1006, 1016):
        x, y = (col, row) if pixel is None or modes.mouse_encoding == 1006 else pixel
        return f"\x1b[<{code};{x + 1};{y + 1}{'m' if kind == 'release' else 'M'}".encode()
    if kind == "release":
        code = code & ~3 | 3
    if modes.mouse_encoding == 1015:
        return f"\x1b[{code + 32};{col + 1};{row + 1}M".encode()
    if modes.mouse_encoding == 1005:
        if max(col, row) + 1 > _UTF8_LIMIT:
            return b""
        return b"\x1b[M" + "".join(chr(value + 32) for value in (code, col + 1, row + 1)).encode()
    if max(col, row) + 1 > _X10_LIMIT:
        return b""
    return b"\x1b[M" + bytes([code + 32, col + 33, row + 33])


def _is_wanted(kind: str, button: int, modes: Modes) -> bool:
    is_wheel = 4 <= button <= 7
    if kind == "press":
        return modes.mouse > 9 or (modes.mouse == 9 and 1 <= button <= 3)
    if kind == "release":
        return modes.mouse > 9 and not is_wheel
    return modes.mouse == 1003 or (modes.mouse == 1002 and button != 0)
