"""The process of a desktop as main starts it, with its two channels in a test's hands."""

import contextlib
import socket
import subprocess
from collections.abc import Iterator

from teleterm.bridge import desktop_contract as contract
from teleterm.bridge.desktop_contract import Data
from teleterm.main import launch
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import Message, decode, encode
from teleterm.wire.tdp.messages import KeyboardLayout, ScreenSpec

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


@contextlib.contextmanager
def running_session(width: int, height: int) -> Iterator[Session]:
    """A process that shows a desktop of that size, and has said so."""
    main, for_main = socket.socketpair()
    window, for_window = socket.socketpair()
    with main, window:
        with for_main, for_window:
            process = launch.desktop(for_main.fileno(), for_window.fileno(), width, height)
        main.settimeout(LIMIT_S)
        window.settimeout(LIMIT_S)
        made = Session(process, main, window)
        try:
            assert made.sent() == ScreenSpec(width, height)
            assert isinstance(made.sent(), KeyboardLayout)
            yield made
        finally:
            process.kill()
            process.wait()
