"""The stub's work: bring the tree that it carries below the data folder, once, and choose one."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

from teleterm.main.install import record, tree
from teleterm.model.clock import SystemClock
from teleterm.model.errors import ErrorCode, Refused
from teleterm.osutil import locks

LOCK_WAIT_S = 120.0


class Payload:
    """The compressed tree in the single file: its version, its size unpacked, and its bytes."""

    def __init__(
        self, *, version: str, unpacked_bytes: int, open_it: Callable[[], IO[bytes]]
    ) -> None:
        self.version = version
        self.unpacked_bytes = unpacked_bytes
        self.open = open_it


def choose(data: Path, payload: Payload) -> Path:
    """The tree to start: the installed one, or ours once it is unpacked.

    Gives:  its folder.
    Raises: Refused and its kin, with a sentence for the user; nothing half done is left.
    """
    found = _ready(data, payload)
    if found:
        return found
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tree.locked(data, wait=_wait):
            return _ready(data, payload) or _install(data, payload)
    except OSError as error:
        raise _explain(data, error) from error


def _ready(data: Path, payload: Payload) -> Path | None:
    """The active tree, unless ours is newer and hasn't failed here."""
    install = record.read(data)
    if install.has_failed or not tree.is_sound(data, install.active):
        return None
    is_older = record.order(install.active) < record.order(payload.version)
    if is_older and payload.version not in install.bad:
        return None
    if not (data / "current").exists():
        return None
    return tree.folder(data, install.active)


def _install(data: Path, payload: Payload) -> Path:
    install = record.read(data)
    tree.clear_staging(data)
    if install.has_failed and tree.is_whole(data, install.previous):
        tree.activate(data, install.rolled_back())
        return tree.folder(data, install.previous)
    is_newer = record.order(install.active) < record.order(payload.version)
    may_keep = tree.is_sound(data, install.active) and not install.has_failed
    if may_keep and (not is_newer or payload.version in install.bad):
        tree.point(data, install.active)
        return tree.folder(data, install.active)
    tree.check_runs(data)
    if not tree.is_sound(data, payload.version):
        tree.check_space(data, payload.unpacked_bytes)
        with payload.open() as archive:
            staged = tree.unpack(data, archive)
        if staged.version != payload.version:
            shutil.rmtree(staged.path, ignore_errors=True)
            raise tree.Damaged("The download is damaged: it holds another version than it says.")
        tree.place(data, staged)
    if may_keep:
        tree.activate(data, install.with_trial(payload.version))
    else:
        fresh = record.Install(active=payload.version, bad=install.bad, rest=install.rest)
        tree.activate(data, fresh)
    return tree.folder(data, payload.version)


def _wait(path: Path) -> locks.FileLock | None:
    return locks.wait(path, timeout_s=LOCK_WAIT_S, clock=SystemClock())


def _explain(data: Path, error: OSError) -> Refused:
    """What a failure of the file system means, in a sentence."""
    import errno

    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Refused(
            f"Can't install into {data}: the disk is full.",
            code=ErrorCode.LIMIT,
            hint="Free some space, or set TELETERM_HOME to a folder on another disk.",
        )
    return Refused(
        f"Can't install into {data}: {error.strerror or error}.",
        code=ErrorCode.DENIED,
        hint="Set TELETERM_HOME to a folder of yours that programs may run from.",
        details=str(error),
    )
