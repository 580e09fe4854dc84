"""`teleterm --update` and `--update-now`: ask the teleterm that runs, which knows the clusters."""

import sys

from teleterm.main import instance
from teleterm.main.update import updates
from teleterm.model.errors import Unreachable
from teleterm.osutil import dirs, locks


def run(folders: dirs.Folders, *, restarts: bool) -> int:
    """Hand the wish over; the window shows what comes of it.

    Raises: Unreachable when no teleterm runs: what a cluster wishes is known in the window only.
    """
    folders.prepare()
    lock = locks.try_take(folders.run / instance.LOCK_NAME)
    if lock is not None:
        lock.release()
        raise Unreachable(
            "No teleterm is running, and updates are looked for while it runs.",
            hint="Start teleterm, then try again.",
        )
    instance.hand_over(folders.run, updates.KNOCK_NOW if restarts else updates.KNOCK)
    sys.stdout.write("teleterm is looking for an update; its window says what it finds.\n")
    return 0
