"""The main role's first steps: what must be done before anything heavy is imported."""

import os
import sys
from pathlib import Path

from teleterm.main import arguments as argv_parser
from teleterm.main.arguments import Arguments
from teleterm.main.early import Early
from teleterm.model.errors import TeletermError
from teleterm.osutil import dirs, locks

EXIT_REFUSED = 1
EXIT_USAGE = 2
STARTED_BY_DESKTOP = ("DESKTOP_STARTUP_ID", "XDG_ACTIVATION_TOKEN", "GIO_LAUNCHED_DESKTOP_FILE")
"""One of these says that no terminal shows what this process writes."""


def run(argv: list[str], early: Early | None = None) -> int:
    """Do what the command line asks for; gives the exit status.

    Shape: `early` holds what was forked off already.
    """
    try:
        arguments = argv_parser.parse(argv)
    except TeletermError as error:
        sys.stderr.write(f"teleterm: {error.message}\n")
        return EXIT_USAGE
    try:
        return _do(arguments, early or Early())
    except TeletermError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        return _refuse(arguments, f"{error.message}{hint}")
    except OSError as error:  # a disk that is full or read-only, a file that is a folder
        place = f" {error.filename}" if error.filename else ""
        return _refuse(arguments, f"can't start:{place} {error.strerror or error}.")
    except KeyboardInterrupt:
        return 130


def _refuse(arguments: Arguments, text: str) -> int:
    """Say it on the terminal, and in a dialog for who started us from the desktop's menu."""
    sys.stderr.write(f"teleterm: {text}\n")
    is_from_menu = any(name in os.environ for name in STARTED_BY_DESKTOP)
    if arguments.action in {"window", "demo"} and is_from_menu:
        from teleterm.main import launch

        if launch.has_display():
            launch.alert(text[:1].upper() + text[1:])
    return EXIT_REFUSED


def _do(arguments: Arguments, early: Early) -> int:
    match arguments.action:
        case "help":
            sys.stdout.write(argv_parser.USAGE)
            return 0
        case "version":
            from teleterm import TELEPORT_VERSION, __version__

            sys.stdout.write(f"teleterm {__version__} (Teleport {TELEPORT_VERSION})\n")
            return 0
        case "window":
            return _window(arguments, early)
        case "demo":
            from teleterm.main import demo_start

            return demo_start.run(arguments, early)
        case "status":
            from teleterm.main import status

            return status.run(dirs.find())
        case "link" | "unlink":
            from teleterm.main import links

            return links.run(arguments.action, dirs.find())
        case _:
            return _installation(arguments)


def _installation(arguments: Arguments) -> int:
    """What changes the installation itself."""
    folders = dirs.find()
    match arguments.action:
        case "desktop" | "handle-links":
            from teleterm.main.install import desktop

            return desktop.run(folders, takes_links=arguments.action == "handle-links")
        case "update" | "update-now":
            from teleterm.main.update import ask

            return ask.run(folders, restarts=arguments.action == "update-now")
        case _:
            from teleterm.main.install import uninstall

            return uninstall.run(folders, purges=arguments.action == "purge")


def _window(arguments: Arguments, early: Early) -> int:
    folders = dirs.find()
    folders.prepare()
    lock = _own_lock(folders.run, arguments, early)
    if lock is None:
        from teleterm.main import instance

        instance.hand_over(folders.run, arguments.line)
        return 0
    from teleterm.main import launch

    if not launch.has_display():
        sys.stderr.write(
            "teleterm: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
        )
        return EXIT_REFUSED
    first = launch.adopt(early.window, early.bridge) if early.window else launch.window()
    from teleterm.main import app

    return app.run(folders, lock, first, arguments, pty_host=early.pty_host)


def _own_lock(run_folder: Path, arguments: Arguments, early: Early) -> locks.FileLock | None:
    from teleterm.main.instance import LOCK_NAME

    descriptor = arguments.lock_fd if arguments.lock_fd >= 0 else early.lock
    if descriptor >= 0:
        return locks.adopt(run_folder / LOCK_NAME, descriptor)
    return locks.try_take(run_folder / LOCK_NAME)
