"""The warm parent: loads what commands need, then forks a worker for each one that is handed over.

It has one thread and opens no connection itself, so that a fork is safe. It ends some time after
its last worker, or once the daemon that started it is gone and no worker is left.
"""

import gc
import importlib
import os
import selectors
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

from teleterm.osutil import forks
from teleterm.tsh.warm import request, worker
from teleterm.tsh.warm.request import Broken

assert sys.platform == "linux"  # noqa: S101 - what follows exists only there

IDLE_S = 600.0
_BODY_WAIT_S = 2.0
_MODULES = (
    "_strptime", "anyio._backends._asyncio", "asyncio", "concurrent.futures.thread",
    "encodings.idna", "grpc", "json", "ssl", "yaml",
    "teleterm.client.auth", "teleterm.client.cluster", "teleterm.client.database_access",
    "teleterm.client.discovery", "teleterm.client.ssh", "teleterm.client.transport",
    "teleterm.tsh.program", "teleterm.tsh.catalogue", "teleterm.tsh.shell",
    "teleterm.tsh.commands.apps_ls", "teleterm.tsh.commands.clusters",
    "teleterm.tsh.commands.db_ls", "teleterm.tsh.commands.kube_credentials",
    "teleterm.tsh.commands.kube_ls", "teleterm.tsh.commands.ls", "teleterm.tsh.commands.ssh",
    "teleterm.tsh.commands.status", "teleterm.tsh.commands.version",
)  # fmt: skip


def run(listener_fd: int) -> int:
    """Serve at this listening socket until nobody needs it any more; gives the exit status."""
    load()
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=listener_fd) as listener, selectors.DefaultSelector() as selector:
        _Parent(listener, selector).live()
    return 0


def load() -> None:
    """Import what the commands import.

    A first TLS context makes OpenSSL's tables, a megabyte which all workers then share.
    """
    from teleterm.tsh import quick_ssh

    quick_ssh.load()
    for name in _MODULES:
        importlib.import_module(name)
    import ssl

    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Front:
    """A front whose worker runs; `life` can be read once its process is gone."""

    channel: socket.socket
    life: int

    def close(self) -> None:
        """Let it go."""
        self.channel.close()
        os.close(self.life)


class _Parent:
    """Waits for fronts, for the ends of workers, and for the end of the daemon (our input)."""

    def __init__(self, listener: socket.socket, selector: selectors.BaseSelector) -> None:
        self._listener = listener
        self._selector = selector
        self._fronts: dict[int, _Front] = {}
        self._wants_more = True
        self._woken, self._waker = socket.socketpair()

    def live(self) -> None:
        """Serve."""
        self._listener.setblocking(False)
        for end in (self._woken, self._waker):
            end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(self._listener, selectors.EVENT_READ, self._take)
        self._selector.register(self._woken, selectors.EVENT_READ, self._reap)
        self._selector.register(0, selectors.EVENT_READ, self._look_for_daemon)
        idle_since = time.monotonic()
        while self._wants_more or self._fronts:
            for key, _ in self._selector.select(IDLE_S):
                key.data()
                idle_since = time.monotonic()
            if not self._fronts and time.monotonic() - idle_since >= IDLE_S:
                return

    def _take(self) -> None:
        """Take a command and fork its worker; whatever is wrong with it, the front is let go."""
        try:
            channel, _ = self._listener.accept()
        except OSError:
            return
        try:
            front = _Front(channel=channel, life=_life(channel))
        except (OSError, Broken):
            channel.close()
            return
        try:
            wanted, descriptors = _receive(channel)
        except (OSError, Broken):
            front.close()
            return
        try:
            pid = forks.command(lambda: self._become(front, wanted, descriptors))
        except OSError:  # no more processes: the front does its work itself
            front.close()
            return
        finally:
            for one in descriptors:
                os.close(one)
        self._fronts[pid] = front
        self._selector.register(front.life, selectors.EVENT_READ, lambda: self._hang_up(pid))

    def _become(self, front: _Front, wanted: request.Request, descriptors: list[int]) -> int:
        """In the child: close what is the parent's and run the command."""
        signal.set_wakeup_fd(-1)
        self._selector.close()
        os.close(front.life)
        for one in (self._listener, self._woken, self._waker):
            one.close()
        for other in self._fronts.values():
            other.close()
        return worker.run(front.channel, wanted, descriptors)

    def _hang_up(self, pid: int) -> None:
        """The front is gone, so its worker has to go; mostly it is about to.

        The end of both may have come at once, and the worker's been looked at first.
        """
        front = self._fronts.get(pid)
        if front is None:
            return
        self._selector.unregister(front.life)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGHUP)

    def _reap(self) -> None:
        """Tell the fronts of workers that were killed; the others have said it themselves."""
        with suppress(BlockingIOError):
            while self._woken.recv(512):
                pass
        while self._fronts:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            front = self._fronts.pop(pid, None)
            if front is None:
                continue
            with suppress(KeyError):
                self._selector.unregister(front.life)
            if os.WIFSIGNALED(status):
                with suppress(OSError):
                    front.channel.send(request.pack_answer(request.END, -os.WTERMSIG(status)))
            front.close()

    def _look_for_daemon(self) -> None:
        """Our input ended: take no more commands."""
        if os.read(0, 1):
            return
        self._selector.unregister(0)
        self._selector.unregister(self._listener)
        self._listener.close()
        self._wants_more = False


def _receive(front: socket.socket) -> tuple[request.Request, list[int]]:
    """The request and its descriptors.

    Raises: Broken, OSError; the descriptors are closed then.
    """
    front.settimeout(_BODY_WAIT_S)
    head, descriptors, _, _ = socket.recv_fds(front, 4, request.DESCRIPTORS)
    try:
        if len(descriptors) != request.DESCRIPTORS:
            raise Broken("descriptors are missing")
        left = request.body_length(head)
        body = bytearray()
        while left > len(body):
            more = front.recv(left - len(body))
            if not more:
                raise Broken("the body is cut off")
            body += more
        wanted = request.decode(bytes(body))
        if wanted.spaces != request.spaces():
            raise Broken("from another namespace")
    except (OSError, Broken):
        for one in descriptors:
            os.close(one)
        raise
    front.settimeout(None)
    return wanted, descriptors


def _life(channel: socket.socket) -> int:
    """A descriptor that can be read once the process at the other end is gone.

    Raises: Broken when that process is another user's; OSError.
    """
    size = struct.calcsize("3i")
    data = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    pid, user, _ = struct.unpack("3i", data)
    if user != os.geteuid():
        raise Broken("from somebody else")
    return os.pidfd_open(pid)
