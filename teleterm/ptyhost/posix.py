"""A real pty on Linux and macOS."""

import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence

from teleterm.ptyhost.backend import program_of

assert sys.platform != "win32"  # noqa: S101 - tells mypy that the rest is POSIX only

from ptyprocess import PtyProcess  # noqa: E402 - it can't be imported elsewhere


class PosixPty:
    """A program in a pty of its own, leader of its session."""

    def __init__(self, process: PtyProcess) -> None:
        self._process = process
        self.pid: int = process.pid
        self._descriptor: int = process.fd
        self._ended: tuple[int, int] | None = None
        os.set_blocking(self._descriptor, False)

    def fileno(self) -> int:
        """The pty's master end."""
        return self._descriptor

    def read(self, size: int) -> bytes | None:
        """Up to `size` bytes; Linux gives at most 4 KiB at once, so ask again until None."""
        try:
            return os.read(self._descriptor, size)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def write(self, data: bytes) -> int:
        """Take as many bytes as fit now; a pty that has gone takes everything and forgets it."""
        try:
            return os.write(self._descriptor, data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            return len(data)

    def resize(self, cols: int, rows: int) -> None:
        """Set the window size; the kernel sends SIGWINCH."""
        with contextlib.suppress(OSError):
            self._process.setwinsize(rows, cols)

    def signal_group(self, number: int) -> None:
        """Send a signal to the session's group."""
        with contextlib.suppress(OSError):
            os.killpg(self.pid, number)

    def poll(self) -> tuple[int, int] | None:
        """(status, signal) once the program has ended; reaps it."""
        if self._ended is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self._ended = (0, 0)
            else:
                if pid:
                    self._ended = _told(status)
        return self._ended

    def close(self) -> None:
        """Close the master end: whoever still runs there is hung up."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def spawn(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: str, cols: int, rows: int
) -> PosixPty:
    """Start a program in a new pty.

    Raises: BadInput (client_missing) when the program isn't there; OSError for the rest.
    """
    program = program_of(argv, env)
    folder = cwd if cwd and os.path.isdir(cwd) else "/"  # noqa: PTH112 - this process stays light
    process = PtyProcess.spawn(
        [program, *argv[1:]],
        cwd=folder,
        env=dict(env),
        dimensions=(rows, cols),
        preexec_fn=_restore_signals,
    )
    return PosixPty(process)


def _restore_signals() -> None:
    """Give every signal its default again and block none.

    Python ignores SIGPIPE, so `yes | head` would never end; and whoever is started in the
    background of a script ignores SIGINT, which a shell hands on: Ctrl+C would do nothing.
    """
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _told(status: int) -> tuple[int, int]:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return 128 + number, number
    return os.waitstatus_to_exitcode(status), 0
