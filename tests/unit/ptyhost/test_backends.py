"""One contract for whatever is behind a terminal: a real pty, and a console as Windows has it."""

import os
import select
import signal
import sys
from collections.abc import Iterator
from typing import Protocol

import pytest

from teleterm.model.errors import BadInput
from teleterm.ptyhost import windows
from teleterm.ptyhost.backend import PtyBackend
from tests.support.stand_in_console import StandInConsole, end

assert sys.platform != "win32"  # one of the two is a real pty

from teleterm.ptyhost import posix  # noqa: E402 - POSIX only

pytestmark = pytest.mark.slow
ENV = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
WAIT_S = 30.0


class Start(Protocol):
    """Starts a program behind a terminal."""

    def __call__(self, *argv: str) -> PtyBackend: ...


def a_pty(*argv: str) -> PtyBackend:
    """A real one."""
    return posix.spawn(argv, env=ENV, cwd="/", cols=80, rows=24)


def a_console(*argv: str) -> PtyBackend:
    """A console that can only be waited for, as pywinpty's."""
    return windows.spawn(argv, env=ENV, cwd="/", cols=80, rows=24, make=StandInConsole, end=end)


@pytest.fixture(params=[a_pty, a_console], ids=["pty", "console"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    """Starts a program; everything is ended and given back afterwards."""
    started: list[PtyBackend] = []

    def run(*argv: str) -> PtyBackend:
        started.append(request.param(*argv))
        return started[-1]

    yield run
    for one in started:
        one.signal_group(signal.SIGKILL)
        one.close()


def reads(pty: PtyBackend, words: bytes) -> bytes:
    """Wait for these words; "" stands for the end."""
    found = b""
    while not (words and words in found):
        assert select.select([pty.fileno()], [], [], WAIT_S)[0], found
        data = pty.read(4096)
        if data == b"":
            assert not words, found
            return found
        found += data or b""
    return found


def ended(pty: PtyBackend) -> tuple[int, int]:
    """How the program ended, once it has; its words are read meanwhile."""
    reads(pty, b"")
    for _ in range(int(WAIT_S / 0.02)):
        if told := pty.poll():
            return told
        select.select([], [], [], 0.02)
    raise AssertionError("it never ended")


def test_what_is_typed_arrives_and_the_answer_comes_back(start: Start) -> None:
    pty = start("sh", "-c", "stty -echo; echo ready; read x; echo got:$x")
    reads(pty, b"ready")
    assert pty.write(b"42\n") == 3
    assert b"got:42" in reads(pty, b"got:42")


def test_nothing_to_read_is_not_the_end(start: Start) -> None:
    pty = start("sh", "-c", "stty -echo; echo ready; read x; echo over")
    reads(pty, b"ready\r\n")
    assert pty.read(4096) is None
    assert pty.poll() is None
    pty.write(b"\n")
    assert b"over" in reads(pty, b"")
    assert pty.read(4096) == b""


def test_the_size_is_told_and_changed(start: Start) -> None:
    pty = start("sh", "-c", "stty size; stty -echo; echo ready; read x; stty size")
    assert b"24 80" in reads(pty, b"ready")
    pty.resize(100, 30)
    pty.write(b"\n")
    assert b"30 100" in reads(pty, b"30 100")


@pytest.mark.parametrize("status", [0, 3, 77])
def test_the_status_is_told_once_it_has_ended(start: Start, status: int) -> None:
    assert ended(start("sh", "-c", f"exit {status}"))[0] == status


def test_a_signal_to_the_group_ends_it(start: Start) -> None:
    pty = start("sh", "-c", "echo ready; exec cat")
    reads(pty, b"ready")
    pty.signal_group(signal.SIGKILL)
    ended(pty)


def test_a_program_that_has_gone_takes_everything_in_silence(start: Start) -> None:
    pty = start("true")
    ended(pty)
    assert pty.write(b"anybody?") == 8
    pty.resize(10, 10)
    pty.signal_group(signal.SIGHUP)


def test_a_program_that_is_missing_is_named(start: Start) -> None:
    with pytest.raises(BadInput, match="nothere was not found in PATH"):
        start("nothere")
