"""`run`: a program in a pty, its status as a shell would give it, its screen at the end."""

import json
import sys
from pathlib import Path

import pytest

from teleterm.terminal.__main__ import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no ptys")


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 0", 0), ("exit 3", 3), ("kill -TERM $$", 128 + 15), ("kill -KILL $$", 128 + 9)],
)
def test_the_status_is_the_programs(
    capfdbinary: pytest.CaptureFixture[bytes], script: str, status: int
) -> None:
    assert main(["run", "--cols", "20", "--rows", "2", "--", "sh", "-c", script]) == status
    assert capfdbinary.readouterr().out == b"\n\n"


def test_no_such_program(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["run", "--", "no-such-program-anywhere"]) == 127
    assert capfdbinary.readouterr().err.startswith(b"Can't run")


@pytest.mark.parametrize("is_executable", [True, False])
def test_what_is_no_program(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, is_executable: bool
) -> None:
    path = tmp_path / "text"
    path.write_text("#!/no/such/interpreter\n")
    path.chmod(0o755 if is_executable else 0o644)
    assert main(["run", "--", str(path)]) == 126
    assert capfdbinary.readouterr().err.startswith(b"Can't run")


def test_a_folder_is_no_program(tmp_path: Path) -> None:
    assert main(["run", "--", str(tmp_path)]) == 126


def test_nothing_to_run(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["run", "--"]) == 2
    assert b"what to run" in capfdbinary.readouterr().err


def test_the_screen_is_printed_as_text_unless_asked_otherwise(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    program = ["--cols", "10", "--rows", "3", "--", "printf", "one\\ntwo"]
    assert main(["run", *program]) == 0
    assert capfdbinary.readouterr().out == b"one\ntwo\n\n"
    assert main(["run", "--dump", "json", *program]) == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert [row["text"] for row in found["rows"]] == ["one", "two", ""]
    assert found["cursor"] == {"x": 3, "y": 1, "visible": True}


def test_questions_are_answered(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    script = (
        "stty raw -echo; printf '\\033[18t\\033[1;1;1;1;1;2*y\\033[c';"
        " head -c 25 | od -An -c | tr -d ' \\n' | cut -c1-60"
    )
    assert main(["run", "--cols", "70", "--rows", "4", "--", "sh", "-c", script]) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert "033[8;4;70t033P1!~FFC0033\\033[?65" in shown.replace("\n", "")


def test_the_size_is_the_one_asked_for(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["run", "--cols", "33", "--rows", "7", "--", "stty", "size"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"7 33\n")
