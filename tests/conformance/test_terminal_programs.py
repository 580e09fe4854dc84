"""Real programs in a pty, with the engine for their terminal."""

import os
import select
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from teleterm.terminal.engine import Engine
from teleterm.terminal.keys import encode_key

if sys.platform == "win32":
    pytest.skip("programs need a pty", allow_module_level=True)

from ptyprocess import PtyProcess

_DEADLINE_S = 20.0

pytestmark = pytest.mark.slow


class Person:
    """Types at a program and looks at the screen until it shows what is waited for."""

    def __init__(self, command: list[str], folder: Path, cols: int, rows: int) -> None:
        environment = {
            "TERM": "xterm-256color",
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TMUX_TMPDIR": str(folder),
        }
        self.engine = Engine(cols, rows)
        self.child = PtyProcess.spawn(
            command, cwd=str(folder), env=environment, dimensions=(rows, cols)
        )

    def rows(self) -> list[str]:
        return ["".join(row.cells).rstrip(" ") for row in self.engine.screen.grid.rows]

    def press(self, *keys: str, mods: tuple[str, ...] = ()) -> None:
        for key in keys:
            self.child.write(encode_key(key, mods, self.engine.modes))

    def type(self, text: str) -> None:
        self.child.write(text.encode())

    def wait(self, is_there: Callable[[list[str]], bool]) -> list[str]:
        deadline = time.monotonic() + _DEADLINE_S
        while not is_there(self.rows()):
            left = deadline - time.monotonic()
            assert left > 0, "the screen never showed it:\n" + "\n".join(self.rows())
            if not self.read(left):
                assert is_there(self.rows()), "it ended:\n" + "\n".join(self.rows())
        return self.rows()

    def read(self, timeout_s: float) -> bool:
        """Pass on what the program wrote; gives whether it still runs."""
        if not select.select([self.child.fd], [], [], timeout_s)[0]:
            return True
        try:
            data = os.read(self.child.fd, 65_536)
        except OSError:
            return False
        self.engine.feed(data)
        replies = self.engine.take_replies()
        if replies:
            self.child.write(replies)
        return bool(data)

    def wait_end(self) -> None:
        deadline = time.monotonic() + _DEADLINE_S
        while self.read(1.0):
            assert time.monotonic() < deadline
        self.child.wait()


class Start(Protocol):
    """Starts a program for a person."""

    def __call__(self, *command: str, cols: int = 80, rows: int = 24) -> Person: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    people: list[Person] = []

    def make(*command: str, cols: int = 80, rows: int = 24) -> Person:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} isn't installed")
        people.append(Person(list(command), tmp_path, cols, rows))
        return people[-1]

    yield make
    for person in people:
        person.child.close(force=True)


def shows(text: str) -> Callable[[list[str]], bool]:
    return lambda rows: any(text in row for row in rows)


def test_shell(start: Start) -> None:
    shell = start("sh")
    shell.wait(lambda rows: rows[0] in ("#", "$"))
    shell.type("PS1='ready> '\r")
    shell.wait(lambda rows: any(row.startswith("ready>") for row in rows))
    shell.type("printf '%s\\n' one two | cat -n; stty size\r")
    rows = shell.wait(shows("24 80"))
    assert any(row.split() == ["2", "two"] for row in rows)
    shell.type("exit\r")
    shell.wait_end()
    assert shell.child.exitstatus == 0


def test_vim(start: Start, tmp_path: Path) -> None:
    vim = start("vim", "-u", "NONE", "-N", "text")
    vim.wait(lambda rows: rows[1:22] == ["~"] * 21)
    assert vim.engine.is_alternate
    vim.type("ihello")
    vim.wait(lambda rows: rows[0] == "hello")
    vim.press("Enter")
    vim.type("wörld 漢字")
    vim.wait(lambda rows: rows[1] == "wörld 漢字")
    vim.press("Escape")
    vim.type("ggyy3p")
    vim.wait(lambda rows: rows[:4] == ["hello"] * 4)
    vim.press("Down", "Home")
    vim.type("x:set number\r")
    vim.wait(lambda rows: rows[0].split() == ["1", "hello"])
    vim.type(":wq\r")
    vim.wait_end()
    assert (tmp_path / "text").read_text() == "hello\nhello\nello\nhello\nwörld 漢字\n"
    assert not vim.engine.is_alternate


def test_less(start: Start, tmp_path: Path) -> None:
    (tmp_path / "long").write_text("".join(f"row {number}\n" for number in range(200)))
    less = start("less", "long")
    less.wait(lambda rows: rows[22] == "row 22")
    less.type(" ")
    less.wait(lambda rows: rows[22] == "row 45")
    less.press("Up")
    less.wait(lambda rows: rows[0] == "row 22")
    less.press("End")
    less.wait(lambda rows: rows[22] == "row 199")
    less.type("/row 7\r")
    less.press("Home")
    less.type("/row 77\r")
    less.wait(lambda rows: rows[0] == "row 77")
    less.type("q")
    less.wait_end()


def test_htop(start: Start) -> None:
    htop = start("htop", cols=100, rows=30)
    htop.wait(shows("F10"))
    htop.wait(shows("PID"))
    header = next(row for row in htop.rows() if "PID" in row)
    assert "USER" in header
    assert "Quit" in htop.rows()[29]
    htop.press("F10")
    htop.wait_end()


def test_tmux(start: Start, tmp_path: Path) -> None:
    # Else tmux takes keys that come within a millisecond for a paste.
    (tmp_path / "config").write_text("set -g assume-paste-time 0\n")
    tmux = start("tmux", "-f", "config", "new-session", "sh")
    tmux.wait(lambda rows: "[0]" in rows[23] or rows[23].startswith("["))
    tmux.type("PS1='left> '\r")
    tmux.wait(shows("left>"))
    tmux.press("b", mods=("ctrl",))
    tmux.type("%")
    tmux.wait(lambda rows: all("│" in row for row in rows[:22]))
    tmux.type("PS1='right> '\r")
    rows = tmux.wait(shows("right>"))
    assert any("│right>" in row or "│" in row.split("right>")[0] for row in rows if "right>" in row)
    tmux.type("exit\r")
    tmux.wait(lambda rows: not any("│" in row for row in rows))
    tmux.type("exit\r")
    tmux.wait_end()


def test_mc(start: Start, tmp_path: Path) -> None:
    (tmp_path / "afile").write_text("x")
    commander = start("mc", "-u")
    commander.wait(lambda rows: rows[0].split()[:2] == ["Left", "File"] and "Quit" in rows[23])
    rows = commander.wait(shows("afile"))
    assert sum(row.count("┌") for row in rows) >= 2
    commander.press("F10")
    commander.wait_end()


def test_run_gives_the_status_and_the_screen(tmp_path: Path) -> None:
    script = (
        "stty -icanon -echo min 1; printf '\\033[18t'; "
        "dd bs=1 count=10 2>/dev/null | od -An -c; exit 5"
    )
    command = [sys.executable, "-m", "teleterm.terminal", "run", "--cols", "100", "--rows", "7"]
    child = PtyProcess.spawn([*command, "--dump", "text", "--", "sh", "-c", script])
    shown = b""
    while True:
        try:
            shown += child.read()
        except EOFError:
            break
    child.wait()
    assert child.exitstatus == 5
    assert b"033   [   8   ;   7   ;   1   0   0   t" in shown
