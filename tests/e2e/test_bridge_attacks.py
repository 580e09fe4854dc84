"""The bridge attacked from either end: main survives a window that lies, a window leaves a main.

Source: packaging-security.md 6 and 7.
"""

import array
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from teleterm.bridge import framing
from teleterm.bridge.contract import (
    Answer,
    Ask,
    AttachTerminal,
    Done,
    Quit,
    Tell,
    TerminalOpened,
)
from teleterm.bridge.contract import BringForward as Forward
from teleterm.bridge.contract import WindowReady as Ready
from tests.support.fake_main import FakeMain
from tests.support.stand_in import MainUnderTest, StandIn, open_shell

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def framed(message: object) -> bytes:
    """Any value as a frame."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(4, "big") + body


LIES = {
    "a length of four gigabytes": b"\xff\xff\xff\xff",
    "no message at all": b"\0\0\0\1\xc1",
    "a call that is in no contract": framed({"ask_id": 1, "body": {"type": "RunProgram"}}),
    "a call with one field too many": framed(
        {"ask_id": 1, "body": {"type": "Quit", "argv": ["/bin/sh"]}}
    ),
    "a field of another kind": framed({"ask_id": "1", "body": {"type": "Quit"}}),
    "main's own words": framing.pack(Answer(ask_id=1, body=Done())),
}
TO_WINDOW = {
    "a length of four gigabytes": b"\xff\xff\xff\xff",
    "no message at all": b"\0\0\0\1\xc1",
    "an event of no contract": framed({"type": "Tell", "body": {"type": "Eval", "script": "exit"}}),
    "the window's own words": framing.pack(Ask(ask_id=1, body=Quit())),
    "the end within a frame": framing.pack(Tell(body=Forward()))[:-1],
}


@pytest.fixture
def main() -> Iterator[MainUnderTest]:
    """A main process in a home of its own."""
    running = MainUnderTest()
    running.start(SHELL="/bin/sh")
    yield running
    running.stop()


def greeted(main: MainUnderTest) -> StandIn:
    """The next window."""
    window = main.window()
    window.hello()
    return window


@pytest.mark.parametrize("names", [tuple(LIES)[:3], tuple(LIES)[3:]])
def test_a_window_that_lies_is_dropped_and_another_one_finds_its_shell(
    main: MainUnderTest, names: tuple[str, ...]
) -> None:
    window = greeted(main)
    ident = open_shell(window)
    shells = main.shells()
    assert len(shells) == 1
    for name in names:
        window.send_bytes(LIES[name])
        window.until_closed()
        window = greeted(main)
        assert window.ask(AttachTerminal(terminal_id=ident), TerminalOpened).terminal_id == ident
    assert main.shells() == shells
    assert main.process is not None
    assert main.process.poll() is None


def test_descriptors_that_a_window_sends_are_never_taken(main: MainUnderTest) -> None:
    window = greeted(main)
    reader, writer = os.pipe()
    rights = array.array("i", [writer] * 20)
    data = framing.pack(Ask(ask_id=1000, body=Ready()))
    window.send_bytes(data, [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights.tobytes())])
    window.answer(1000, Done)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"", "somebody else holds the other end"


@pytest.mark.parametrize("name", TO_WINDOW)
def test_a_window_leaves_a_main_that_lies(name: str) -> None:
    fake = FakeMain()
    fake.start()
    try:
        fake.send_bytes(TO_WINDOW[name])
        if name == "the end within a frame":
            assert fake.stop() == 0, "an end is an end"
        else:
            assert fake.wait_end(10) == 1
    finally:
        fake.stop()
    assert not Path(f"/proc/{fake.pid}").exists()
