"""The one place where processes are started, so that each gets the environment meant for it."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn, Protocol

from teleterm.model.errors import ErrorCode, Unreachable

if sys.platform != "win32":
    import pty

PIPE = subprocess.PIPE
DEVNULL = subprocess.DEVNULL
STDOUT = subprocess.STDOUT
Process = subprocess.Popen[bytes]
Pipe = IO[bytes]
FORKED_POLL_S = 0.01
Stream = int | IO[bytes] | None


class Child(Protocol):
    """A child of ours, started or forked; `wait` raises subprocess.TimeoutExpired."""

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """Its exit status, None while it lives."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""

    def terminate(self) -> None:
        """Ask it to leave."""

    def kill(self) -> None:
        """End it."""


class ForkedChild:
    """A child that was forked off by `forks`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit status, None while it lives."""
        if self._status is None:
            try:
                pid, status = os.waitpid(self.pid, getattr(os, "WNOHANG", 0))
            except ChildProcessError:
                pid, status = self.pid, 0
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            status = self.poll()
            if status is not None:
                return status
            if end is not None and time.monotonic() >= end:
                raise subprocess.TimeoutExpired(["teleterm"], timeout or 0)
            time.sleep(FORKED_POLL_S)

    def terminate(self) -> None:
        """Ask it to leave."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        if self.poll() is None:
            kill(self.pid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A program that has ended: its exit status (negative: the signal) and what it wrote."""

    status: int
    out: bytes
    err: bytes


def is_packed() -> bool:
    """Whether this is the packed program rather than a checkout."""
    return bool(getattr(sys, "frozen", False))


def own_argv(*arguments: str) -> list[str]:
    """The command line that starts this very program (`teleterm`) with `arguments`."""
    if is_packed():
        return [str(Path(sys.executable).with_name(_program("teleterm"))), *arguments]
    return [sys.executable, "-m", "teleterm", *arguments]


def tsh_argv(*arguments: str) -> list[str]:
    """The command line of the `tsh` that ships with this program."""
    if is_packed():
        return [str(Path(sys.executable).with_name(_program("tsh"))), *arguments]
    return [sys.executable, "-m", "teleterm.tsh", *arguments]


def checkout_root() -> Path:
    """The folder that holds the package; children of a checkout need it on PYTHONPATH."""
    return Path(__file__).resolve().parents[2]


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    stdin: Stream = DEVNULL,
    stdout: Stream = None,
    stderr: Stream = None,
    start_new_session: bool = False,
    user: str | int | None = None,
    group: str | int | None = None,
    pass_fds: Sequence[int] = (),
) -> Process:
    """Start a program and return at once.

    Shape:  `env` None hands on our own environment: right for our own roles only; other programs
            get `env.foreign_env()`. `pass_fds` stay open in the child under the same numbers.
    Raises: Unreachable (code client_missing) when there is no such program, or (denied) when it
            may not be run.
    Thread: call it on the process's main thread.
    """
    try:
        return subprocess.Popen(
            list(argv),
            env=None if env is None else dict(env),
            cwd=cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=start_new_session,
            user=user,
            group=group,
            pass_fds=tuple(pass_fds),
            close_fds=True,
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unreachable(
            f'Can\'t start "{argv[0]}": there is no such program.',
            code=ErrorCode.CLIENT_MISSING,
            details=str(error),
        ) from None
    except OSError as error:
        raise Unreachable(
            f'Can\'t start "{argv[0]}": {error.strerror}.',
            code=ErrorCode.DENIED,
            details=str(error),
        ) from None


def run(
    argv: Sequence[str],
    *,
    timeout_s: float,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    given: bytes = b"",
) -> Finished:
    """Run a program to its end and give what it wrote; `given` is its standard input.

    Blocks: at most `timeout_s`.
    Raises: Unreachable when it can't be started, or (code no_answer) takes too long and is killed.
    """
    process = spawn(argv, env=env, cwd=cwd, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        out, err = process.communicate(given, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Unreachable(f'"{argv[0]}" did not end within {timeout_s:g} seconds.') from None
    return Finished(status=process.returncode, out=out, err=err)


def read_line(process: Process, *, timeout_s: float) -> bytes:
    """The first line that a child writes to its standard output, a pipe.

    Blocks: at most `timeout_s`.
    Raises: Unreachable when it ends, or says nothing for so long.
    """
    assert process.stdout is not None  # noqa: S101 - the caller made it with a pipe
    found: list[bytes] = []
    pipe = process.stdout
    reader = threading.Thread(target=lambda: found.append(pipe.readline()), daemon=True)
    reader.start()
    reader.join(timeout_s)
    if not found or not found[0]:
        raise Unreachable(f"The program didn't get ready within {timeout_s:g} seconds.")
    return found[0]


def end(process: Child, *, grace_s: float) -> int:
    """Ask a child to leave (SIGTERM), kill it when it doesn't, and give its exit status.

    Blocks: at most `grace_s` and a moment.
    """
    if process.poll() is None:
        process.terminate()
        try:
            return process.wait(grace_s)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def wait_or_end(process: Child, *, grace_s: float) -> int:
    """Wait for a child that is leaving by itself; end it when it takes too long.

    Blocks: at most `grace_s` and two seconds more.
    """
    try:
        return process.wait(grace_s)
    except subprocess.TimeoutExpired:
        return end(process, grace_s=2)


def hang_up(pid: int) -> None:
    """Send SIGTERM to a process that may be gone already."""
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return


def kill(pid: int) -> None:
    """End a process that may be gone already, without asking it."""
    number = signal.SIGTERM
    if sys.platform != "win32":
        number = signal.SIGKILL
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def replace_self(argv: Sequence[str], *, env: Mapping[str, str]) -> NoReturn:
    """Become another program (exec)."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execvpe(argv[0], list(argv), dict(env))


def _program(name: str) -> str:
    return f"{name}.exe" if sys.platform == "win32" else name


if sys.platform == "win32":

    def converse(
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        replies: Sequence[tuple[str, str]],
        timeout_s: float,
    ) -> Finished:
        """Run a program on a terminal and answer its questions: not on this system."""
        raise Unreachable("This needs a terminal that Windows doesn't offer to programs.")

else:

    def converse(
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        replies: Sequence[tuple[str, str]],
        timeout_s: float,
    ) -> Finished:
        """Run a program on a terminal of its own and answer its questions, in order.

        Shape:  `replies` are pairs of a pattern and the line to type once it was seen after the
                pair before it.
        Gives:  what the terminal showed, and the exit status.
        Blocks: at most `timeout_s`.
        Raises: Unreachable when it takes longer; it is killed then.
        """
        pid, master = pty.fork()
        if pid == 0:
            with contextlib.suppress(OSError):
                os.execvpe(argv[0], list(argv), dict(env))
            os._exit(127)
        try:
            shown = _talk(master, list(replies), time.monotonic() + timeout_s)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise Unreachable(f'"{argv[0]}" did not end within {timeout_s:g} seconds.') from None
        finally:
            os.close(master)
        _, status = os.waitpid(pid, 0)
        return Finished(status=os.waitstatus_to_exitcode(status), out=shown, err=b"")

    def _talk(master: int, replies: list[tuple[str, str]], end_at: float) -> bytes:
        shown, heard = b"", 0
        while True:
            left = end_at - time.monotonic()
            if left <= 0 or not select.select([master], [], [], left)[0]:
                raise TimeoutError
            try:
                data = os.read(master, 65536)
            except OSError:  # the last holder of the other side is gone
                data = b""
            if not data:
                return shown
            shown += data
            if replies:
                match = re.search(replies[0][0].encode(), shown[heard:])
                if match:
                    heard = len(shown)
                    os.write(master, replies.pop(0)[1].encode() + b"\r")
