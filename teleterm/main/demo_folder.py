"""The folder of a demo; those of demos that were killed go before the next one starts."""

import shutil
import tempfile
import time
from pathlib import Path

from teleterm.bridge.pty_contract import LOCK_NAME as PTY_HOST_LOCK
from teleterm.main.instance import LOCK_NAME
from teleterm.model.errors import TeletermError
from teleterm.osutil import dirs, locks

PREFIX = "teleterm-demo-"
SETTLED_S = 60.0
"""A younger one may just be starting, between making its lock and taking it."""


def make() -> Path:
    """A new folder for a demo, below the temporary one."""
    sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # PostgreSQL runs as a user of its own and must get through to its data
    return folder


def sweep(place: Path) -> None:
    """Remove what killed demos of ours left below `place`; a failure is left for the next time."""
    for folder in place.glob(f"{PREFIX}*"):
        if _is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_dead(folder: Path) -> bool:
    """Whether this was a demo of ours, and neither its main nor its pty host lives."""
    run = folder / "home" / "run"
    try:
        dirs.check_private(run)
        if time.time() - (run / LOCK_NAME).stat().st_mtime < SETTLED_S:
            return False
        return all(_is_free(run / name) for name in (LOCK_NAME, PTY_HOST_LOCK))
    except (OSError, TeletermError):
        return False


def _is_free(path: Path) -> bool:
    lock = locks.try_take(path)
    if lock is None:
        return False
    lock.release()
    return True
