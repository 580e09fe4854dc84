"""Starting the window and the pty host: plain calls, before anything heavy is imported."""

import contextlib
import os
import socket
import sys
from pathlib import Path

from teleterm.osutil import env, procs


def window() -> tuple[procs.Child, socket.socket]:
    """Start the window's process; give it and our end of the bridge.

    Shape: the child has a built environment and one descriptor, nothing else of ours.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        process = procs.spawn(
            procs.own_argv("--role", "ui", "--fd", str(number)),
            env=env.window_env(),
            cwd="/" if os.name == "posix" else None,
            pass_fds=(number,),
            start_new_session=True,
        )
    return process, ours


def adopt(pid: int, bridge: int) -> tuple[procs.Child, socket.socket]:
    """Take over a window that was forked off at the very beginning."""
    return procs.ForkedChild(pid), socket.socket(fileno=bridge)


def pty_host(run_folder: Path, arguments: list[str]) -> procs.Process:
    """Start the pty host in a session of its own: it outlives us and the window."""
    place = run_folder / "ptyhost.out"
    with contextlib.ExitStack() as opened:
        try:
            log = opened.enter_context(place.open("ab"))
        except OSError:  # terminals without a log are better than none
            log = opened.enter_context(Path(os.devnull).open("ab"))
        return procs.spawn(
            procs.own_argv("--role", "ptyhost", *arguments),
            env=env.role_env(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def desktop(main_end: int, window_end: int, width: int, height: int) -> procs.Process:
    """Start a desktop's process; it gets both descriptors and closes with either."""
    numbers = [str(one) for one in (main_end, window_end, width, height)]
    return procs.spawn(
        procs.own_argv("--role", "desktop", *numbers),
        env=env.window_env(),
        cwd="/" if os.name == "posix" else None,
        pass_fds=(main_end, window_end),
        start_new_session=True,
    )


def alert(text: str) -> None:
    """Show `text` in a plain dialog of its own process, when the window can't be shown."""
    procs.spawn(procs.own_argv("--role", "alert", text), env=env.window_env())


def has_display() -> bool:
    """Whether a window can be shown at all."""
    is_named = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return is_named or sys.platform in {"win32", "darwin"}
