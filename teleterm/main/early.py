"""What was started before anything was loaded, as main finds it (teleterm.roles starts it).

This file imports nothing but `os`, since it runs before everything else.
"""

import os
import sys

PATIENCE_S = 0.7
"""How long main holds back for the first picture; then it goes on loading."""


NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Early:
    """What was started early: pids and descriptors, 0 and -1 where there is none."""

    def __init__(self) -> None:
        self.window = 0
        self.bridge = -1
        self.pty_host = 0
        self.lock = -1
        self.stage = -1
        """Where the window says that the first prompt is painted."""
        self.log = ""

    def wait(self) -> None:
        """Hold back until the first prompt is painted, so that nobody competes for the processor.

        Blocks: at most PATIENCE_S.
        """
        if self.stage < 0:
            return
        import select

        words = b""
        if select.select([self.stage], [], [], PATIENCE_S)[0]:
            words = os.read(self.stage, 100)
        os.close(self.stage)
        self.stage = -1
        if words.startswith(b"painted "):
            self._note(words[8:].decode("ascii", "replace"))

    def _note(self, when: str) -> None:
        """Write the log's line by hand: the logging module isn't there yet."""
        import time

        try:
            seconds = float(when)
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
            line = f"{stamp},{int(seconds % 1 * 1000):03d} INFO ui: ui: painted first prompt\n"
            log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINK, 0o600)
        except (ValueError, OverflowError, OSError):
            return  # a line of the log is no reason not to start
        with open(log, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor, no path
            file.write(line.encode())


def places(environ: "os._Environ[str] | dict[str, str]") -> tuple[str, str, str]:
    """The state folder, the config file and the run folder, where `osutil.dirs` finds them.

    Gives: empty names where that page would have to look further: an ordinary start then.
    """
    own, user = environ.get("TELETERM_HOME", ""), environ.get("HOME", "")
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    if own:
        return f"{own}/state", f"{own}/config/app_config.json", f"{own}/run"
    state = environ.get("XDG_STATE_HOME") or f"{user}/.local/state"
    config = environ.get("XDG_CONFIG_HOME") or f"{user}/.config"
    run = f"{runtime}/teleterm" if runtime else ""
    return f"{state}/teleterm", f"{config}/teleterm/app_config.json", run


if sys.platform == "win32":

    def take_lock(run: str) -> int:
        """Take main's lock: nothing starts early here."""
        return -1

else:
    import fcntl

    def take_lock(run: str) -> int:
        """Take main's lock in a run folder of ours that is closed to others; -1 when held."""
        found = os.lstat(run)
        if found.st_uid != os.geteuid() or found.st_mode & 0o170077 != 0o040000:
            return -1
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(f"{run}/main.lock", flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return -1
        return descriptor
