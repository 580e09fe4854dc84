"""A terminal whose pty can only be read by waiting: the whole loop, with the thread fallback."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from teleterm.bridge import frames
from teleterm.model.errors import BadInput
from teleterm.ptyhost import windows
from teleterm.ptyhost.threaded import ThreadedPty
from teleterm.terminal.engine import Engine
from tests.support.frame_screen import FrameScreen
from tests.support.stand_in_console import StandInConsole, end

assert sys.platform != "win32"  # the loop takes its channel as a descriptor

from teleterm.ptyhost.terminal_process import TerminalProcess  # noqa: E402 - POSIX only

pytestmark = pytest.mark.slow
ENV = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


def start(*argv: str) -> ThreadedPty:
    """A program in a stand-in console."""
    return windows.spawn(argv, env=ENV, cwd="/", cols=80, rows=24, make=StandInConsole, end=end)


@contextmanager
def terminal(*argv: str) -> Iterator[FrameScreen]:
    """A terminal's loop over a console, and somebody who looks."""
    control, far = socket.socketpair()
    window, channel = socket.socketpair()
    far.setblocking(False)
    loop = TerminalProcess(Engine(80, 24, scrollback=1000), start(*argv), far)
    thread = threading.Thread(target=loop.run, daemon=True)
    thread.start()
    socket.send_fds(control, [b"A"], [window.fileno()])
    window.close()
    try:
        with FrameScreen(channel.detach(), timeout_s=20) as screen:
            yield screen
    finally:
        control.close()
        thread.join(timeout=20.0)
        far.close()
    assert not thread.is_alive()


def test_keys_reach_a_program_and_its_words_come_back() -> None:
    with terminal("sh", "-c", "stty -echo; echo ready; read x; echo got:$x; stty size") as screen:
        screen.until(lambda text: "ready" in text)
        screen.says(frames.Resized(100, 30))
        screen.says(frames.Committed("grüße"))
        screen.says(frames.Pressed("Enter", 0))
        screen.until(lambda text: "got:grüße\n30 100" in text)
        screen.until(lambda _text: screen.ended is not None)
        assert screen.ended == frames.Ended(0, 0)


def test_a_flood_waits_for_who_looks() -> None:
    with terminal("yes") as screen:
        screen.acknowledges = False
        screen.until(lambda _text: screen.frames == 1)
        for number in range(1, 4):  # each answer comes after the loop has read the flood again
            screen.says(frames.AskSpan(number, "all", (0, 0), " "))
            _answered(screen, number)
        assert screen.frames == 1  # the first one isn't painted: there is no second


def _answered(screen: FrameScreen, count: int) -> None:
    screen.until(lambda _text: len(screen.answers) == count)


def test_control_c_ends_a_flood() -> None:
    with terminal("yes") as screen:
        screen.until(lambda text: "y\ny\ny\n" in text)
        screen.says(frames.Pressed("c", 4))
        screen.until(lambda _text: screen.ended is not None)


def test_letting_go_ends_the_program() -> None:
    with terminal("sh", "-c", "echo $$; exec cat") as screen:
        pid = int(screen.until(lambda text: text.strip().isdigit()))
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL


def test_a_character_that_was_cut_waits_for_its_rest() -> None:
    pty = start("sh", "-c", "stty -echo; exec cat")
    try:
        data = "日\n".encode()
        assert pty.write(data[:2]) == 2
        assert pty.write(data[2:]) == 2
        found = b""
        while "日".encode() not in found:
            found += pty.read(100) or b""
    finally:
        pty.close()


def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(BadInput, match="nothere was not found in PATH"):
        start("nothere")
