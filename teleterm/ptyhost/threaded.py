"""A pty that can only be read by waiting: a thread waits, and the loop sees a socket.

Windows has no descriptor of a pseudo console to select on, but it can select on sockets; so the
rules of pressure and the terminal's loop are the same there.
"""

import contextlib
import socket
import threading
from typing import Protocol

READ_BYTES = 65536


class WaitingPty(Protocol):
    """What a thread may do with a pty. Thread: `read` in its own, the rest in the loop's."""

    pid: int

    def read(self, size: int) -> bytes:
        """Wait for bytes; b"" when there will be none any more."""

    def write(self, data: bytes) -> int:
        """Take bytes for the program and say how many."""

    def resize(self, cols: int, rows: int) -> None:
        """Tell the program its new size."""

    def end(self) -> None:
        """End the program and everything it started."""

    def poll(self) -> int | None:
        """The status once the program has ended."""

    def close(self) -> None:
        """Give the pty back; a `read` that waits returns."""


class ThreadedPty:
    """A `PtyBackend` over a pty that waits.

    The thread hands bytes on through a socket pair and waits while that is full: a program that
    floods is stopped by the system, as it is where the loop reads the pty itself.
    """

    def __init__(self, pty: WaitingPty) -> None:
        self._pty = pty
        self.pid = pty.pid
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._thread = threading.Thread(
            target=_hand_on, args=(pty, theirs), name=f"pty {pty.pid}", daemon=True
        )
        self._thread.start()

    def fileno(self) -> int:
        """The socket that has the program's bytes."""
        return self._ours.fileno()

    def read(self, size: int) -> bytes | None:
        """Up to `size` bytes; None when there are none now, b"" when there will be none."""
        try:
            return self._ours.recv(size)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def write(self, data: bytes) -> int:
        """Take bytes; a pty that has gone takes everything and forgets it."""
        try:
            return self._pty.write(data)
        except OSError:
            return len(data)

    def resize(self, cols: int, rows: int) -> None:
        """Tell the program its new size."""
        with contextlib.suppress(OSError):
            self._pty.resize(cols, rows)

    def signal_group(self, number: int) -> None:
        """Any signal ends the program: there are no others to send."""
        del number
        with contextlib.suppress(OSError):
            self._pty.end()

    def poll(self) -> tuple[int, int] | None:
        """(status, 0) once the program has ended."""
        status = self._pty.poll()
        return None if status is None else (status, 0)

    def close(self) -> None:
        """Give the pty back and wait for the thread.

        Blocks: until a `read` of the pty returns, which closing it makes happen.
        """
        self._ours.close()
        self._pty.close()
        self._thread.join(timeout=2.0)


def _hand_on(pty: WaitingPty, into: socket.socket) -> None:
    """The thread: from the pty into the socket until either has gone."""
    with into, contextlib.suppress(OSError):
        while data := pty.read(READ_BYTES):
            into.sendall(data)
