"""The seam between an engine and whatever runs behind it."""

import os
import shutil
from collections.abc import Mapping, Sequence
from typing import Protocol

from teleterm.model.errors import BadInput, ErrorCode


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


def program_of(argv: Sequence[str], env: Mapping[str, str]) -> str:
    """Where a command line's program is, by the PATH that it will have itself.

    Raises: BadInput (client_missing) when it isn't there.
    """
    program = shutil.which(argv[0], path=env.get("PATH", os.defpath))
    if program is None:
        raise BadInput(
            f"{argv[0]} was not found in PATH. Install it, or copy the command.",
            field="argv",
            value=argv[0],
            code=ErrorCode.CLIENT_MISSING,
        )
    return program
