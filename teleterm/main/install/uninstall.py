"""`teleterm uninstall [--purge]`: take back what installing put here, and only that."""

import shutil
import sys
from pathlib import Path

from teleterm.main import instance
from teleterm.main.install import desktop, record, tree
from teleterm.main.links import LinkOffers
from teleterm.model.clock import SystemClock
from teleterm.model.errors import ErrorCode, Refused
from teleterm.osutil import dirs, locks

LOCK_WAIT_S = 20.0


def run(folders: dirs.Folders, *, purges: bool) -> int:
    """Remove links, menu entry, link handler and trees; with `purges` also what the user made.

    Raises: Refused while teleterm or one of its shells runs.
    """
    if not folders.data.is_dir():
        sys.stdout.write("nothing is installed\n")
        return 0
    folders.prepare()
    lock = locks.try_take(folders.run / instance.LOCK_NAME)
    if lock is None:
        raise Refused(
            "teleterm is running. Quit it, with its shells, and try again.",
            code=ErrorCode.ALREADY_EXISTS,
        )
    try:
        for path in remove(folders, purges=purges):
            sys.stdout.write(f"removed {path}\n")
    finally:
        lock.release()
    return 0


def remove(folders: dirs.Folders, *, purges: bool) -> list[Path]:
    """Do it; gives what was removed. Our own tree is in use by this very process, and may be."""
    data = folders.data
    own = Path(sys.executable).parent.name
    busy = [one for one in tree.versions(data) if one != own and tree.is_used(data, one)]
    if busy:
        raise Refused(
            f"Shells or commands of version {', '.join(busy)} still run. End them first.",
            code=ErrorCode.ALREADY_EXISTS,
        )
    gone = LinkOffers(folders, None).remove()
    with tree.locked(data, wait=_wait):
        gone += desktop.give_back(data, desktop.user_data())
        gone += _unlink(data / "current", data / record.NAME)
        gone += _drop(data / "versions", data / "updates", data / "bin", data / "certs")
    if purges:
        gone += _drop(folders.config, folders.state, folders.cache, folders.data, folders.run)
    else:
        _unlink(data / record.LOCK_NAME)
    return gone


def _unlink(*paths: Path) -> list[Path]:
    found = [path for path in paths if path.is_symlink() or path.is_file()]
    for path in found:
        path.unlink()
    return found


def _drop(*paths: Path) -> list[Path]:
    found = [path for path in paths if path.is_dir() and not path.is_symlink()]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return found


def _wait(path: Path) -> locks.FileLock | None:
    return locks.wait(path, timeout_s=LOCK_WAIT_S, clock=SystemClock())
