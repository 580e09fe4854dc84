"""A console as pywinpty gives it, over a real pty of this computer."""

import codecs
import os
import select
import shlex
import signal
import time

from ptyprocess import PtyProcess

LIMIT_S = 20.0


class WinptyError(Exception):
    """As pywinpty's own: nothing but an Exception."""


class StandInConsole:
    """Speaks text and waits, like `winpty.PTY`; knows nothing of descriptors outside."""

    def __init__(self, cols: int, rows: int) -> None:
        self._size = (rows, cols)
        self.pid: int | None = None
        self._process: PtyProcess | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._has_ended = False

    def spawn(self, appname: str, cmdline: str, cwd: str, env: str) -> bool:
        """Start a program."""
        pairs = [pair.partition("=") for pair in env.split("\0") if pair]
        self._process = PtyProcess.spawn(
            [appname, *shlex.split(cmdline)],
            cwd=cwd,
            env={name: value for name, _, value in pairs},
            dimensions=self._size,
            preexec_fn=_hear_control_c,
        )
        self.pid = self._process.pid
        return True

    @property
    def _pty(self) -> PtyProcess:
        assert self._process is not None
        return self._process

    def read(self, length: int, blocking: bool) -> str:
        """Text of the program."""
        assert blocking
        ends_at = time.monotonic() + LIMIT_S
        while time.monotonic() < ends_at:
            if select.select([self._pty.fd], [], [], 0.05)[0]:
                try:
                    data = os.read(self._pty.fd, length)
                except OSError:
                    data = b""
                if not data:
                    self._has_ended = True
                    raise WinptyError("Standard out reached EOF")
                return self._decoder.decode(data)
            if not self._pty.isalive():
                return ""
        raise AssertionError("the program said nothing")

    def write(self, to_write: str) -> int:
        """Text for the program."""
        return os.write(self._pty.fd, to_write.encode())

    def set_size(self, cols: int, rows: int) -> None:
        """Change the size."""
        self._pty.setwinsize(rows, cols)

    def isalive(self) -> bool:
        """Whether the program runs."""
        return bool(self._pty.isalive())

    def iseof(self) -> bool:
        """Whether there is no more text."""
        return self._has_ended

    def get_exitstatus(self) -> int | None:
        """The status."""
        status = self._pty.exitstatus
        return int(status) if status is not None else None


def _hear_control_c() -> None:
    """Also when the tests were started in the background of a script."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def end(pid: int) -> None:
    """End a program, as `taskkill` would."""
    os.kill(pid, signal.SIGKILL)
