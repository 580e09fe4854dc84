"""Removing files that held keys: overwritten first, as well as a file system lets us."""

import os
from contextlib import suppress
from pathlib import Path

_BLOCK = 4096
_PASSES = 3


def remove_file(path: Path) -> None:
    """Overwrite a file with noise and remove it; nothing happens when it isn't there.

    A link is removed without touching what it points at.
    """
    if not path.is_symlink():
        with suppress(OSError):
            _overwrite(path)
    path.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder and all files in it."""
    if folder.is_symlink() or not folder.exists():
        folder.unlink(missing_ok=True)
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            remove_folder(path)
        else:
            remove_file(path)
    folder.rmdir()


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        blocks = -(-size // _BLOCK)
        for _ in range(_PASSES):
            file.seek(0)
            file.write(os.urandom(blocks * _BLOCK))
            file.flush()
            os.fsync(file.fileno())
