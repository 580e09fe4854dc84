"""Bringing a release onto the disk, switching to it, and back when it doesn't get ready.

A tree on trial counts its own starts, first thing (installer/entry.py calls `begin`); the window
that says it is ready ends the trial. The third start without that goes back to the tree before.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from teleterm.main import instance
from teleterm.main.install import record, tree
from teleterm.model.clock import SystemClock
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.osutil import dirs, locks, procs

SELF_TEST_S = 60.0
LOCK_WAIT_S = 20.0
ROOT_KEYS = Path(__file__).with_name("root.json")
"""The public keys of this build's releases; a build without them takes no updates."""


def home_of(program: Path) -> Path | None:
    """The data folder of an installed program; None for a tree that nobody installed."""
    versions = program.parent.parent
    is_installed = versions.name == "versions" and record.is_version(program.parent.name)
    return versions.parent if is_installed else None


def version_of(program: Path) -> str:
    """The version of the tree that a program belongs to."""
    return program.parent.name


def stage(data: Path, archive: Path, version: str, unpacked_bytes: int) -> None:
    """Unpack a signed archive, let it test itself, and put it beside the others.

    Blocks: for seconds.
    Raises: Refused and its kin; what was there before stays as it was.
    """
    with tree.locked(data, wait=_wait):
        tree.clear_staging(data)
        tree.check_space(data, unpacked_bytes)
        with archive.open("rb") as packed:
            staged = tree.unpack(data, packed)
        try:
            if staged.version != version:
                raise tree.Damaged("The update holds another version than its list says.")
            _self_test(staged.path)
            tree.place(data, staged)
        finally:
            tree.clear_staging(data)
        record.write(data, replace(record.read(data), pending=version))


def switch(data: Path, version: str) -> None:
    """Use `version` from the next start on, on trial.

    Raises: Refused when it isn't whole.
    """
    with tree.locked(data, wait=_wait):
        if not tree.is_whole(data, version):
            raise Refused(f"The update {version} is not there.", code=ErrorCode.NOT_FOUND)
        tree.activate(data, record.read(data).with_trial(version))


def proved(data: Path, version: str) -> list[str]:
    """The window of this version is ready: end its trial, remove what is needed no more.

    Gives: the versions removed.
    """
    install = record.read(data)
    if install.trial is None or install.trial.version != version:
        return []
    with tree.locked(data, wait=_wait):
        record.write(data, record.read(data).proved())
        return tree.collect(data)


def begin(program: Path) -> None:
    """What a start settles before anything else: a switch that was cut off, and the trial.

    Shape: called before anything of the tree is imported; it doesn't come back when another tree
           is to be started. Where nothing can be written the program starts all the same.
    """
    data = home_of(program)
    if data is None:
        return
    try:
        if _only_knocks():
            return
        with tree.locked(data, wait=_wait):
            other = _settle(data, version_of(program))
    except (TeletermError, OSError) as error:
        sys.stderr.write(f"teleterm: this start could not be noted: {error}\n")
        return
    if other:
        again = data / "current" / tree.program(data, other).name
        procs.replace_self([str(again), *sys.argv[1:]], env=restart_env())


def _settle(data: Path, own: str) -> str:
    """Bring the record and `current` together; gives the version to start instead of ours."""
    install = record.read(data)
    if install.active != own:
        if tree.pointed(data) != own:
            return ""  # started by its own path, as helpers of an older main are
        if tree.is_whole(data, install.active):
            tree.point(data, install.active)
            return install.active
        record.write(data, replace(install, active=own, trial=None))
        return ""
    if install.trial is None or install.trial.version != own:
        return ""
    counted = install.counted()
    if not (counted.has_failed and tree.is_whole(data, counted.previous)):
        record.write(data, counted)
        return ""
    tree.activate(data, counted.rolled_back())
    sys.stderr.write(
        f"teleterm: version {own} never got ready, so {counted.previous} is used again. "
        "What went wrong is in the log, main.log.\n"
    )
    return counted.previous


def _only_knocks() -> bool:
    """Whether main lives already: impatient clicks are no starts of a tree on trial."""
    if "--lock-fd" in sys.argv:
        return False
    lock = dirs.find().run / instance.LOCK_NAME
    if not lock.exists():
        return False
    held = locks.try_take(lock)
    if held is not None:
        held.release()
    return held is None


def restart_env() -> dict[str, str]:
    """Our environment, with a word to the bootloader that the next tree is another one."""
    return {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}


def _self_test(staged: Path) -> None:
    """Let a staged tree import everything, make a Tcl interpreter and try its fences.

    Raises: Refused, with its own words as details.
    """
    small = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    done = procs.run(
        [str(staged / "teleterm"), "--self-test"],
        env={"PATH": os.defpath, **small},
        timeout_s=SELF_TEST_S,
    )
    if done.status:
        raise Refused(
            "The update doesn't work on this computer, so it was not installed.",
            code=ErrorCode.DAMAGED_FILE,
            details=done.err.decode("utf-8", "replace")[-2000:],
        )


def _wait(path: Path) -> locks.FileLock | None:
    return locks.wait(path, timeout_s=LOCK_WAIT_S, clock=SystemClock())
