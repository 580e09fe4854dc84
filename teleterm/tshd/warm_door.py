"""Beside the daemon: the socket at which commands ask for a warm worker.

Nothing is loaded for it until the first command comes; then the warm parent is started, inherits
the listening socket and takes the command from it. It leaves when nobody has come for some time,
and we listen again.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
import time
from pathlib import Path

from teleterm.model.errors import TeletermError
from teleterm.osutil import env, procs, warm_place

_log = logging.getLogger("teleterm.tshd.warm")
_SHORT_LIFE_S = 2.0
_BACKLOG = 64


class WarmDoor:
    """The socket, and the parent once it is needed."""

    def __init__(self, home: Path) -> None:
        self._path = warm_place.socket_path(os.environ, str(home))
        self._listener: socket.socket | None = None
        self._parent: procs.Process | None = None
        self._started = 0.0

    def open(self) -> None:
        """Listen, where this system has what it takes and no other daemon does it already."""
        if sys.platform == "linux":
            try:
                self._listener = _listen(Path(self._path))
            except OSError as error:
                _log.info("no warm commands: %s", error)
            self._wait()

    def close(self) -> None:
        """Take no more commands; those that run go on."""
        if self._listener is None:
            return
        asyncio.get_running_loop().remove_reader(self._listener)
        self._unlisten()
        if self._parent is not None and self._parent.stdin is not None:
            self._parent.stdin.close()

    def _unlisten(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        with contextlib.suppress(OSError):
            os.unlink(self._path)  # noqa: PTH108 - kept as text for the light front

    def _wait(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().add_reader(self._listener, self._start)

    def _start(self) -> None:
        """A command is there: start the parent, which takes it."""
        if self._listener is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listener)
        try:
            parent = self._parent = _parent(self._listener.fileno())
        except TeletermError as error:
            _log.warning("no more warm commands: %s", error.message)
            self._unlisten()  # whoever waits there does its work itself
            return
        self._started = time.monotonic()
        assert parent.stdout is not None  # noqa: S101 - made with a pipe
        loop.add_reader(parent.stdout, self._ended, parent)

    def _ended(self, parent: procs.Process) -> None:
        """The parent closed its output, for it leaves: listen again, unless it never worked."""
        assert parent.stdout is not None  # noqa: S101 - made with a pipe
        asyncio.get_running_loop().remove_reader(parent.stdout)
        for pipe in (parent.stdin, parent.stdout):
            if pipe is not None:
                pipe.close()
        status = parent.wait()
        if status and time.monotonic() - self._started < _SHORT_LIFE_S:
            _log.warning("no more warm commands: their parent ended with status %d", status)
            self.close()
            return
        self._wait()


def _parent(listening: int) -> procs.Process:
    return procs.spawn(
        procs.tsh_argv("warm-parent", str(listening)),
        env=env.role_env(),
        stdin=procs.PIPE,
        stdout=procs.PIPE,
        stderr=procs.DEVNULL,
        start_new_session=True,
        pass_fds=(listening,),
    )


def _listen(path: Path) -> socket.socket | None:
    """A listening socket in a private folder; None when somebody listens there already."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not warm_place.is_private(str(path)):
        raise PermissionError(f"{path.parent} is open to others")
    listener = socket.socket(getattr(socket, "AF_UNIX", -1), socket.SOCK_STREAM)
    try:
        if path.exists():
            try:
                listener.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
            else:
                listener.close()
                return None
        listener.bind(str(path))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener
