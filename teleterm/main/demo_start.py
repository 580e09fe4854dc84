"""`teleterm --demo`: a demo cluster and the window on it, below one folder that goes with it."""

import os
import shutil
import signal
import sys
from pathlib import Path

from teleterm.main import demo_folder, instance, launch
from teleterm.main.arguments import Arguments
from teleterm.main.demo import Demo
from teleterm.main.early import Early
from teleterm.model.errors import ErrorCode, Refused
from teleterm.osutil import dirs, locks

TERMINATED = 128 + signal.SIGTERM


def run(arguments: Arguments, early: Early | None = None) -> int:
    """Start the demo and the window, or without a display walk the same job through `tsh`."""
    folder = demo_folder.make()
    try:
        return _run_in(folder, arguments, early or Early())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_in(folder: Path, arguments: Arguments, early: Early) -> int:
    os.environ["TELETERM_HOME"] = str(folder / "home")
    folders = dirs.find()
    folders.prepare()
    lock = locks.try_take(folders.run / instance.LOCK_NAME)
    if lock is None:
        raise Refused("This demo runs already.", code=ErrorCode.ALREADY_EXISTS)
    if not launch.has_display():
        from teleterm.main import demo_walk

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # and tidy up
        sys.stdout.write("There is no display, so the same job is done through tsh.\n")
        sys.stdout.flush()
        demo = Demo(folder)
        try:
            return demo_walk.run(demo.wait(), folders)
        finally:
            demo.stop()
    first = launch.adopt(early.window, early.bridge) if early.window else launch.window()
    demo = Demo(folder)
    from teleterm.main import app

    try:
        return app.run(folders, lock, first, arguments, demo)
    finally:
        demo.stop()
