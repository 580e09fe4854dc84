"""Copying a file to or from a server. Source: terminal_service.md 10.4, TransferFile."""

import asyncio
import logging
from collections.abc import AsyncIterator

from teleterm.client.sftp import download, upload
from teleterm.client.ssh import SshTarget, connect
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput
from teleterm.model.uri import ResourceKind, ResourceUri, parse_resource
from teleterm.osutil import tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshd.services.connections import Connections

_log = logging.getLogger("teleterm.tshd.transfers")
PAUSE_S = 0.1
CONNECT_LIMIT_S = 30.0
_DOWN = pb.FILE_TRANSFER_DIRECTION_DOWNLOAD


class Progress:
    """Turns bytes copied into whole percents, at most ten a second and none twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_s = clock.monotonic_s()
        self._shown = 0
        self.percents: asyncio.Queue[int | None] = asyncio.Queue()

    def copied(self, source: bytes, destination: bytes, done: int, total: int) -> None:
        """Called for each piece that was copied; an empty file has no percents."""
        now_s = self._clock.monotonic_s()
        percent = done * 100 // total if total else 0
        if now_s - self._last_s > PAUSE_S and percent != self._shown:
            self._last_s, self._shown = now_s, percent
            self.percents.put_nowait(percent)


class Transfers:
    """Copies one file at a time for each call, over SFTP."""

    def __init__(self, connections: Connections, clock: Clock) -> None:
        self._connections = connections
        self._clock = clock

    async def run(self, request: pb.FileTransferRequest) -> AsyncIterator[int]:
        """Copy, and give how far it is in percent; the end without an error is the success.

        Raises: BadInput for what is missing, for a folder and for a file that isn't there; Refused.
        """
        uri = _check(request)
        progress = Progress(self._clock)
        copy = tasks.spawn(self._copy(uri, request, progress), name=f"transfer {uri}")
        copy.add_done_callback(lambda _: progress.percents.put_nowait(None))
        try:
            while (percent := await progress.percents.get()) is not None:
                yield percent
            await copy
        finally:
            copy.cancel()

    async def _copy(
        self, uri: ResourceUri, request: pb.FileTransferRequest, progress: Progress
    ) -> None:
        async with self._connections.client(uri.cluster) as client:
            cluster = uri.cluster.leaf or client.root
            target = SshTarget(host=uri.name, login=request.login, cluster=cluster)
            async with await connect(client, target, timeout_s=CONNECT_LIMIT_S) as server:
                copy = download if request.direction == _DOWN else upload
                await copy(server, request.source, request.destination, progress.copied)


def _check(request: pb.FileTransferRequest) -> ResourceUri:
    if request.direction == pb.FILE_TRANSFER_DIRECTION_UNSPECIFIED:
        raise BadInput("the transfer's direction is missing", field="direction")
    for field, value in (
        ("source", request.source),
        ("destination", request.destination),
        ("login", request.login),
    ):
        if not value:
            raise BadInput(f"the transfer's {field} is missing", field=field)
    uri = parse_resource(request.server_uri)
    if uri.kind is not ResourceKind.SERVER:
        raise BadInput(f'"{uri}" is no server', field="server_uri", value=str(uri))
    return uri
