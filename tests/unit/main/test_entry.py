"""What a start says when the system refuses something."""

from pathlib import Path

import pytest

from teleterm.main import entry


def test_a_home_that_cannot_be_made_is_said_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TELETERM_HOME", str(tmp_path / "file" / "below"))
    assert entry.run([]) == entry.EXIT_REFUSED
    said = capsys.readouterr().err
    assert said.startswith("teleterm: Can't use ")
    assert said.count("\n") == 2


def test_a_start_from_the_desktop_says_it_in_a_dialog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("teleterm.main.launch.alert", shown.append)
    monkeypatch.setattr("teleterm.main.launch.has_display", lambda: True)
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "menu-1")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TELETERM_HOME", str(tmp_path / "file" / "below"))
    assert entry.run([]) == entry.EXIT_REFUSED
    assert entry.run(["--status"]) in {0, entry.EXIT_REFUSED}
    assert len(shown) == 1
    assert shown[0].startswith("Can't use ")
