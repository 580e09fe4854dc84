"""Key events get the names of the table, whatever the layout and the system."""

import pytest

from teleterm.ui import keymap
from teleterm.ui.keymap import CONTROL, MOD1, MOD2, MOD5, SHIFT, WINDOWS_ALT, spell


@pytest.mark.parametrize(
    ("keysym", "state", "name"),
    [
        ("K", CONTROL | SHIFT, "Ctrl+Shift+K"),
        ("k", CONTROL | SHIFT | MOD2, "Ctrl+Shift+K"),
        ("asciitilde", CONTROL | SHIFT, "Ctrl+Shift+`"),
        ("ISO_Left_Tab", CONTROL | SHIFT, "Ctrl+Shift+Tab"),
        ("Tab", CONTROL, "Ctrl+Tab"),
        ("1", MOD1, "Alt+1"),
        ("Prior", CONTROL | SHIFT, "Ctrl+Shift+PageUp"),
        ("comma", CONTROL, "Ctrl+,"),
        ("F11", 0, "F11"),
        ("F6", CONTROL, "Ctrl+F6"),
        ("plus", CONTROL | SHIFT, "Ctrl+Plus"),
        ("equal", CONTROL, "Ctrl+Plus"),
        ("minus", CONTROL, "Ctrl+Minus"),
        ("Insert", SHIFT, "Shift+Insert"),
    ],
)
def test_names_on_linux(keysym: str, state: int, name: str) -> None:
    assert name in spell(keysym, state, platform="linux")


@pytest.mark.parametrize(("keysym", "state"), [("a", 0), ("A", SHIFT), ("exclam", SHIFT), ("é", 0)])
def test_plain_typing_has_no_name(keysym: str, state: int) -> None:
    assert spell(keysym, state, platform="linux") == []


def test_altgr_is_not_alt() -> None:
    assert spell("at", MOD5, platform="linux") == []


def test_a_layout_without_latin_letters_goes_by_position() -> None:
    assert spell("Cyrillic_EL", CONTROL | SHIFT, 45, platform="linux") == ["Ctrl+Shift+K"]


def test_alt_on_windows_and_command_on_macos() -> None:
    assert "Alt+F4" in spell("F4", WINDOWS_ALT, platform="win32")
    assert "Command+K" in spell("k", MOD1, platform="darwin")


def test_no_bare_control_or_alt_letter_is_taken_from_the_terminal() -> None:
    for table in (keymap.LINUX, keymap.WINDOWS):
        for key in table.values():
            modifiers, _, last = key.rpartition("+")
            is_letter = len(last) == 1 and last.isalpha()
            assert not (is_letter and modifiers in {"Ctrl", "Alt"}), key


@pytest.mark.parametrize("keys", [keymap.LINUX, keymap.WINDOWS, keymap.MACOS])
def test_no_key_is_given_twice(keys: dict[str, str]) -> None:
    assert len(set(keys.values())) == len(keys)


def test_settings_change_and_unbind_keys_and_name_doubles() -> None:
    found, doubles = keymap.table({"newTab": "Ctrl+Shift+Y", "closeTab": "", "nonsense": "F1"})
    assert found["Ctrl+Shift+Y"] == "newTab"
    assert "closeTab" not in found.values()
    assert doubles == []
    found, doubles = keymap.table({"settings": "Ctrl+Shift+K"})
    assert found["Ctrl+Shift+K"] == "openSearchBar"
    assert "settings" in doubles[0]
