"""Forks off what a start will want before anything is loaded: the window, and the pty host.

When the last session ended with a local shell (teleterm.bridge.opening), both roles get that
file's bytes and a channel between them, so that the shell starts, and its prompt is painted, while
main still waits. Every import here is one before the first prompt.
"""

import os
import sys

from teleterm.bridge import light
from teleterm.main import early as places
from teleterm.main.early import Early
from teleterm.osutil import forks

MAX_BYTES = 64 * 1024


def start(argv: list[str]) -> Early:
    """Fork what this command line will want; everything else is started later or not at all.

    The window shows nothing of ours but that shell before main welcomes it, so a second start,
    which doesn't get the lock, may let it go again.
    """
    early = Early()
    is_wanted = not argv or argv[0] in {"--demo", "ssh"} or argv[0].startswith("teleport://")
    if not is_wanted or not os.environ.get("DISPLAY") or not forks.is_safe():
        return early
    if argv or not _open_shell(early):
        early.window, early.bridge = forks.window(_live_as_window)
    return early


def _live_as_window(descriptors: list[int]) -> int:
    light.load_msgspec()
    from teleterm.ui import start as window

    return window.main(descriptors[0])


if sys.platform == "win32":

    def _open_shell(early: Early) -> bool:
        """Start a shell early: not on this system."""
        return False

else:

    def _open_shell(early: Early) -> bool:
        """Start window and pty host with the last session's shell, if there is one to open."""
        state, config, run = places.places(os.environ)
        try:
            # not blocking: something else may stand there, such as a pipe that nobody writes
            number = os.open(f"{state}/opening.json", os.O_RDONLY | os.O_NONBLOCK)
            with open(number, "rb") as file:  # noqa: PTH123 - pathlib is heavy
                data = file.read(MAX_BYTES)
            early.lock = places.take_lock(run)
        except OSError:
            return False
        if early.lock < 0:
            return False
        early.log = f"{state}/logs/main.log"
        window_end, engine_end = forks.pair()
        early.stage, told = forks.pair()

        def live_as_host(descriptors: list[int]) -> int:
            light.load_msgspec()
            from teleterm.ptyhost import first, host

            return host.main(["--run-folder", run], first.First(data, descriptors[0], config))

        def live_as_window(descriptors: list[int]) -> int:
            light.load_msgspec()
            from teleterm.ui import start as window

            return window.main(descriptors[0], window.Sight(data, descriptors[1], descriptors[2]))

        early.pty_host = forks.pty_host(live_as_host, engine_end, f"{run}/ptyhost.out")
        early.window, early.bridge = forks.window(live_as_window, window_end, told)
        for descriptor in (window_end, engine_end, told):
            os.close(descriptor)
        return True
