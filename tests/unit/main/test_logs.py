import os
from collections.abc import Callable
from pathlib import Path

import pytest

from teleterm.main import logs


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("Authorization: Bearer abc.def", "abc.def"),
        ("login password=hunter2 user=alice", "hunter2"),
        ('{"totp_code":"123456","user":"alice"}', "123456"),
        ("otp: 998877", "998877"),
        ("token=eyJhbGciOiJI.xyz.abc", "xyz"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.payload.signature", "payload"),
        ("-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----", "MHcC"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "MIIE"),
    ],
)
def test_secrets_do_not_reach_the_log(line: str, hidden: str) -> None:
    assert hidden not in logs.redact(line)


def test_the_rest_of_a_line_stays() -> None:
    assert logs.redact("user alice opened node1 port 22") == "user alice opened node1 port 22"


def test_files_rotate_and_the_oldest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 10)
    file = logs.LogFile(tmp_path / "main.log")
    for number in range(9):
        file.write(f"line {number}")
    file.close()
    file.write("dropped")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "main.log", "main.log.1", "main.log.2", "main.log.3", "main.log.4",
    ]  # fmt: skip
    assert (tmp_path / "main.log").read_text() == "line 8\n"
    assert (tmp_path / "main.log.4").read_text() == "line 4\n"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_without_a_log_the_program_goes_on_and_says_so(
    make: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "main.log")
    file = logs.LogFile(tmp_path / "main.log")
    file.write("nowhere")
    file.close()
    assert "no log is kept" in capsys.readouterr().err


def test_a_log_goes_on_where_it_may_not_rotate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 10)
    (tmp_path / "main.log.4" / "kept").mkdir(parents=True)
    (tmp_path / "main.log.3").touch()
    file = logs.LogFile(tmp_path / "main.log")
    for number in range(3):
        file.write(f"line {number}")
    file.close()
    assert (tmp_path / "main.log").read_text() == "line 0\nline 1\nline 2\n"
