"""The seam between an engine and whatever runs behind it."""

from typing import Protocol


class PtyBackend(Protocol):
    """A program behind a terminal.

    Thread: one. Nothing here waits but `hang_up`'s caller, who asks `poll` until the end.
    """

    pid: int

    def fileno(self) -> int:
        """What to wait on for reading and writing."""

    def read(self, size: int) -> bytes | None:
        """Up to `size` bytes; None when there are none now, b"" when there will be none."""

    def write(self, data: bytes) -> int:
        """Take as many bytes as fit now (0: none) and say how many."""

    def resize(self, cols: int, rows: int) -> None:
        """Tell the program its new size."""

    def signal_group(self, number: int) -> None:
        """Send a signal to the program's group; nothing happens when it has gone."""

    def poll(self) -> tuple[int, int] | None:
        """(status, signal) once the program has ended, else None; signal 0 when it ended itself."""

    def close(self) -> None:
        """Give the pty back."""
