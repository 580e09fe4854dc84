import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from teleterm.main.config.file import MAX_BYTES, ConfigFile, check
from teleterm.model.errors import BadInput, ErrorCode


def make(folder: Path, text: str | None = None) -> ConfigFile:
    """A config file with this text, loaded."""
    place = folder / "app_config.json"
    if text is not None:
        place.write_text(text)
    config = ConfigFile(place)
    config.load()
    return config


def test_the_first_start_makes_the_file_and_its_schema(tmp_path: Path) -> None:
    config = make(tmp_path)
    assert json.loads(config.path.read_text()) == {"$schema": "schema_app_config.json"}
    schema = json.loads((tmp_path / "schema_app_config.json").read_text())
    assert schema["properties"]["theme"]["default"] == "system"
    assert config.problems == ()


def test_a_wrong_key_costs_only_itself_and_is_named_with_its_line(tmp_path: Path) -> None:
    text = '{\n  "theme": "dark",\n  // big\n  "terminal.fontSize": "big",\n  "ui.fontSize": 15\n}'
    config = make(tmp_path, text)
    assert config.problems == (
        'line 4: terminal.fontSize must be a whole number from 1 to 256, found "big"',
    )
    assert config.text("theme") == "dark"
    assert config.number("terminal.fontSize") == 14
    assert config.number("ui.fontSize") == 15


def test_unknown_keys_are_left_in_peace(tmp_path: Path) -> None:
    config = make(tmp_path, '{"future.key": 1, "theme": "dark"}')
    assert config.problems == ()
    config.set("theme", "light")
    assert '"future.key": 1' in config.path.read_text()


def test_broken_text_leaves_the_last_good_settings(tmp_path: Path) -> None:
    config = make(tmp_path, '{"theme": "dark"}')
    config.path.write_text('{\n  "theme": dark\n}')
    assert config.reload_if_changed()
    assert config.text("theme") == "dark"
    assert config.problems == ("line 2, column 12: a value was expected here",)
    assert config.is_broken
    config.path.write_text('{"theme": "light"}')
    assert config.reload_if_changed()
    assert config.text("theme") == "light"
    assert not config.problems


def test_nothing_to_do_when_nothing_changed(tmp_path: Path) -> None:
    config = make(tmp_path, '{"theme": "dark"}')
    assert not config.reload_if_changed()
    config.path.write_text('{"theme": "dark" } ')
    assert not config.reload_if_changed()


def test_changing_a_value_keeps_comments(tmp_path: Path) -> None:
    config = make(tmp_path, '{\n  // mine\n  "theme": "dark" // night\n}')
    config.set("theme", "light")
    config.set("terminal.fontSize", 20)
    text = config.path.read_text()
    assert "// mine" in text
    assert '"theme": "light",\n  "terminal.fontSize": 20 // night' in text
    assert config.number("terminal.fontSize") == 20


def test_wrong_values_are_refused_by_name(tmp_path: Path) -> None:
    config = make(tmp_path)
    with pytest.raises(BadInput, match="must be light, dark or system"):
        config.set("theme", "blue")
    with pytest.raises(BadInput, match="no setting"):
        config.set("colour", "blue")
    config.path.write_text("{")
    with pytest.raises(BadInput) as caught:
        config.set("theme", "dark")
    assert caught.value.code is ErrorCode.DAMAGED_FILE
    assert config.path.read_text() == "{"


def test_shortcuts(tmp_path: Path) -> None:
    config = make(tmp_path, '{"keymap.find": "F3", "keymap.quit": ""}')
    assert config.keymap() == {"find": "F3", "quit": ""}


def test_a_disk_without_room_means_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("teleterm.osutil.atomic.write", full)

    assert make(tmp_path).text("theme") == "system"


def test_a_link_to_settings_elsewhere_stays_a_link(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "teleterm.json"
    kept.parent.mkdir()
    kept.write_text('{"theme": "dark"}')
    (tmp_path / "app_config.json").symlink_to(kept)
    config = make(tmp_path)
    config.set("theme", "light")
    assert config.path.is_symlink()
    assert kept.read_text() == '{"theme": "light"}'


@pytest.mark.parametrize(
    ("put", "problem"),
    [
        (os.mkfifo, "no ordinary file"),
        (Path.mkdir, "directory"),
        (lambda place: place.symlink_to("/dev/zero"), "no ordinary file"),
        (lambda place: place.write_bytes(b" " * (MAX_BYTES + 1)), "longer than 1024 KiB"),
        (lambda place: place.write_bytes(b'{"theme": "\xff"}'), "byte 11 is not UTF-8"),
    ],
    ids=["pipe", "folder", "device", "huge", "not UTF-8"],
)
def test_what_is_no_settings_file_is_named_and_nothing_waits_for_it(
    put: Callable[[Path], None], problem: str, tmp_path: Path
) -> None:
    put(tmp_path / "app_config.json")
    config = make(tmp_path)
    assert problem in config.problems[0]
    assert config.is_broken
    assert config.text("theme") == "system"


def test_a_settings_file_of_many_keys_is_read_in_a_moment() -> None:
    members = ",\n".join(f'"k{number}": {number}' for number in range(40_000))
    assert check(f"{{{members}}}").unknown[-1] == "line 40000: k39999"
