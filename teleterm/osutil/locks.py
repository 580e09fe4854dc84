"""Locks that end with their holder: the one sign of life there is (never a pid file)."""

import os
import sys
from pathlib import Path

from teleterm.model.clock import Clock
from teleterm.model.errors import ErrorCode, Refused

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """An exclusive lock on a file, held until `release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @property
    def descriptor(self) -> int:
        """The descriptor that holds the lock; handed on, it keeps the lock through an exec."""
        return self._descriptor

    def release(self) -> None:
        """Let it go; the file stays, since removing it would let two holders in."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def try_take(path: Path) -> FileLock | None:
    """Take the lock, or give None when somebody holds it.

    Raises: Refused when the file can't be made or is a link.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise Refused(
            f"Can't lock {path}: {error.strerror}.",
            code=ErrorCode.DENIED,
            hint="Remove what stands there, make room, or set TELETERM_HOME to another folder.",
        ) from error
    if _take(descriptor):
        return FileLock(path, descriptor)
    os.close(descriptor)
    return None


def adopt(path: Path, descriptor: int) -> FileLock:
    """The lock that an earlier program handed on with its descriptor."""
    os.set_inheritable(descriptor, False)
    return FileLock(path, descriptor)


def wait(path: Path, *, timeout_s: float, clock: Clock, pause_s: float = 0.05) -> FileLock | None:
    """Take the lock as soon as its holder ends, or give None after `timeout_s`.

    Blocks: at most `timeout_s`.
    """
    import time

    end = clock.monotonic_s() + timeout_s
    while True:
        lock = try_take(path)
        if lock is not None or clock.monotonic_s() >= end:
            return lock
        time.sleep(pause_s)
