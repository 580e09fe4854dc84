"""The proxy's transport service: streams to nodes and to auth servers, inside gRPC."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Set

from teleterm.demo.desktop.service import DesktopService
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import ROOT, DemoMember, DemoNode
from teleterm.demo.node import NodeServer
from teleterm.demo.resumption import Doors
from teleterm.demo.rpc import Gate, RpcServer
from teleterm.demo.streams import ByteStream, SocketStream
from teleterm.model.errors import BadInput, ErrorCode, Refused, Unreachable
from teleterm.osutil import tasks
from teleterm.protogen.teleport.transport.v1 import transport_service_pb2 as transport

_FRAME_BYTES = 16 * 1024

Dial = Callable[[], Awaitable[ByteStream]]
# A client's frames, as bytes, without what came before them.
Frames = AsyncIterator[bytes]


class TransportService:
    """Takes streams where their first message says; nodes named in `gone` can't be reached."""

    def __init__(
        self,
        members: Mapping[str, DemoMember],
        nodes: Callable[[DemoNode], NodeServer],
        auth_servers: Mapping[str, Dial],
        desktops: Mapping[tuple[str, str], DesktopService],
        gone: Set[str],
    ) -> None:
        self._members = members
        self._nodes = nodes
        self._auth_servers = auth_servers
        self._desktops = desktops
        self._gone = gone
        self._doors = Doors()

    async def close(self) -> None:
        """End the connections whose clients may come back."""
        await self._doors.close()

    def register(self, server: RpcServer, gate: Gate) -> None:
        """Add every method to a server."""
        server.add(
            "teleport.transport.v1.TransportService",
            {
                "GetClusterDetails": gate.unary(
                    transport.GetClusterDetailsRequest, self.get_cluster_details
                ),
                "ProxySSH": gate.duplex(transport.ProxySSHRequest, self.proxy_ssh),
                "ProxyWindowsDesktopSession": gate.duplex(
                    transport.ProxyWindowsDesktopSessionRequest, self.proxy_desktop
                ),
                "ProxyCluster": gate.duplex(transport.ProxyClusterRequest, self.proxy_cluster),
            },
        )

    async def get_cluster_details(
        self, _asked: transport.GetClusterDetailsRequest, _caller: Identity
    ) -> transport.GetClusterDetailsResponse:
        """Say what kind of cluster this is."""
        details = transport.ClusterDetails(fips_enabled=False)
        return transport.GetClusterDetailsResponse(details=details)

    async def proxy_ssh(
        self, requests: AsyncIterator[transport.ProxySSHRequest], caller: Identity
    ) -> AsyncIterator[transport.ProxySSHResponse]:
        """Join the caller to a node."""
        first = await anext(requests, None)
        if first is None or not first.HasField("dial_target"):
            raise BadInput("first frame must contain a dial target")
        node = self._find(first.dial_target.host_port, first.dial_target.cluster)

        async def frames() -> Frames:
            async for request in requests:
                if request.HasField("ssh"):
                    yield request.ssh.payload

        ours, theirs = socket.socketpair()
        near, far = await _stream(ours), await _stream(theirs)
        serving = tasks.spawn(self._doors.serve(far, self._nodes(node), caller.user))
        try:
            details = transport.ClusterDetails(fips_enabled=False)
            yield transport.ProxySSHResponse(details=details)
            async for data in _relay(near, frames()):
                yield transport.ProxySSHResponse(ssh=transport.Frame(payload=data))
        finally:
            await near.close()
            await asyncio.wait({serving})

    async def proxy_cluster(
        self, requests: AsyncIterator[transport.ProxyClusterRequest], _caller: Identity
    ) -> AsyncIterator[transport.ProxyClusterResponse]:
        """Join the caller to the auth server of a cluster."""
        first = await anext(requests, None)
        if first is None:
            raise BadInput("first frame must name a cluster")
        dial = self._auth_servers.get(first.cluster or ROOT)
        if dial is None or first.cluster in self._gone:
            raise _no_cluster(first.cluster)
        front = first.frame.payload

        async def frames() -> Frames:
            if front:
                yield front
            async for request in requests:
                yield request.frame.payload

        async for data in _relay(await dial(), frames()):
            yield transport.ProxyClusterResponse(frame=transport.Frame(payload=data))

    async def proxy_desktop(
        self,
        requests: AsyncIterator[transport.ProxyWindowsDesktopSessionRequest],
        _caller: Identity,
    ) -> AsyncIterator[transport.ProxyWindowsDesktopSessionResponse]:
        """Join the caller to the service of a desktop."""
        first = await anext(requests, None)
        if first is None or not first.HasField("dial_target") or first.data:
            raise BadInput("first message must contain a dial target only")
        target = first.dial_target
        service = self._desktops.get((target.cluster or ROOT, target.desktop_name))
        if service is None:
            message = f'no desktop "{target.desktop_name}" in cluster {target.cluster or ROOT}'
            raise Refused(message, code=ErrorCode.NOT_FOUND)

        async def frames() -> Frames:
            async for request in requests:
                yield request.data

        ours, theirs = socket.socketpair()
        serving = tasks.spawn(service.serve(await _stream(theirs)), name="demo desktop")
        try:
            async for data in _relay(await _stream(ours), frames()):
                yield transport.ProxyWindowsDesktopSessionResponse(data=data)
        finally:
            await asyncio.wait({serving})

    def _find(self, host_port: str, cluster: str) -> DemoNode:
        host, colon, port = host_port.rpartition(":")
        if not colon or not host or not port.isdigit():
            raise BadInput(f'dial target contains an invalid hostport "{host_port}"')
        member = self._members.get(cluster or ROOT)
        if member is None or cluster in self._gone:
            raise _no_cluster(cluster)
        host = host.strip("[]")
        for node in member.nodes:
            if host in {node.uuid, node.hostname} and node.hostname not in self._gone:
                return node
        if host.count("-") == 4 and len(host) == 36:
            message = f"unable to locate node matching UUID-like target {host}"
            raise Refused(message, code=ErrorCode.NOT_FOUND)
        raise Unreachable(f"target host {host} is offline or does not exist")


async def _stream(sock: socket.socket) -> ByteStream:
    return SocketStream(*await asyncio.open_connection(sock=sock))


async def _relay(stream: ByteStream, frames: Frames) -> AsyncIterator[bytes]:
    """Send the frames down the stream, and give what comes back, cut into frames."""

    async def send() -> None:
        with contextlib.suppress(OSError):
            async for data in frames:
                if data:
                    await stream.write(data)
        await stream.close()

    sending = tasks.spawn(send())
    try:
        while data := await stream.read():
            for at in range(0, len(data), _FRAME_BYTES):
                yield data[at : at + _FRAME_BYTES]
    finally:
        sending.cancel()
        await asyncio.wait({sending})
        await stream.close()


def _no_cluster(name: str) -> Refused:
    return Refused(f'looking up remote cluster "{name}": not found', code=ErrorCode.NOT_FOUND)
