"""The way to a proxy behind a load balancer that ends TLS: a WebSocket that carries our TLS.

Source: connections.md 0.5; RFC 6455.
"""

import asyncio
import base64
import os
import re
import socket
import ssl
from collections.abc import Mapping

from teleterm.client.joint import End, abort_all
from teleterm.client.net import NetOptions, open_tls
from teleterm.client.profile import split_address
from teleterm.client.trust import web_context
from teleterm.model.errors import PeerBroke, TeletermError, Unreachable
from teleterm.wire import alpn, websocket
from teleterm.wire.websocket import Opcode

_VARIABLE = "TELEPORT_TLS_ROUTING_CONN_UPGRADE"
_PATH = "/webapi/connectionupgrade"
_PROTOCOL = "alpn-ping"
_CHECK_S = 5.0
_MAX_HEAD = 1 << 16
_TRUE = {"1", "t", "true", "yes", "y", "on"}


async def is_required(web_addr: str, options: NetOptions) -> bool:
    """Whether something between us and the proxy ends TLS, so that names in it don't arrive."""
    told = _told(web_addr, options.environ)
    if told is not None:
        return told
    checking = NetOptions(insecure=options.insecure, timeout_s=_CHECK_S, environ=options.environ)
    context = web_context(
        options.environ, insecure=options.insecure, protocols=[alpn.REVERSE_TUNNEL]
    )
    try:
        _, end = await open_tls(
            End,
            web_addr,
            checking,
            context=context,
            server_name=split_address(web_addr)[0],
        )
    except TeletermError as error:
        cause = error.__cause__
        reason = (cause.reason or "") if isinstance(cause, ssl.SSLError) else ""
        return "NO_APPLICATION_PROTOCOL" in reason
    agreed = end.protocol()
    await abort_all([end])
    return agreed != alpn.REVERSE_TUNNEL


def _told(web_addr: str, environ: Mapping[str, str]) -> bool | None:
    """What the environment says: `true`, or `host:port=true` parts; None when nothing."""
    answer: bool | None = None
    for part in re.split("[,;]", environ.get(_VARIABLE, "")):
        address, equals, value = part.strip().rpartition("=")
        if value and (not equals or address == web_addr):
            answer = value.lower() in _TRUE
            if equals:
                return answer
    return answer


async def dial(web_addr: str, options: NetOptions) -> socket.socket:
    """A socket that leads to the proxy's own TLS port, through the upgraded connection.

    Raises: Unreachable, PeerBroke; Refused (UNTRUSTED).
    """
    context = web_context(options.environ, insecure=options.insecure, protocols=[alpn.HTTP_1])
    _, outer = await open_tls(
        _Outer, web_addr, options, context=context, server_name=split_address(web_addr)[0]
    )
    key = base64.b64encode(os.urandom(16)).decode("ascii")
    request = (
        f"GET {_PATH} HTTP/1.1\r\n"
        f"Host: {web_addr}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Protocol: {_PROTOCOL}\r\n\r\n"
    )
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    try:
        async with asyncio.timeout(options.timeout_s):
            _check(await outer.ask(request.encode()), key, web_addr)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: _Inner(outer), sock=ours)
    except TimeoutError as error:
        _give_up(outer, ours, theirs)
        raise Unreachable(f"{web_addr} did not answer the request to upgrade.") from error
    except BaseException:
        _give_up(outer, ours, theirs)
        raise
    return theirs


def _give_up(outer: "_Outer", *ends: socket.socket) -> None:
    outer.close()
    for end in ends:
        end.close()


def _check(head: bytes, key: str, web_addr: str) -> None:
    """Make sure that the answer agrees to what was asked.

    Raises: PeerBroke.
    """
    first, *lines = head.decode("latin-1").split("\r\n")
    given = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    if " 101" not in first or given.get("sec-websocket-accept") != websocket.accept(key):
        raise PeerBroke(
            f"{web_addr} did not agree to carry connections to the cluster.", details=first
        )


class _Outer(asyncio.Protocol):
    """The connection that the load balancer sees: first HTTP, then frames."""

    def __init__(self) -> None:
        self._head = b""
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._decoder = websocket.Decoder()
        self._transport: asyncio.Transport | None = None
        self._inner: _Inner | None = None
        self._early: list[bytes] = []

    async def ask(self, request: bytes) -> bytes:
        """Send a request; gives the head of the answer.

        Raises: Unreachable when the connection ends instead.
        """
        if self._transport is not None:
            self._transport.write(request)
        return await self._answer

    def attach(self, inner: "_Inner") -> None:
        """Hand what comes to `inner` from now on."""
        self._inner = inner
        early, self._early = self._early, []
        for body in early:
            inner.send(body)

    def send(self, data: bytes, opcode: Opcode = Opcode.BINARY) -> None:
        """Send one frame."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(websocket.encode(opcode, data, mask=os.urandom(4)))

    def close(self) -> None:
        """Say goodbye and close."""
        self.send((1000).to_bytes(2, "big"), Opcode.CLOSE)
        if self._transport is not None:
            self._transport.close()

    def pause(self, *, is_paused: bool) -> None:
        """Stop reading while the other side is full, or go on."""
        if self._transport is not None and not self._transport.is_closing():
            (self._transport.pause_reading if is_paused else self._transport.resume_reading)()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect the head of the answer, then take frames."""
        if self._answer.done():
            self._take(data)
            return
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if end:
            self._answer.set_result(head)
            if rest:
                self._take(rest)
        elif len(self._head) > _MAX_HEAD:
            self._answer.set_exception(PeerBroke("The answer to the upgrade has no end."))

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the other side too."""
        if not self._answer.done():
            self._answer.set_exception(Unreachable("The connection ended before the upgrade."))
        if self._inner is not None:
            self._inner.close()

    def pause_writing(self) -> None:
        """This side is full."""
        if self._inner is not None:
            self._inner.pause(is_paused=True)

    def resume_writing(self) -> None:
        """This side can take more."""
        if self._inner is not None:
            self._inner.pause(is_paused=False)

    def _take(self, data: bytes) -> None:
        try:
            frames = self._decoder.feed(data)
        except PeerBroke:
            self.close()
            return
        for frame in frames:
            if frame.opcode is Opcode.PING:
                self.send(frame.body, Opcode.PONG)
            elif frame.opcode is Opcode.CLOSE:
                self.close()
            elif frame.opcode is not Opcode.PONG:
                self._give(frame.body)

    def _give(self, body: bytes) -> None:
        if self._inner is None:
            self._early.append(body)
        else:
            self._inner.send(body)


class _Inner(asyncio.Protocol):
    """Our end of the socket whose other end our TLS uses."""

    def __init__(self, outer: _Outer) -> None:
        self._outer = outer
        self._transport: asyncio.Transport | None = None

    def send(self, data: bytes) -> None:
        """Hand on what the proxy sent."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Close once what was written has left."""
        if self._transport is not None:
            self._transport.close()

    def pause(self, *, is_paused: bool) -> None:
        """Stop reading while the other side is full, or go on."""
        if self._transport is not None and not self._transport.is_closing():
            (self._transport.pause_reading if is_paused else self._transport.resume_reading)()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection, and take what has come meanwhile."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._outer.attach(self)

    def data_received(self, data: bytes) -> None:
        """Send what our TLS says."""
        self._outer.send(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the other side too."""
        self._outer.close()

    def pause_writing(self) -> None:
        """This side is full."""
        self._outer.pause(is_paused=True)

    def resume_writing(self) -> None:
        """This side can take more."""
        self._outer.pause(is_paused=False)
