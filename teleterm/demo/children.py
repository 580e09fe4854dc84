"""Programs that a node's session runs: on a terminal of their own, or on pipes."""

import asyncio
import contextlib
import os
import signal
import struct
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from teleterm.demo.descriptors import DescriptorReader, DescriptorWriter
from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.osutil import procs

# The shell opens the terminal as the leader of a new session, which makes it the controlling one.
_ON_TERMINAL = 'SSH_TTY=$0; export SSH_TTY; exec "$@" <"$0" >"$0" 2>&1'


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run, where, and with which environment (nothing is added to it)."""

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalSize:
    """A terminal's size in cells."""

    columns: int
    rows: int


class Child:
    """A running program."""

    def __init__(
        self,
        process: procs.Process,
        stdin: DescriptorWriter,
        outputs: Sequence[DescriptorReader],
        *,
        terminal: int | None = None,
    ) -> None:
        self.stdin = stdin
        self.outputs = tuple(outputs)
        self._process = process
        self._terminal = terminal
        self._ended = asyncio.get_running_loop().create_future()
        loop = asyncio.get_running_loop()
        self._waiter = threading.Thread(target=self._wait, args=(loop,), daemon=True)
        self._waiter.start()

    @property
    def pid(self) -> int:
        """The process, which leads a session and a group of its own."""
        return self._process.pid

    @property
    def has_terminal(self) -> bool:
        """Whether it runs on a terminal."""
        return self._terminal is not None

    async def wait(self) -> int:
        """Give the exit status; negative is the signal that ended it."""
        return int(await asyncio.shield(self._ended))

    def resize(self, size: TerminalSize) -> None:
        """Change the terminal's size."""
        if self._terminal is not None:
            _set_size(self._terminal, size)

    def send_signal(self, name: str) -> None:
        """Send a signal, named without SIG, to what runs in the foreground."""
        number = getattr(signal, f"SIG{name}", None)
        if sys.platform != "win32" and isinstance(number, signal.Signals):
            group = self._process.pid
            with contextlib.suppress(OSError):
                if self._terminal is not None:
                    group = os.tcgetpgrp(self._terminal)
                os.killpg(group, number)

    def hang_up(self) -> None:
        """Tell the program and what runs in its foreground that the terminal is gone."""
        self.send_signal("HUP")
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGHUP)

    def kill(self) -> None:
        """End the program and all it has started in its session, at once."""
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def release_terminal(self) -> None:
        """Let go of the terminal, so that reading it ends when the program's own hold does."""
        if self._terminal is not None:
            os.close(self._terminal)
            self._terminal = None

    def close(self) -> None:
        """Close everything; the program must have ended and nobody may be reading."""
        self.release_terminal()
        self.stdin.close()
        for output in self.outputs:
            output.close()

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        status = self._process.wait()
        with contextlib.suppress(RuntimeError):  # the loop may have been closed meanwhile
            loop.call_soon_threadsafe(self._set_ended, status)

    def _set_ended(self, status: int) -> None:
        if not self._ended.done():
            self._ended.set_result(status)


def start_on_terminal(command: Command, size: TerminalSize) -> Child:
    """Run a command on a new terminal, as its controlling one.

    Raises: Unreachable when it can't be started.
    """
    if sys.platform != "win32":
        master, terminal = os.openpty()
        try:
            _set_size(terminal, size)
            process = procs.spawn(
                ["/bin/sh", "-c", _ON_TERMINAL, os.ttyname(terminal), *command.argv],
                env=command.env,
                cwd=command.cwd,
                stdout=procs.DEVNULL,
                stderr=procs.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            os.close(master)
            os.close(terminal)
            raise
        # Our own hold on the terminal keeps reading from failing before the child has opened it.
        return Child(
            process,
            DescriptorWriter(os.dup(master)),
            [DescriptorReader(master)],
            terminal=terminal,
        )
    raise Unreachable("The demo's nodes need Unix terminals.", code=ErrorCode.NOT_IMPLEMENTED)


def start_on_pipes(command: Command) -> Child:
    """Run a command on pipes.

    Raises: Unreachable when it can't be started.
    """
    process = procs.spawn(
        command.argv,
        env=command.env,
        cwd=command.cwd,
        stdin=procs.PIPE,
        stdout=procs.PIPE,
        stderr=procs.PIPE,
        start_new_session=True,
    )
    readers: list[DescriptorReader] = []
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            readers.append(DescriptorReader(os.dup(pipe.fileno())))
            pipe.close()
    stdin = process.stdin
    if stdin is None:
        raise AssertionError("asked for a pipe")
    writer = DescriptorWriter(os.dup(stdin.fileno()))
    stdin.close()
    return Child(process, writer, readers)


def _set_size(descriptor: int, size: TerminalSize) -> None:
    if sys.platform != "win32":
        import fcntl
        import termios

        packed = struct.pack("HHHH", size.rows, size.columns, 0, 0)
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, packed)
