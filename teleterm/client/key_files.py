"""Files of the profile folder: reading what may not be there, private folders, others' locks."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from teleterm.model.clock import SystemClock
from teleterm.model.errors import BadInput, ErrorCode
from teleterm.osutil import locks

PRIVATE = 0o600
SETTLES, SETTLE_S = 5, 0.01


def ended(text: bytes) -> bytes:
    """The text with a newline at its end."""
    return text if text.endswith(b"\n") else text + b"\n"


def read(path: Path) -> bytes:
    """The file's bytes; none when it isn't there (an empty file is left by readers' locks)."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except NotADirectoryError:
        return b""
    except OSError as error:
        raise BadInput(
            f"{path.name} can't be read: {error.strerror}.",
            field="file",
            value=str(path),
            code=ErrorCode.DAMAGED_FILE,
            details=str(error),
        ) from error


def read_settled(path: Path) -> bytes:
    """The file's bytes; one that is empty is waited for, since the official program is writing it.

    Blocks: for as long as that takes, a moment; a little longer for one that stays empty.
    """
    for _ in range(SETTLES):
        if (data := read(path)) or not path.exists():
            return data
        time.sleep(SETTLE_S)
    return read(path)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, for this user only."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


_BAD_NAME = re.compile(
    r"[/\\\0]|^\.\.?$|^$" if sys.platform != "win32" else r'[/\\\0:*?"<>|]|^\.\.?$|^$'
)


def file_name(name: str) -> str:
    """The name itself, if it stays inside its folder."""
    if _BAD_NAME.search(name):
        raise BadInput(f'"{name}" can\'t be a file name.', field="name", value=name)
    return name


def rewrite(path: Path, data: bytes) -> None:
    """Put `data` into the file itself: others hold a lock on this very file."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, PRIVATE), "wb") as file:
        file.write(data)


@contextmanager
def locked(path: Path, timeout_s: float) -> Iterator[None]:
    """Hold the lock that other programs take before they touch the file.

    The file itself is locked; on Windows, where that would keep readers out, a file beside it.
    """
    place = path.with_name(f"{path.name}.lock.tmp") if sys.platform == "win32" else path
    lock = locks.wait(place, timeout_s=timeout_s, clock=SystemClock(), pause_s=0.01)
    if lock is None:
        raise BadInput(
            f"Another program is writing {path.name}.",
            field="file",
            value=str(path),
            hint="Try again.",
        )
    try:
        yield
    finally:
        lock.release()
