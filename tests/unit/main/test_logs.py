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
