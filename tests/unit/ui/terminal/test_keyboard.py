"""Key events of Tk, with the traps of X11, and the keys that they mean."""

import pytest

from teleterm.terminal.frame import Modes
from teleterm.terminal.keys import encode_key
from teleterm.ui.terminal.keyboard import (
    ALT,
    CTRL,
    SHIFT,
    SUPER,
    Key,
    Typed,
    modifier_key,
    read,
)

SHIFTED, LOCK, CONTROL, MOD1, NUMLOCK, MOD4, ALTGR = 0x01, 0x02, 0x04, 0x08, 0x10, 0x40, 0x80

CASES: list[tuple[str, str, int, int, Key | Typed | None]] = [
    ("a", "a", 0, 38, Key("a", 0)),
    ("A", "A", SHIFTED, 38, Key("A", SHIFT)),
    ("A", "A", LOCK, 38, Key("A", 0)),
    ("eacute", "é", 0, 11, Key("é", 0)),
    ("space", " ", 0, 65, Key(" ", 0)),
    ("c", "\x03", CONTROL, 54, Key("c", CTRL)),
    ("C", "\x03", CONTROL | SHIFTED, 54, Key("C", CTRL | SHIFT)),
    ("space", "\x00", CONTROL, 65, Key(" ", CTRL)),
    ("bracketleft", "\x1b", CONTROL, 34, Key("[", CTRL)),
    ("x", "x", MOD1, 53, Key("x", ALT)),
    ("x", "x", MOD1 | NUMLOCK, 53, Key("x", ALT)),
    ("x", "x", NUMLOCK, 53, Key("x", 0)),
    ("x", "x", MOD4, 53, Key("x", SUPER)),
    ("EuroSign", "€", ALTGR, 26, Key("€", 0)),
    ("at", "@", ALTGR, 24, Key("@", 0)),
    ("Tab", "\t", 0, 23, Key("Tab", 0)),
    ("ISO_Left_Tab", "", SHIFTED, 23, Key("Tab", SHIFT)),
    ("ISO_Left_Tab", "", 0, 23, Key("Tab", SHIFT)),
    ("Return", "\r", 0, 36, Key("Enter", 0)),
    ("Linefeed", "\n", 0, 109, Key("Enter", 0)),
    ("KP_Enter", "\r", 0, 104, Key("KeypadEnter", 0)),
    ("KP_4", "4", NUMLOCK, 83, Key("Keypad4", 0)),
    ("KP_Left", "", 0, 83, Key("Left", 0)),
    ("BackSpace", "\b", CONTROL, 22, Key("Backspace", CTRL)),
    ("Prior", "", SHIFTED, 112, Key("PageUp", SHIFT)),
    ("F5", "", 0, 71, Key("F5", 0)),
    ("F12", "", CONTROL | MOD1, 96, Key("F12", CTRL | ALT)),
    ("Cyrillic_es", "с", 0, 54, Key("с", 0)),
    ("Cyrillic_es", "\x03", CONTROL, 54, Key("c", CTRL)),
    ("dead_acute", "", 0, 34, None),
    ("Shift_L", "", 0, 50, None),
    ("Control_R", "", CONTROL, 105, None),
    ("ISO_Level3_Shift", "", 0, 108, None),
    ("Num_Lock", "", 0, 77, None),
    ("??", "日本", 0, 0, Typed("日本")),
]


@pytest.mark.parametrize(("keysym", "character", "state", "keycode", "wanted"), CASES)
def test_a_key_event_of_x11(
    keysym: str, character: str, state: int, keycode: int, wanted: Key | Typed | None
) -> None:
    assert read(keysym, character, state, keycode, platform="linux") == wanted


def test_altgr_of_windows_is_no_alt() -> None:
    assert read("at", "@", 0x20004, platform="win32") == Key("@", 0)


def test_command_of_macos_is_super() -> None:
    assert read("k", "k", 0x08, platform="darwin") == Key("k", SUPER)


def test_every_key_of_the_window_is_one_that_the_engine_writes() -> None:
    """Names drift apart silently: the engine gives no bytes for one it doesn't know."""
    kitty = Modes(kitty=31)
    for keysym in ("Shift_L", "Control_R", "Alt_L", "Super_R"):
        found = modifier_key(keysym, 0, is_down=True)
        assert found is not None
        assert encode_key(found.key, (), kitty), keysym
    for keysym in ("Return", "Tab", "KP_5", "KP_Enter", "Menu", "Pause", "Print", "F12"):
        named = read(keysym, "", 0)
        assert isinstance(named, Key)
        assert encode_key(named.key, (), kitty), keysym
