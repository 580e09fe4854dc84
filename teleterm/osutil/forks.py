"""Forking a role off the bare program: its children start with the interpreter already there.

This file imports almost nothing, since it runs before everything else: each millisecond here is one
before the first prompt. It is the second and last place that makes processes (see procs.py), and
only for roles of ours, while there is one thread and nothing is loaded.
"""

import os
import sys
from collections.abc import Callable, Mapping

Live = Callable[[list[int]], int]
"""A role's life: its descriptors in, its exit status out."""
WINDOW_KEEPS = frozenset({
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "HOME", "LANG", "XDG_RUNTIME_DIR", "TZ",
    "SYSTEMROOT", "TEMP", "USERPROFILE", "TELETERM_HOME", "XDG_CURRENT_DESKTOP", "UI_TRACE",
    "XMODIFIERS",
})  # fmt: skip
"""All that the window's process gets; it needs to find its display and its language, no more."""
_UNSAFE = ("LD_", "DYLD_", "PYTHON", "TCL", "TK_", "XENVIRONMENT", "XAPPLRESDIR")
"""What acts on a program before its first line: with one of these a fresh program is started."""
_HARMLESS = frozenset(
    {"PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED"}
)
FIRST_FD = 3
ABOVE_FDS = 16
"""Descriptors are moved above this number first, so that none is overwritten."""


def is_kept(name: str) -> bool:
    """Whether the window's process gets this variable."""
    return name in WINDOW_KEEPS or name.startswith("LC_")


def composes_itself(environ: Mapping[str, str]) -> bool:
    """Whether dead keys are the window's own business: no input method of the desktop is named.

    Its Xlib then gets an empty table of sequences (teleterm.ui.compose says why).
    """
    return environ.get("XMODIFIERS", "").rpartition("@im=")[2] in {"", "none", "local"}


NO_SEQUENCES = {"XCOMPOSEFILE": "/dev/null"}

if sys.platform == "linux":
    import fcntl

    def is_safe() -> bool:
        """Whether the environment holds nothing that a fork would hand on."""
        return not any(name.startswith(_UNSAFE) and name not in _HARMLESS for name in os.environ)

    def pair() -> tuple[int, int]:
        """Two ends of a private channel."""
        import _socket

        ours, theirs = _socket.socketpair()
        return ours.detach(), theirs.detach()

    def window(live: Live, *more: int) -> tuple[int, int]:
        """Fork the window's process; gives its pid and our end of the bridge.

        Shape:  `live` gets the bridge's descriptor, then those of `more`; ours of them stay open.
        Gives:  (0, -1) when the environment holds what a fork would hand on.
        Thread: the program's only one, before anything is loaded.
        """
        if not is_safe():
            return 0, -1
        ours, theirs = pair()
        pid = _role(lambda: _be_window([theirs, *more], live))
        os.close(theirs)
        return pid, ours

    def pty_host(live: Live, channel: int, log_path: str) -> int:
        """Fork the pty host in a session of its own; gives its pid.

        Shape: `live` gets the engine's end of the first terminal's frame channel.
        """
        return _role(lambda: _be_pty_host(channel, log_path, live))

    def command(live: Callable[[], int]) -> int:
        """Fork a worker off the warm parent of commands; gives its pid.

        Thread: the program's only one.
        """
        return _role(live)

    def _role(be: Callable[[], int]) -> int:
        """Fork; the child becomes a role and never comes back here."""
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            status = be()
        except BaseException:  # noqa: BLE001 - the end of this process: nothing may go further up
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _keep(descriptors: list[int]) -> list[int]:
        """Move these behind the standard ones, close all others; gives their new numbers."""
        high = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, ABOVE_FDS) for one in descriptors]
        kept = [os.dup2(one, FIRST_FD + place, inheritable=False) for place, one in enumerate(high)]
        os.closerange(FIRST_FD + len(kept), 1024)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.close(null)
        return kept

    def _be_window(descriptors: list[int], live: Live) -> int:
        """Become the window: its descriptors, a built environment, nothing of main's."""
        kept = _keep(descriptors)
        os.chdir("/")
        os.setsid()
        _forget_environment()
        _show_role(b"ui")
        return live(kept)

    def _be_pty_host(channel: int, log_path: str, live: Live) -> int:
        """Become the pty host: its output goes to a file, since it outlives us."""
        log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        kept = _keep([channel])
        os.setsid()
        _show_role(b"ptyhost")
        return live(kept)

    def _forget_environment() -> None:
        """Keep the few variables and wipe the block that the kernel handed over.

        Setting a variable again moves it to the heap, so that nothing points into the block.
        """
        for name, value in list(os.environ.items()):
            if is_kept(name):
                os.environ[name] = value
            else:
                del os.environ[name]
        if composes_itself(os.environ):
            os.environ.update(NO_SEQUENCES)
        start, end = _bounds(49, 50)
        _overwrite(start, b"\0" * (end - start))

    def _show_role(role: bytes) -> None:
        """Let `ps` show the role: a person who looks must be able to tell the processes apart."""
        start, end = _bounds(47, 48)
        line = b"teleterm\0--role\0" + role + b"\0"
        _overwrite(start, line[: end - start].ljust(end - start, b"\0"))
        with open("/proc/self/comm", "wb", buffering=0) as file:  # noqa: PTH123 - pathlib is heavy
            file.write(b"teleterm-" + role)

    def _bounds(first: int, last: int) -> tuple[int, int]:
        """Two numbers of /proc/self/stat; proc(5): arguments from 47, environment from 49."""
        with open("/proc/self/stat", "rb") as file:  # noqa: PTH123 - pathlib is heavy
            words = file.read().rpartition(b")")[2].split()
        return int(words[first - 2]), int(words[last - 2])

    def _overwrite(place: int, data: bytes) -> None:
        try:
            memory = os.open("/proc/self/mem", os.O_RDWR)
        except OSError:
            return
        try:
            os.pwrite(memory, data, place)
        except OSError:
            return
        finally:
            os.close(memory)

else:

    def is_safe() -> bool:
        """Whether roles may be forked: not on this system, where fresh programs are started."""
        return False

    def pair() -> tuple[int, int]:
        """Two ends of a private channel: only made for roles that are forked."""
        raise OSError("roles aren't forked here")

    def window(live: Live, *more: int) -> tuple[int, int]:
        """Fork the window's process: not on this system, where a fresh program is started."""
        return 0, -1

    def pty_host(live: Live, channel: int, log_path: str) -> int:
        """Fork the pty host: not on this system."""
        raise OSError("roles aren't forked here")
