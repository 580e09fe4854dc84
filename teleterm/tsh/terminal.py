"""The terminal this program runs in: its size, raw mode, lines without echo."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from teleterm.model.errors import ErrorCode, Refused

DEFAULT_COLS, DEFAULT_ROWS = 80, 24
_MAX_LINE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Size:
    """Columns and rows."""

    cols: int
    rows: int


def size(fd: int = 0) -> Size:
    """The size of the terminal at `fd`, 80 by 24 when it is none."""
    try:
        found = os.get_terminal_size(fd)
    except (OSError, ValueError):
        return Size(DEFAULT_COLS, DEFAULT_ROWS)
    return Size(found.columns or DEFAULT_COLS, found.lines or DEFAULT_ROWS)


def cols() -> int:
    """The width tables are cut to."""
    try:
        return os.get_terminal_size(0).columns
    except OSError:
        return 0


async def hidden_line(fd: int) -> str:
    """Read one line without showing what is typed.

    Raises: Refused (CANCELLED) at the end of input.
    """
    with _without_echo(fd):
        return await line(fd)


async def line(fd: int) -> str:
    """Read one line; what is typed shows if the terminal shows it.

    Raises: Refused (CANCELLED) at the end of input.
    """
    await _readable(fd)
    raw = os.read(fd, _MAX_LINE_BYTES)
    while raw and not raw.endswith(b"\n") and len(raw) < _MAX_LINE_BYTES:
        await _readable(fd)
        more = os.read(fd, _MAX_LINE_BYTES)
        if not more:
            break
        raw += more
    if not raw:
        raise Refused("failed reading prompt response\n\tEOF", code=ErrorCode.CANCELLED)
    return raw.rstrip(b"\r\n").decode("utf-8", "surrogateescape")


if sys.platform == "win32":

    async def _readable(fd: int) -> None:
        del fd  # a console can't be waited for; os.read blocks instead

    @contextmanager
    def _without_echo(fd: int) -> Iterator[None]:
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.GetStdHandle(-10)
        mode = ctypes.c_uint32()
        kernel.GetConsoleMode(handle, ctypes.byref(mode))
        kernel.SetConsoleMode(handle, mode.value & ~0x4)
        try:
            yield
        finally:
            kernel.SetConsoleMode(handle, mode.value)

    @contextmanager
    def raw_mode(fd: int) -> Iterator[None]:
        """Hand every key on as it is; the console is as before afterwards."""
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.GetStdHandle(-10)
        mode = ctypes.c_uint32()
        kernel.GetConsoleMode(handle, ctypes.byref(mode))
        # no line editing, echo or signals; escape sequences for keys
        kernel.SetConsoleMode(handle, (mode.value & ~0x7) | 0x200)
        try:
            yield
        finally:
            kernel.SetConsoleMode(handle, mode.value)

else:

    async def _readable(fd: int) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(fd, ready.set)
        except (PermissionError, ValueError):
            return  # an ordinary file can always be read
        try:
            await ready.wait()
        finally:
            loop.remove_reader(fd)

    @contextmanager
    def _without_echo(fd: int) -> Iterator[None]:
        import termios

        before = termios.tcgetattr(fd)
        quiet = list(before)
        quiet[3] = (before[3] & ~termios.ECHO) | termios.ICANON | termios.ISIG
        quiet[0] = before[0] | termios.ICRNL
        termios.tcsetattr(fd, termios.TCSADRAIN, quiet)
        try:
            yield
        finally:
            termios.tcsetattr(fd, termios.TCSADRAIN, before)

    @contextmanager
    def raw_mode(fd: int) -> Iterator[None]:
        """Hand every key on as it is; the terminal is as before afterwards."""
        import termios
        import tty

        before = termios.tcgetattr(fd)
        tty.setraw(fd, termios.TCSADRAIN)
        try:
            yield
        finally:
            termios.tcsetattr(fd, termios.TCSADRAIN, before)
