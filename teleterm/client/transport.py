"""Byte streams through the proxy: to a server's SSH port, a cluster's auth server, a desktop.

Source: connections.md 1.1.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from teleterm.client import grpc_errors
from teleterm.client.channel import Channel
from teleterm.client.resumption import Carried, SshStream
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError
from teleterm.osutil.tasks import spawn
from teleterm.protogen.teleport.transport.v1 import transport_service_pb2 as messages
from teleterm.protogen.teleport.transport.v1.transport_service_pb2_grpc import (
    TransportServiceStub,
)

if TYPE_CHECKING:
    import grpc

Q = TypeVar(
    "Q",
    messages.ProxySSHRequest,
    messages.ProxyClusterRequest,
    messages.ProxyWindowsDesktopSessionRequest,
)
R = TypeVar(
    "R",
    messages.ProxySSHResponse,
    messages.ProxyClusterResponse,
    messages.ProxyWindowsDesktopSessionResponse,
)
FRAME_BYTES = 16 * 1024
_READ_BYTES = FRAME_BYTES
_CALL_TIMEOUT_S = 30.0
_REASON_S = 3.0
_FAREWELL_S = 0.5
_OFFLINE = re.compile(r"is offline or does not exist|unable to locate node", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopStream:
    """A socket whose other end is a desktop's service.

    Nobody answers what is sent before the service does: once the socket has ended, `reason` gives
    what the proxy says of it, if anything.
    """

    sock: socket.socket
    reason: Callable[[], Awaitable[TeletermError | None]]


class Transport:
    """The proxy's transport service; `cluster` is the root, for messages."""

    def __init__(self, channel: Channel, cluster: str) -> None:
        self.channel = channel
        self.cluster = cluster
        self._stub = TransportServiceStub(channel.grpc)
        self._pumps: set[asyncio.Task[None]] = set()
        self._carried: set[asyncio.Task[None]] = set()

    async def proxy_ssh(
        self, host_port: str, cluster: str, *, timeout_s: float, resumes: bool = False
    ) -> socket.socket:
        """A socket whose other end is the SSH port of a server; the caller closes it.

        `host_port` is `<name or uuid>:<port>`, port 0 for any. With `resumes` the socket outlives
        the connection to the proxy, if the server can do that.
        Raises: Refused (NOT_FOUND, AMBIGUOUS), Unreachable.
        """
        stream = await self._ssh_stream(host_port, cluster, timeout_s)
        near, far = socket.socketpair()
        if not resumes:
            self._spawn(_pump_ssh(stream.call, near), near)
            return far

        async def redial(host_id: str) -> SshStream:
            return await self._ssh_stream(f"{host_id}:0", cluster, timeout_s)

        carried = Carried(near, stream, redial)
        try:
            async with asyncio.timeout(timeout_s):
                await carried.begin()
        except BaseException as error:
            for one in (stream, near, far):
                one.close()
            if isinstance(error, TimeoutError):
                raise gone(host_port, cluster, details="no answer in time") from error
            raise
        self._carried.add(self._spawn(carried.run(), near))
        return far

    async def _ssh_stream(self, host_port: str, cluster: str, timeout_s: float) -> "_SshCall":
        must_wait = await self.channel.prepare(timeout_s=timeout_s)
        call = self._stub.ProxySSH(metadata=grpc_errors.METADATA, wait_for_ready=must_wait)
        target = messages.TargetHost(host_port=host_port, cluster=cluster)
        try:
            async with asyncio.timeout(timeout_s):
                await self._start(call, messages.ProxySSHRequest(dial_target=target))
        except TimeoutError as error:
            call.cancel()
            raise gone(host_port, cluster, details="no answer in time") from error
        except TeletermError as error:
            call.cancel()
            if isinstance(error, PeerBroke):
                # What was being written when the proxy refused stands in the place of the refusal;
                # whoever may not come at all is told so here too.
                await self.cluster_details()
            raise _no_server(error, host_port, cluster) from error
        return _SshCall(call)

    async def cluster_details(self) -> messages.ClusterDetails:
        """What kind of cluster the proxy serves; the shortest message there and back.

        Raises: Refused, Unreachable.
        """
        answer = await grpc_errors.call(
            self.channel,
            self._stub.GetClusterDetails,
            messages.GetClusterDetailsRequest(),
            timeout_s=_CALL_TIMEOUT_S,
            cluster=self.cluster,
        )
        return answer.details

    async def proxy_cluster(self, cluster: str) -> socket.socket:
        """A socket whose other end is the TLS port of a cluster's auth server."""
        call = self._stub.ProxyCluster(metadata=grpc_errors.METADATA)
        await self._write(call, messages.ProxyClusterRequest(cluster=cluster))
        near, far = socket.socketpair()
        self._spawn(_pump_cluster(call, near), near)
        return far

    async def proxy_desktop(self, name: str, cluster: str) -> "DesktopStream":
        """The way to the TLS port of a desktop's service; the caller closes its socket."""
        call = self._stub.ProxyWindowsDesktopSession(metadata=grpc_errors.METADATA)
        target = messages.TargetWindowsDesktop(desktop_name=name, cluster=cluster)
        await self._write(call, messages.ProxyWindowsDesktopSessionRequest(dial_target=target))
        near, far = socket.socketpair()
        self._spawn(_pump_desktop(call, near), near)
        return DesktopStream(sock=far, reason=lambda: self._why_no_desktop(target))

    async def _why_no_desktop(self, target: messages.TargetWindowsDesktop) -> TeletermError | None:
        """What the proxy says of a desktop, asked once more.

        The stream that failed can't tell: what was being written when the proxy refused it stands
        in the place of the refusal.
        """
        import grpc

        call = self._stub.ProxyWindowsDesktopSession(metadata=grpc_errors.METADATA)
        try:
            async with asyncio.timeout(_REASON_S):
                await call.write(messages.ProxyWindowsDesktopSessionRequest(dial_target=target))
                await call.read()
        except grpc.aio.AioRpcError as error:
            return self._translate(error)
        except TimeoutError:
            pass  # it says nothing: then it reached the desktop's service
        finally:
            call.cancel()
        return None

    async def close(self) -> None:
        """Close all streams and the connection."""
        await self.settle(timeout_s=_FAREWELL_S)
        pumps = list(self._pumps)
        for task in pumps:
            task.cancel()
        if pumps:
            await asyncio.wait(pumps)
        await self.channel.close()

    async def settle(self, *, timeout_s: float) -> None:
        """Wait until resumable connections that were closed have said so to their servers."""
        if self._carried:
            await asyncio.wait(self._carried, timeout=timeout_s)

    def _spawn(
        self, pump: Coroutine[object, object, None], near: socket.socket
    ) -> asyncio.Task[None]:
        """Run a pump, and close its socket at its end: one cancelled at once never begins."""
        task = spawn(pump, name="transport stream")
        task.add_done_callback(lambda _: near.close())
        self._pumps.add(task)
        task.add_done_callback(self._pumps.discard)
        task.add_done_callback(self._carried.discard)
        return task

    async def _start(
        self,
        call: "grpc.aio.StreamStreamCall[messages.ProxySSHRequest, messages.ProxySSHResponse]",
        request: messages.ProxySSHRequest,
    ) -> None:
        await self._write(call, request)
        import grpc

        try:
            answer = await call.read()
        except grpc.aio.AioRpcError as error:
            raise self._translate(error) from error
        if not isinstance(answer, messages.ProxySSHResponse):
            raise PeerBroke(f"{self.cluster} ended the connection before it began.")

    async def _write(self, call: "grpc.aio.StreamStreamCall[Q, R]", request: Q) -> None:
        import grpc

        try:
            await call.write(request)
        except grpc.aio.AioRpcError as error:
            raise self._translate(error) from error
        except asyncio.InvalidStateError:
            await self._raise_status(call)

    async def _raise_status(self, call: "grpc.aio.StreamStreamCall[Q, R]") -> None:
        """The call ended before it could be written to: give its reason."""
        import grpc

        code = await call.code()
        details = await call.details()
        error = grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(), details)
        raise self._translate(error)

    def _translate(self, error: "grpc.aio.AioRpcError") -> TeletermError:
        return grpc_errors.translate(error, self.cluster, lost=self.channel.last_error)


class _SshCall:
    """A call that carries the bytes of one SSH connection."""

    def __init__(
        self, call: "grpc.aio.StreamStreamCall[messages.ProxySSHRequest, messages.ProxySSHResponse]"
    ) -> None:
        self.call = call

    async def read(self) -> bytes:
        """What comes next; nothing at the end, whatever ended it."""
        import grpc

        try:
            while isinstance(answer := await self.call.read(), messages.ProxySSHResponse):
                if answer.ssh.payload:
                    return answer.ssh.payload
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass
        except asyncio.CancelledError:
            _raise_if_ours()
        return b""

    async def write(self, data: bytes) -> None:
        """Send all of it; what comes after the end is dropped."""
        import grpc

        try:
            for start in range(0, len(data), FRAME_BYTES):
                part = data[start : start + FRAME_BYTES]
                await self.call.write(messages.ProxySSHRequest(ssh=messages.Frame(payload=part)))
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass
        except asyncio.CancelledError:
            _raise_if_ours()

    def close(self) -> None:
        """End it at once."""
        self.call.cancel()


def _raise_if_ours() -> None:
    """Go on with a cancellation of this task: one of the call is only its end, by either side."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _pump_ssh(
    call: "grpc.aio.StreamStreamCall[messages.ProxySSHRequest, messages.ProxySSHResponse]",
    near: socket.socket,
) -> None:
    def frame(data: bytes) -> messages.ProxySSHRequest:
        return messages.ProxySSHRequest(ssh=messages.Frame(payload=data))

    def payload(answer: object) -> bytes | None:
        return answer.ssh.payload if isinstance(answer, messages.ProxySSHResponse) else None

    await _pump(call, near, frame, payload)


async def _pump_cluster(
    call: "grpc.aio.StreamStreamCall[messages.ProxyClusterRequest, messages.ProxyClusterResponse]",
    near: socket.socket,
) -> None:
    def frame(data: bytes) -> messages.ProxyClusterRequest:
        return messages.ProxyClusterRequest(frame=messages.Frame(payload=data))

    def payload(answer: object) -> bytes | None:
        return answer.frame.payload if isinstance(answer, messages.ProxyClusterResponse) else None

    await _pump(call, near, frame, payload)


async def _pump_desktop(
    call: "grpc.aio.StreamStreamCall[messages.ProxyWindowsDesktopSessionRequest, messages.ProxyWindowsDesktopSessionResponse]",  # noqa: E501 - one name
    near: socket.socket,
) -> None:
    def frame(data: bytes) -> messages.ProxyWindowsDesktopSessionRequest:
        return messages.ProxyWindowsDesktopSessionRequest(data=data)

    def payload(answer: object) -> bytes | None:
        if not isinstance(answer, messages.ProxyWindowsDesktopSessionResponse):
            return None
        return answer.data

    await _pump(call, near, frame, payload)


async def _pump(
    call: "grpc.aio.StreamStreamCall[Q, R]",
    near: socket.socket,
    frame: Callable[[bytes], Q],
    payload: Callable[[object], bytes | None],
) -> None:
    """Move bytes between a stream and a socket until either ends, then close both."""
    near.setblocking(False)
    up = spawn(_pump_up(call, near, frame), name="transport stream up")
    try:
        await _pump_down(call, near, payload)
    finally:
        up.cancel()
        call.cancel()
        near.close()


async def _pump_up(
    call: "grpc.aio.StreamStreamCall[Q, R]", near: socket.socket, frame: Callable[[bytes], Q]
) -> None:
    import grpc

    loop = asyncio.get_running_loop()
    with suppress(OSError, grpc.aio.AioRpcError, asyncio.InvalidStateError):
        while data := await loop.sock_recv(near, _READ_BYTES):
            await call.write(frame(data))
        await call.done_writing()


async def _pump_down(
    call: "grpc.aio.StreamStreamCall[Q, R]",
    near: socket.socket,
    payload: Callable[[object], bytes | None],
) -> None:
    import grpc

    loop = asyncio.get_running_loop()
    with suppress(OSError, grpc.aio.AioRpcError, asyncio.InvalidStateError):
        while (data := payload(await call.read())) is not None:  # None is the end
            if data:
                await loop.sock_sendall(near, data)


def gone(host_port: str, cluster: str, *, details: str = "") -> Refused:
    """The error for a server that isn't there."""
    host = host_port.rpartition(":")[0] or host_port
    return Refused(
        f"{host} is not connected to {cluster} right now.",
        code=ErrorCode.NOT_FOUND,
        hint="See what is: tsh ls",
        details=details,
    )


def _no_server(error: TeletermError, host_port: str, cluster: str) -> TeletermError:
    if error.code is ErrorCode.AMBIGUOUS:
        return error
    if error.code is ErrorCode.NOT_FOUND or _OFFLINE.search(f"{error.message} {error.details}"):
        return gone(host_port, cluster, details=error.details)
    return error
