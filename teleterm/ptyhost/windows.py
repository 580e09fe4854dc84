"""A pseudo console on Windows, through pywinpty."""

import codecs
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from teleterm.ptyhost.backend import program_of
from teleterm.ptyhost.threaded import ThreadedPty


class Winpty(Protocol):
    """The part of `winpty.PTY` that is used; it speaks text, and raises when the pty has gone."""

    pid: int | None

    def spawn(self, appname: str, cmdline: str, cwd: str, env: str) -> bool:
        """Start a program; `env` is `NAME=value` pairs with a NUL behind each."""

    def read(self, length: int, blocking: bool) -> str:  # noqa: FBT001 - pywinpty's own
        """Text of the program; waits for it if `blocking`."""

    def write(self, to_write: str) -> int:
        """Text for the program; tells how many bytes were taken."""

    def set_size(self, cols: int, rows: int) -> None:
        """Change the console's size."""

    def isalive(self) -> bool:
        """Whether the program runs."""

    def iseof(self) -> bool:
        """Whether there will be no more text."""

    def get_exitstatus(self) -> int | None:
        """The program's status once it has ended."""


Maker = Callable[[int, int], Winpty]
"""From columns and rows to a console without a program yet."""


class ConsolePty:
    """A console as bytes, for `ThreadedPty`."""

    def __init__(self, console: Winpty, end: Callable[[int], object]) -> None:
        self._console, self._end = console, end
        self.pid = console.pid or 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._is_closed = False

    def read(self, size: int) -> bytes:
        """Wait for bytes; b"" when there will be none any more."""
        while not self._is_closed:
            try:
                text = self._console.read(size, True)
            except Exception as error:
                if _is_winpty(error):
                    return b""
                raise
            if text:
                return text.encode("utf-8", "surrogatepass")
            if self._console.iseof() or not self._console.isalive():
                return b""
        return b""

    def write(self, data: bytes) -> int:
        """Take bytes; a character that was cut waits for its rest."""
        text = self._decoder.decode(data)
        if text:
            try:
                self._console.write(text)
            except Exception as error:
                if not _is_winpty(error):
                    raise
                raise OSError(str(error)) from None
        return len(data)

    def resize(self, cols: int, rows: int) -> None:
        """Tell the program its new size."""
        self._console.set_size(cols, rows)

    def end(self) -> None:
        """End the program."""
        if self.pid:
            self._end(self.pid)

    def poll(self) -> int | None:
        """The status once the program has ended."""
        return None if self._console.isalive() else (self._console.get_exitstatus() or 0)

    def close(self) -> None:
        """End what still runs, so that a waiting `read` returns."""
        self._is_closed = True
        if self._console.isalive():
            self.end()


def _is_winpty(error: Exception) -> bool:
    """Whether it is the library's own error, which has no base class but Exception."""
    return type(error).__name__ == "WinptyError" or isinstance(error, OSError)


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: str,
    cols: int,
    rows: int,
    make: Maker,
    end: Callable[[int], object],
) -> ThreadedPty:
    """Start a program in a new console; `end` ends a process by its id.

    Raises: BadInput (client_missing) when the program isn't there; OSError for the rest.
    """
    program = program_of(argv, env)
    console = make(cols, rows)
    block = "".join(f"{name}={value}\0" for name, value in env.items())
    folder = cwd if cwd and os.path.isdir(cwd) else os.path.expanduser("~")  # noqa: PTH111, PTH112
    if not console.spawn(program, _tail(argv), folder, block):
        raise OSError(f"{argv[0]} could not be started in a console.")
    return ThreadedPty(ConsolePty(console, end))


if sys.platform == "win32":

    def console(cols: int, rows: int) -> Winpty:
        """A console of this system, without a program yet."""
        import winpty

        made: Winpty = winpty.PTY(cols, rows)
        return made


def _tail(argv: Sequence[str]) -> str:
    """The arguments behind the program's name, quoted as Windows programs read them."""
    return (" " + subprocess.list2cmdline(argv[1:])) if len(argv) > 1 else ""
