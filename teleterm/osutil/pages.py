"""Files and addresses handed to the system's own program for them."""

import os
import shutil
import sys
from pathlib import Path

from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.osutil import env, procs


def open_with_system(target: str) -> None:
    """Hand a file or an address to the system's program for it; doesn't wait.

    Whoever calls this has checked that the target is a file of ours or a web address.
    Raises: Unreachable when there is no such program.
    """
    if sys.platform == "win32":
        os.startfile(target)  # noqa: S606 - the caller checked it
    else:
        _start_opener("open" if sys.platform == "darwin" else "xdg-open", target)


def _start_opener(name: str, target: str) -> None:
    if shutil.which(name) is None:
        raise Unreachable(
            f"Nothing could be opened: {name} was not found in PATH.",
            code=ErrorCode.CLIENT_MISSING,
            hint=target,
        )
    procs.spawn(
        [name, target],
        env=env.foreign_env(),
        cwd=str(Path("/")),
        stdout=procs.DEVNULL,
        stderr=procs.DEVNULL,
        start_new_session=True,
    )
