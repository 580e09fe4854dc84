"""What keys, mouse, paste and focus send."""

import pytest

from teleterm.terminal.frame import Modes
from teleterm.terminal.keys import (
    encode_focus,
    encode_key,
    encode_mouse,
    encode_paste,
    encode_wheel_arrows,
)

PLAIN = Modes()
APP = Modes(app_cursor=True, app_keypad=True)
OTHER1 = Modes(modify_other_keys=1)
OTHER2 = Modes(modify_other_keys=2)

KEYS = [
    ("a", "", PLAIN, b"a"),
    ("A", "shift", PLAIN, b"A"),
    ("é", "", PLAIN, "é".encode()),
    ("a", "ctrl", PLAIN, b"\x01"),
    ("A", "ctrl shift", PLAIN, b"\x01"),
    ("a", "alt", PLAIN, b"\x1ba"),
    ("a", "ctrl alt", PLAIN, b"\x1b\x01"),
    (" ", "ctrl", PLAIN, b"\x00"),
    ("Space", "", PLAIN, b" "),
    ("/", "ctrl", PLAIN, b"\x1f"),
    ("[", "ctrl", PLAIN, b"\x1b"),
    ("1", "ctrl", PLAIN, b"1"),
    ("Enter", "", PLAIN, b"\r"),
    ("Enter", "", Modes(newline=True), b"\r\n"),
    ("Enter", "alt", PLAIN, b"\x1b\r"),
    ("Tab", "", PLAIN, b"\t"),
    ("Tab", "shift", PLAIN, b"\x1b[Z"),
    ("Backspace", "", PLAIN, b"\x7f"),
    ("Backspace", "ctrl", PLAIN, b"\x08"),
    ("Backspace", "alt", PLAIN, b"\x1b\x7f"),
    ("Backspace", "", Modes(backarrow=True), b"\x08"),
    ("Escape", "", PLAIN, b"\x1b"),
    ("Up", "", PLAIN, b"\x1b[A"),
    ("Up", "", APP, b"\x1bOA"),
    ("Up", "ctrl", APP, b"\x1b[1;5A"),
    ("Home", "shift", PLAIN, b"\x1b[1;2H"),
    ("PageUp", "", PLAIN, b"\x1b[5~"),
    ("Delete", "ctrl shift", PLAIN, b"\x1b[3;6~"),
    ("F1", "", PLAIN, b"\x1bOP"),
    ("F1", "shift", PLAIN, b"\x1b[1;2P"),
    ("F5", "", PLAIN, b"\x1b[15~"),
    ("F12", "alt", PLAIN, b"\x1b[24;3~"),
    ("Keypad5", "", PLAIN, b"5"),
    ("Keypad5", "", APP, b"\x1bOu"),
    ("KeypadEnter", "", PLAIN, b"\r"),
    ("KeypadEnter", "", APP, b"\x1bOM"),
    ("Unknown", "", PLAIN, b""),
    # VT52
    ("Up", "", Modes(vt52=True, app_cursor=True), b"\x1bA"),
    ("Left", "ctrl", Modes(vt52=True), b"\x1bD"),
    ("F2", "", Modes(vt52=True), b"\x1bQ"),
    ("Keypad5", "", Modes(vt52=True), b"5"),
    ("Keypad5", "", Modes(vt52=True, app_keypad=True), b"\x1b?u"),
    ("a", "ctrl", Modes(vt52=True), b"\x01"),
    # modifyOtherKeys
    ("a", "ctrl", OTHER1, b"\x01"),
    ("1", "ctrl", OTHER1, b"\x1b[27;5;49~"),
    ("Tab", "ctrl", OTHER1, b"\x1b[27;5;9~"),
    ("Tab", "shift", OTHER1, b"\x1b[Z"),
    ("Enter", "shift", OTHER1, b"\x1b[27;2;13~"),
    ("a", "ctrl", OTHER2, b"\x1b[27;5;97~"),
    ("a", "alt", OTHER2, b"\x1b[27;3;97~"),
    ("A", "shift", OTHER2, b"A"),
    ("a", "ctrl", Modes(modify_other_keys=2, format_other_keys=1), b"\x1b[97;5u"),
    # kitty
    ("a", "", Modes(kitty=1), b"a"),
    ("a", "ctrl", Modes(kitty=1), b"\x1b[97;5u"),
    ("A", "ctrl shift", Modes(kitty=1), b"\x1b[97;6u"),
    ("Escape", "", Modes(kitty=1), b"\x1b[27u"),
    ("Enter", "", Modes(kitty=1), b"\r"),
    ("Enter", "shift", Modes(kitty=1), b"\x1b[13;2u"),
    ("Up", "", Modes(kitty=1, app_cursor=True), b"\x1b[A"),
    ("F3", "", Modes(kitty=1), b"\x1b[13~"),
    ("a", "", Modes(kitty=8), b"\x1b[97u"),
    ("Enter", "", Modes(kitty=8), b"\x1b[13u"),
    ("A", "shift", Modes(kitty=1 | 4 | 8), b"\x1b[97:65;2u"),
    ("a", "", Modes(kitty=8 | 16), b"\x1b[97;;97u"),
    ("A", "shift", Modes(kitty=8 | 16), b"\x1b[97;2;65u"),
    ("LeftShift", "", Modes(kitty=1), b""),
    ("LeftShift", "shift", Modes(kitty=8), b"\x1b[57441;2u"),
]


@pytest.mark.parametrize(("key", "mods", "modes", "sent"), KEYS)
def test_key(key: str, mods: str, modes: Modes, sent: bytes) -> None:
    assert encode_key(key, mods.split(), modes) == sent


def test_release_is_sent_only_where_asked_for() -> None:
    assert encode_key("a", (), PLAIN, event=3) == b""
    assert encode_key("Up", (), Modes(kitty=1), event=3) == b""
    assert encode_key("Up", (), Modes(kitty=3), event=3) == b"\x1b[1;1:3A"
    assert encode_key("Enter", (), Modes(kitty=3), event=3) == b""
    assert encode_key("a", (), Modes(kitty=11), event=3) == b"\x1b[97;1:3u"
    assert encode_key("Up", (), Modes(kitty=3), event=2) == b"\x1b[1;1:2A"


SGR = Modes(mouse=1000, mouse_encoding=1006)
MOUSE = [
    (("press", 1, 0, 0), "", SGR, b"\x1b[<0;1;1M"),
    (("release", 1, 4, 5), "", SGR, b"\x1b[<0;5;6m"),
    (("press", 4, 0, 0), "", SGR, b"\x1b[<64;1;1M"),
    (("release", 4, 0, 0), "", SGR, b""),
    (("press", 1, 0, 0), "shift ctrl", SGR, b"\x1b[<20;1;1M"),
    (("press", 1, 0, 0), "alt", SGR, b"\x1b[<8;1;1M"),
    (("move", 1, 1, 1), "", SGR, b""),
    (("move", 1, 1, 1), "", Modes(mouse=1002, mouse_encoding=1006), b"\x1b[<32;2;2M"),
    (("move", 0, 1, 1), "", Modes(mouse=1002, mouse_encoding=1006), b""),
    (("move", 0, 1, 1), "", Modes(mouse=1003, mouse_encoding=1006), b"\x1b[<35;2;2M"),
    (("press", 3, 0, 0), "", Modes(mouse=1000), b'\x1b[M"!!'),
    (("release", 3, 0, 0), "", Modes(mouse=1000), b"\x1b[M#!!"),
    (("press", 1, 300, 0), "", Modes(mouse=1000), b""),
    (("press", 1, 300, 0), "", Modes(mouse=1000, mouse_encoding=1005), "\x1b[M \u014d!".encode()),
    (("press", 1, 300, 0), "", Modes(mouse=1000, mouse_encoding=1015), b"\x1b[32;301;1M"),
    (("press", 1, 0, 0), "ctrl", Modes(mouse=9), b"\x1b[M !!"),
    (("release", 1, 0, 0), "", Modes(mouse=9), b""),
    (("press", 1, 0, 0), "", PLAIN, b""),
]


@pytest.mark.parametrize(("event", "mods", "modes", "sent"), MOUSE)
def test_mouse(event: tuple[str, int, int, int], mods: str, modes: Modes, sent: bytes) -> None:
    assert encode_mouse(*event, mods.split(), modes) == sent


def test_mouse_in_pixels() -> None:
    modes = Modes(mouse=1000, mouse_encoding=1016)
    assert encode_mouse("press", 1, 2, 3, (), modes, pixel=(20, 30)) == b"\x1b[<0;21;31M"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a\r\nb\nc", b"a\rb\rc"),
        ("a\tb", b"a\tb"),
        ("\x1b[201~rm", b"[201~rm"),
        ("\x9b201~", b"201~"),
        ("\x1b\x1b[201~[201~", b"[201~[201~"),
        ("a\x00\x07\x7fb", b"ab"),
    ],
)
def test_paste(text: str, sent: bytes) -> None:
    assert encode_paste(text, bracketed=False) == sent
    assert encode_paste(text, bracketed=True) == b"\x1b[200~" + sent + b"\x1b[201~"


def test_focus_and_wheel() -> None:
    assert (encode_focus(is_focused=True), encode_focus(is_focused=False)) == (b"\x1b[I", b"\x1b[O")
    assert encode_wheel_arrows(-2, PLAIN) == b"\x1b[A\x1b[A"
    assert encode_wheel_arrows(1, APP) == b"\x1bOB"
