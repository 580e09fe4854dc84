"""Desktops: each session has a process of its own between the daemon and the window.

Main only carries bytes: it reads nothing of what a desktop sends.
"""

import asyncio
import logging
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.bridge import desktop_contract
from teleterm.bridge.contract import DesktopOpened, Done, OpenDesktop, Reply, ShareFolder
from teleterm.bridge.desktop_contract import Data, Ended
from teleterm.main import launch, refusals
from teleterm.main.clusters import Clusters
from teleterm.main.desk import Desk, Handed, Refusal
from teleterm.main.transfers import typed_path
from teleterm.model.errors import BadInput, ErrorCode, PeerBroke, TeletermError, Unreachable
from teleterm.osutil import procs, tasks

if TYPE_CHECKING:
    from teleterm.main.daemon import Daemon
    from teleterm.tshdclient.desktops import DesktopStream

_log = logging.getLogger("teleterm.main.desktops")
READ_BYTES = 256 * 1024
LEAVE_S = 3.0


class Desktops:
    """Answers the window's requests about desktops."""

    def __init__(self, daemon: "Daemon", clusters: Clusters) -> None:
        self._daemon = daemon
        self._clusters = clusters

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(OpenDesktop, self._open)
        desk.on(ShareFolder, self._share)

    async def _open(self, request: OpenDesktop) -> Handed:
        _check_system()
        side = desktop_contract.MAX_SIDE
        if not (0 < request.width <= side and 0 < request.height <= side):
            raise BadInput("A desktop can't have this size.", field="width")
        client = await self._daemon.client()
        stream = await client.desktops.connect(request.desktop_uri, request.login)
        ours, theirs = socket.socketpair()
        for_window, for_process = socket.socketpair()
        try:
            with theirs, for_process:
                process = launch.desktop(
                    theirs.fileno(), for_process.fileno(), request.width, request.height
                )
        except BaseException:
            stream.cancel()
            ours.close()
            for_window.close()
            raise
        carrying = self._carry(request, stream, ours, process)
        tasks.spawn(carrying, name=f"desktop {request.desktop_uri}")
        return Handed(DesktopOpened(), for_window.detach())

    async def _share(self, request: ShareFolder) -> Reply:
        path = _folder(request.path, Path.home())
        client = await self._daemon.client()
        try:
            await client.desktops.share(request.desktop_uri, request.login, str(path))
        except TeletermError as error:
            raise Refusal(refusals.plain(error)) from None
        return Done()

    async def _carry(
        self,
        request: OpenDesktop,
        stream: "DesktopStream",
        ours: socket.socket,
        process: procs.Process,
    ) -> None:
        """Carry messages both ways until either side ends."""
        ours.setblocking(False)
        up = tasks.spawn(_up(stream, ours), name="desktop, from the window")
        down = tasks.spawn(self._down(request, stream, ours), name="desktop, to the window")
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stream.cancel()
            for task in (up, down):
                task.cancel()
            await asyncio.wait({up, down})
            ours.close()
            await asyncio.to_thread(procs.wait_or_end, process, grace_s=LEAVE_S)

    async def _down(
        self, request: OpenDesktop, stream: "DesktopStream", ours: socket.socket
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            try:
                async for data in stream.messages():
                    await loop.sock_sendall(ours, desktop_contract.pack(Data(data)))
                ended = Ended("The desktop ended the session.")
            except TeletermError as error:
                ended = self._ended(request, error)
            await loop.sock_sendall(ours, desktop_contract.pack(ended))
        except OSError:
            return  # the process is gone, and the window knows

    def _ended(self, request: OpenDesktop, error: TeletermError) -> Ended:
        name = request.desktop_uri.rpartition("/")[2]
        subject = self._clusters.subject(request.desktop_uri, f"connect to {name}", name=name)
        failed = refusals.explain(error, subject)
        return Ended(
            failed.message,
            hint=failed.hint,
            details=failed.details,
            needs_login=failed.needs_login,
        )


if sys.platform == "win32":

    def _check_system() -> None:
        """Descriptors don't travel to the window there. Raises: Unreachable."""
        raise Unreachable("Desktops can't be shown on Windows yet.", code=ErrorCode.NOT_IMPLEMENTED)

else:

    def _check_system() -> None:
        """Here all is there."""


async def _up(stream: "DesktopStream", ours: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    reader = desktop_contract.main_reader()
    while True:
        try:
            given = await loop.sock_recv(ours, READ_BYTES)
            messages = reader.feed(given)
        except (OSError, PeerBroke) as error:
            _log.warning("a desktop's process broke off: %s", error)
            return
        if not given:
            return
        for message in messages:
            if not await stream.send(message.data):
                await asyncio.Event().wait()  # the other direction says why, and ends us


def _folder(text: str, home: Path) -> Path:
    """A folder of this computer as a person types it.

    Raises: BadInput when there is none.
    """
    path = home if text == "~" else typed_path(text, home, what="folder", field="path")
    if not path.is_dir():
        raise BadInput(f"{text} is no folder on this computer.", field="path", value=text)
    return path
