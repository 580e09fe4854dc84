import os
from pathlib import Path

import pytest

from teleterm.main import early
from teleterm.osutil import dirs


@pytest.mark.parametrize("own", ["", "/tmp/t"])
def test_places_are_those_of_dirs(
    own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "TELETERM_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    runtime = tmp_path / "r"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    if own:
        monkeypatch.setenv("TELETERM_HOME", own)
    found = dirs.find()

    places = early.places(dict(os.environ))

    if len(str(found.run)) < 80:
        assert places == (str(found.state), str(found.config_file), str(found.run))
    else:
        assert places[:2] == (str(found.state), str(found.config_file))


def test_the_lock_is_taken_once_and_never_in_a_folder_others_may_enter(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    first = early.take_lock(str(run))
    assert first >= 0
    assert early.take_lock(str(run)) == -1
    os.close(first)
    run.chmod(0o755)
    assert early.take_lock(str(run)) == -1


def test_what_the_window_says_becomes_a_line_of_the_log(tmp_path: Path) -> None:
    for number, (said, lines) in enumerate(
        ((b"painted 1700000000.25\n", 1), (b"painted nan\n", 0), (b"rubbish", 0))
    ):
        log = tmp_path / f"log-{number}"
        found = early.Early()
        found.log = str(log)
        found.stage, other = os.pipe()
        os.write(other, said)
        os.close(other)
        found.wait()
        text = log.read_text() if log.exists() else ""
        assert text.count("ui: painted first prompt\n") == lines


def test_a_log_that_cannot_be_written_is_no_reason_not_to_start(tmp_path: Path) -> None:
    found = early.Early()
    found.log = str(tmp_path / "none" / "main.log")
    found.stage, other = os.pipe()
    os.write(other, b"painted 1700000000.25\n")
    os.close(other)
    found.wait()
