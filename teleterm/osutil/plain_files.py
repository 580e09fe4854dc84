"""Reads small files that a person may have replaced: by a pipe, a device, or something huge."""

import errno
import os
import stat
from pathlib import Path

MAX_BYTES = 16 * 1024 * 1024


def read(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The file's bytes; a link to a file is followed.

    Blocks: never for somebody who writes: a named pipe is refused, not waited for.
    Raises: OSError, also for what is no file or is longer than `max_bytes`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "It is no ordinary file", str(path))
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OSError(errno.EFBIG, f"It is longer than {max_bytes // 1024} KiB", str(path))
    return data
