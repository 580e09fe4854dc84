"""The process of a desktop as main starts it: sealed, fed with recorded and broken messages."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.bridge import desktop_contract as contract
from teleterm.bridge.desktop_contract import Data
from teleterm.desktop import freerdp
from teleterm.main import launch
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import Message, decode, encode
from teleterm.wire.tdp.messages import Activated, FastPath, KeyboardLayout, PngFrame, ScreenSpec

pytestmark = pytest.mark.slow
RECORDED = Path(__file__).parents[1] / "recorded" / "xrdp-remotefx.bin"
needs_freerdp = pytest.mark.skipif(
    freerdp.load() is None, reason="FreeRDP's library is not installed"
)
WIDTH, HEIGHT = 640, 480
LIMIT_S = 20.0


class Session:
    """Main and the window of one process, in one thread."""

    def __init__(self, process: "subprocess.Popen[bytes]", main: socket.socket,
                 window: socket.socket) -> None:  # fmt: skip
        self.process, self.main, self.window = process, main, window
        self._from_process = contract.main_reader()
        self._to_window = contract.window_reader()
        self._shown: list[contract.ToWindow] = []
        self._sent: list[Data] = []

    def gives(self, *messages: Message) -> None:
        """The desktop sends messages."""
        for message in messages:
            self.raw(encode(message))

    def raw(self, data: bytes) -> None:
        """The desktop sends bytes."""
        self.main.sendall(contract.pack(Data(data)))

    def shown(self) -> contract.ToWindow:
        """The next thing that the window is shown."""
        while not self._shown:
            data = self.window.recv(1 << 16)
            assert data, "the process has closed the window's channel"
            self._shown += self._to_window.feed(data)
        return self._shown.pop(0)

    def sent(self) -> Message:
        """The next message for the desktop."""
        while not self._sent:
            data = self.main.recv(1 << 16)
            assert data, "the process has closed main's channel"
            self._sent += self._from_process.feed(data)
        return decode(self._sent.pop(0).data, files.ALL)

    def ended(self) -> contract.Ended:
        """How it ends; pictures before it are left out."""
        while not isinstance(last := self.shown(), contract.Ended):
            pass
        assert self.process.wait(LIMIT_S) == 0
        return last


@pytest.fixture
def session() -> Iterator[Session]:
    main, for_main = socket.socketpair()
    window, for_window = socket.socketpair()
    with main, window:
        with for_main, for_window:
            process = launch.desktop(for_main.fileno(), for_window.fileno(), WIDTH, HEIGHT)
        main.settimeout(LIMIT_S)
        window.settimeout(LIMIT_S)
        made = Session(process, main, window)
        try:
            assert made.sent() == ScreenSpec(WIDTH, HEIGHT)
            assert isinstance(made.sent(), KeyboardLayout)
            yield made
        finally:
            process.kill()
            process.wait()


@needs_freerdp
def test_remotefx_is_decoded_behind_the_seal(session: Session) -> None:
    session.gives(Activated(1003, 1007, WIDTH, HEIGHT))
    assert session.shown() == contract.Size(WIDTH, HEIGHT)
    session.gives(FastPath(RECORDED.read_bytes()))
    while not isinstance(picture := session.shown(), contract.Picture):
        pass
    assert (picture.width, picture.height, picture.form) == (WIDTH, HEIGHT, "ppm")
    assert len(picture.data) > WIDTH * HEIGHT * 3
    assert type(session.sent()).__name__ == "RdpResponse"


def test_it_leaves_with_the_window(session: Session) -> None:
    session.window.close()
    assert session.process.wait(LIMIT_S) == 0


def test_it_leaves_with_main(session: Session) -> None:
    session.main.close()
    assert session.process.wait(LIMIT_S) == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\x05\x00",
        encode(PngFrame(0, 0, 9, 9, b"no picture")),
        encode(Activated(1003, 1007, 65535, 65535)),
        bytes([FastPath.TYPE]) + b"\xff\xff\xff\xff",
    ],
)
def test_broken_messages_end_it_with_a_sentence(session: Session, data: bytes) -> None:
    session.raw(data)
    ended = session.ended()
    assert ended.message.startswith("The desktop's connection broke: ")
    assert ended.hint == "Connect again."


@needs_freerdp
@pytest.mark.parametrize("at", range(40, 44000, 4391))
def test_damaged_remotefx_ends_it_or_is_drawn(session: Session, at: int) -> None:
    recorded = bytearray(RECORDED.read_bytes())
    recorded[at] ^= 0xFF
    session.gives(Activated(1003, 1007, WIDTH, HEIGHT), FastPath(bytes(recorded)))
    assert session.shown() == contract.Size(WIDTH, HEIGHT)
    seen = session.shown()
    if isinstance(seen, contract.Picture):
        assert seen.left + seen.width <= WIDTH
        assert seen.top + seen.height <= HEIGHT


def test_main_says_how_it_ended(session: Session) -> None:
    session.main.sendall(
        contract.pack_end(contract.Ended("Your login has ended.", needs_login=True))
    )
    assert session.ended() == contract.Ended("Your login has ended.", needs_login=True)
