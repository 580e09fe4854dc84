"""A session's output on its way into a file that somebody asked for."""

import os
from pathlib import Path

from teleterm.osutil import downloads

LIMIT_BYTES = 1024 * 1024 * 1024
"""A program that floods all night must not fill the disk."""


class Recorder:
    """Writes what a program prints as it came, colours and all, to one new file at a time."""

    def __init__(self, home: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._home, self._limit_bytes = home, limit_bytes
        self._descriptor = -1
        self._left_bytes = 0
        self.path = ""
        """Where it writes to; empty while it doesn't."""

    def start(self, name: str) -> None:
        """Write to a new file in the downloads folder from now on.

        Raises: OSError when it can't be made.
        """
        self.stop()
        path, self._descriptor = downloads.create(self._home, name, ".log")
        self.path, self._left_bytes = str(path), self._limit_bytes

    def write(self, data: bytes) -> str:
        """Write what was printed, if it writes; gives why it has to stop, or nothing."""
        if self._descriptor < 0:
            return ""
        if len(data) > self._left_bytes:
            self.stop()
            return f"The log has reached its limit of {self._limit_bytes // 1024**2} MiB."
        try:
            self._left_bytes -= len(data)
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:
            self.stop()
            return f"The log could not be written: {error.strerror or error}."
        return ""

    def stop(self) -> None:
        """Write no more; the file stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self.path = -1, ""
