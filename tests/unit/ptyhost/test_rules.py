"""The rules of pressure, counted on a terminal's own loop: no clock decides anything here.

Source: terminal-engine.md, "Rules for pressure"; rule 2 is in test_pressure.py, 6 in the window.
"""

import socket
import sys
import threading
from collections.abc import Callable, Sequence

from teleterm.bridge import frames
from teleterm.ptyhost.pressure import CHUNK_BYTES
from teleterm.ptyhost.threaded import ThreadedPty
from teleterm.terminal.engine import Engine

assert sys.platform != "win32"  # the loop takes its channel as a descriptor

from teleterm.ptyhost.terminal_process import TerminalProcess  # noqa: E402 - POSIX only

MIB = 1024 * 1024


class Flood:
    """A program that prints for `lasts` reads and then ends; keys go to `written`.

    With `lasts` 0 it is silent until `speaks`, and ends then.
    """

    pid = 1

    def __init__(self, lasts: int = 1_000_000) -> None:
        self._here, self._there = socket.socketpair()
        self.lasts = lasts
        if lasts:
            self.speaks()
        self.reads = 0
        self.most_bytes = 0
        self.written = bytearray()
        self.takes_keys = True
        self.on_write: Callable[[], object] = lambda: None

    def speaks(self) -> None:
        """From now on there is always something to read: nobody takes this away."""
        self._there.send(b"!")

    def fileno(self) -> int:
        return self._here.fileno()

    def read(self, size: int) -> bytes | None:
        self.reads += 1
        self.most_bytes = max(self.most_bytes, size)
        return (b"y\r\n" * (size // 3 + 1))[:size] if self.reads <= self.lasts else b""

    def write(self, data: bytes) -> int:
        if not self.takes_keys:
            return 0
        taken = data[:4096]
        self.written += taken
        self.on_write()
        return len(taken)

    def resize(self, cols: int, rows: int) -> None:
        return None

    def signal_group(self, number: int) -> None:
        return None

    def poll(self) -> tuple[int, int] | None:
        return 0, 0

    def close(self) -> None:
        self._here.close()
        self._there.close()


def runs(
    pty: Flood,
    messages: Sequence[frames.ToEngine],
    on_said: Callable[[frames.ToWindow], object] = lambda _message: None,
) -> list[frames.ToWindow]:
    """The loop from its start to its end, for a window that says this and never answers a frame.

    It ends when the pty does: then the host lets go.
    """
    control, far = socket.socketpair()
    window, channel = socket.socketpair()
    far.setblocking(False)
    socket.send_fds(control, [b"A"], [window.fileno()])
    window.close()
    reader = frames.window_reader()
    said: list[frames.ToWindow] = []

    def speak() -> None:
        channel.sendall(b"".join(frames.pack(message) for message in messages))

    def listen() -> None:
        while data := channel.recv(65536):
            for message in reader.feed(data):
                said.append(message)
                on_said(message)
                if isinstance(message, frames.Ended):
                    control.close()

    threads = [threading.Thread(target=speak), threading.Thread(target=listen)]
    for thread in threads:
        thread.start()
    loop = TerminalProcess(Engine(80, 24, scrollback=100), pty, far)
    loop.run()
    loop.let_go()
    far.close()
    for thread in threads:
        thread.join()
    channel.close()
    return said


def test_one_frame_is_on_its_way_however_much_comes() -> None:
    pty = Flood(lasts=300)
    said = runs(pty, [])
    paints = [message for message in said if isinstance(message, frames.Paint)]
    assert len(paints) == 2  # the first, never answered; and the last, which tells the end
    assert pty.reads == 301


def test_a_key_is_written_before_the_next_but_one_feed() -> None:
    pty = Flood()
    reads_at_key: list[int] = []

    def stops() -> None:
        reads_at_key.append(pty.reads)
        pty.lasts = 0

    pty.on_write = stops
    runs(pty, [frames.Pressed("c", 4)])
    assert bytes(pty.written) == b"\x03"
    assert pty.most_bytes <= CHUNK_BYTES
    assert pty.reads <= reads_at_key[0] + 1  # what it still prints is not waited for


def test_a_program_that_reads_nothing_stops_pastes_but_never_keys_or_the_loop() -> None:
    pty = Flood(lasts=0)
    pty.takes_keys = False
    big = "x" * (MIB - 4096)

    def ends() -> None:
        if pty.written.endswith(b"k"):
            pty.speaks()

    def reads_again(message: frames.ToWindow) -> None:
        if isinstance(message, frames.Warned):
            warned.append(message.text)
            pty.takes_keys = True

    warned: list[str] = []
    pty.on_write = ends
    messages: list[frames.ToEngine] = [frames.Pasted(big), frames.Pasted(big)]
    messages.append(frames.Pressed("k", 0))
    runs(pty, messages, reads_again)
    assert warned == ["Not pasted: the program isn't reading."]
    assert bytes(pty.written) == big.encode() + b"k"


class Spring:
    """A console whose program prints without end; it counts what was taken of it."""

    pid = 1

    def __init__(self) -> None:
        self.produced_bytes = 0
        self._is_closed = False

    def read(self, size: int) -> bytes:
        if self._is_closed:
            return b""
        self.produced_bytes += size
        return b"y" * size

    def write(self, data: bytes) -> int:
        return len(data)

    def resize(self, cols: int, rows: int) -> None:
        return None

    def end(self) -> None:
        self._is_closed = True

    def poll(self) -> int | None:
        return None

    def close(self) -> None:
        self._is_closed = True


def test_the_backlog_of_a_console_is_bounded() -> None:
    spring = Spring()
    pty = ThreadedPty(spring)
    try:
        taken_bytes = 0
        while taken_bytes < 16 * MIB:
            data = pty.read(65536)
            taken_bytes += len(data or b"")
            assert spring.produced_bytes - taken_bytes <= MIB
    finally:
        pty.close()
