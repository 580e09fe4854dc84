"""From Tk's key events to the keys that an engine knows."""

import sys

from msgspec import Struct

SHIFT, ALT, CTRL, SUPER = 1, 2, 4, 8
_STATE_SHIFT, _STATE_CONTROL, _STATE_MOD1, _STATE_MOD4, _STATE_MOD5 = 0x01, 0x04, 0x08, 0x40, 0x80
_STATE_MOD2 = 0x10
_WINDOWS_ALT, _WINDOWS_ALTGR = 0x20000, 0x20004

_NAMES = {
    "Return": "Enter", "Tab": "Tab", "ISO_Left_Tab": "Tab", "BackSpace": "Backspace",
    "Escape": "Escape", "Up": "Up", "Down": "Down", "Left": "Left", "Right": "Right",
    "Home": "Home", "End": "End", "Prior": "PageUp", "Next": "PageDown", "Insert": "Insert",
    "Delete": "Delete", "Menu": "Menu", "Pause": "Pause", "Print": "PrintScreen",
    "KP_Enter": "KeypadEnter", "KP_Add": "KeypadPlus", "KP_Subtract": "KeypadMinus",
    "KP_Multiply": "KeypadMultiply", "KP_Divide": "KeypadDivide", "KP_Decimal": "KeypadDecimal",
    "KP_Separator": "KeypadSeparator", "KP_Equal": "KeypadEqual",
    **{f"KP_{digit}": f"Keypad{digit}" for digit in range(10)},
    "KP_Up": "Up", "KP_Down": "Down", "KP_Left": "Left", "KP_Right": "Right", "KP_Home": "Home",
    "KP_End": "End", "KP_Prior": "PageUp", "KP_Next": "PageDown", "KP_Insert": "Insert",
    "KP_Delete": "Delete", "KP_Begin": "Keypad5",
    "Linefeed": "Enter",  # what xdotool types for the end of a line
}  # fmt: skip

_MODIFIER_KEYS = {
    "Shift_L": ("LeftShift", SHIFT), "Shift_R": ("RightShift", SHIFT),
    "Control_L": ("LeftCtrl", CTRL), "Control_R": ("RightCtrl", CTRL),
    "Alt_L": ("LeftAlt", ALT), "Alt_R": ("RightAlt", ALT),
    "Super_L": ("LeftSuper", SUPER), "Super_R": ("RightSuper", SUPER),
}  # fmt: skip

_PUNCTUATION = {
    "space": " ", "exclam": "!", "quotedbl": '"', "numbersign": "#", "dollar": "$", "percent": "%",
    "ampersand": "&", "apostrophe": "'", "parenleft": "(", "parenright": ")", "asterisk": "*",
    "plus": "+", "comma": ",", "minus": "-", "period": ".", "slash": "/", "colon": ":",
    "semicolon": ";", "less": "<", "equal": "=", "greater": ">", "question": "?", "at": "@",
    "bracketleft": "[", "backslash": "\\", "bracketright": "]", "asciicircum": "^",
    "underscore": "_", "grave": "`", "quoteleft": "`", "braceleft": "{", "bar": "|",
    "braceright": "}", "asciitilde": "~",
}  # fmt: skip

_POSITIONS = {
    keycode: letter
    for start, letters in (
        (10, "1234567890-="),
        (24, "qwertyuiop[]"),
        (38, "asdfghjkl;'`"),
        (52, "zxcvbnm,./"),
    )
    for keycode, letter in enumerate(letters, start)
}
"""X11 key codes of a Latin layout, for control keys on layouts without Latin letters."""


class Key(Struct, frozen=True):
    """A key for the engine: one character or a name, and modifiers."""

    key: str
    modifiers: int


class Typed(Struct, frozen=True):
    """Text that needs no key: several characters of an input method."""

    text: str


def modifiers_of(state: int, *, platform: str = sys.platform) -> int:
    """The modifiers held, out of an event's state; AltGr and NumLock are none."""
    found = SHIFT if state & _STATE_SHIFT else 0
    if platform == "win32":
        if state & _WINDOWS_ALTGR == _WINDOWS_ALTGR:
            return found
        found |= ALT if state & _WINDOWS_ALT else 0
    elif platform == "darwin":
        found |= SUPER if state & _STATE_MOD1 else 0
        found |= ALT if state & _STATE_MOD2 else 0
    else:
        found |= ALT if state & _STATE_MOD1 else 0
        found |= SUPER if state & _STATE_MOD4 else 0
    return found | (CTRL if state & _STATE_CONTROL else 0)


def read(
    keysym: str, character: str, state: int, keycode: int = 0, *, platform: str = sys.platform
) -> Key | Typed | None:
    """What a key event means; None for modifiers, dead keys and keys nobody knows."""
    modifiers = modifiers_of(state, platform=platform)
    if keysym == "ISO_Left_Tab":
        modifiers |= SHIFT
    if keysym in _NAMES:
        return Key(_NAMES[keysym], modifiers)
    if keysym[:1] == "F" and keysym[1:].isdigit():
        return Key(keysym, modifiers)
    has_third_level = platform == "linux" and bool(state & _STATE_MOD5)
    if modifiers & (CTRL | ALT | SUPER) and not has_third_level:
        return _command(keysym, character, modifiers, keycode, platform)
    if len(character) == 1 and character.isprintable():
        return Key(character, modifiers & SHIFT)
    if len(character) > 1 and character.isprintable():
        return Typed(character)
    return None


def modifier_key(keysym: str, state: int, *, is_down: bool) -> Key | None:
    """A modifier as a key of its own, itself among the modifiers only while it is down."""
    known = _MODIFIER_KEYS.get(keysym)
    if known is None:
        return None
    name, bit = known
    others = modifiers_of(state, platform="linux") & ~bit
    return Key(name, others | bit if is_down else others)


def _command(
    keysym: str, character: str, modifiers: int, keycode: int, platform: str
) -> Key | None:
    base = keysym if len(keysym) == 1 else _PUNCTUATION.get(keysym, "")
    is_latin = base.isascii() and bool(base)
    if not is_latin and platform == "linux" and keycode in _POSITIONS and _is_letter(keysym):
        letter = _POSITIONS[keycode]
        base = letter.upper() if modifiers & SHIFT else letter
    if not base and len(character) == 1 and character.isprintable():
        base = character
    return Key(base, modifiers) if base else None


def _is_letter(keysym: str) -> bool:
    """Whether a key bears a letter of another script, not a function of its own."""
    return (
        "_" in keysym
        and not keysym.startswith(("ISO_", "XF86", "dead_", "KP_"))
        and not (keysym.endswith(("_L", "_R", "_Lock", "_Key")))
    )
