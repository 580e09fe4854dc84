"""Files that are either the old or the new, never half of one."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

_REPLACE_TRIES = 10
_REPLACE_WAIT_S = 0.05


def write(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Put `data` at `path` in one step; the folder must be there.

    Shape:  a temporary file beside it (never through a link), fsync, rename, fsync of the folder.
    Raises: OSError; the old file is untouched then.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, flags, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def set_aside(path: Path, *, now: datetime | None = None) -> Path:
    """Rename a damaged file to `<name>.corrupt-<time>` and give its new place."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    place = path.with_name(f"{path.name}.corrupt-{stamp}")
    number = 1
    while place.exists():
        number += 1
        place = path.with_name(f"{path.name}.corrupt-{stamp}-{number}")
    path.rename(place)
    return place


if sys.platform == "win32":

    def _replace(source: Path, target: Path) -> None:
        """Rename over `target`; Windows refuses for a moment while somebody reads it."""
        for left in reversed(range(_REPLACE_TRIES)):
            try:
                source.replace(target)
            except PermissionError:
                if not left:
                    raise
                time.sleep(_REPLACE_WAIT_S)
            else:
                return

    def _sync_folder(folder: Path) -> None:
        """Do nothing: Windows has no way to flush a folder."""

else:

    def _replace(source: Path, target: Path) -> None:
        source.replace(target)

    def _sync_folder(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
