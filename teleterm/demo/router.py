"""The one port: looks at what a client asks for in its ClientHello and takes it there."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from teleterm.demo import faults, streams, tunnel
from teleterm.demo.clienthello import ClientHello, NotAClientHello, read_client_hello
from teleterm.demo.databases import pgwire
from teleterm.demo.faults import Faults, FaultyFront
from teleterm.demo.http import Request, Upgrade
from teleterm.demo.streams import ByteStream, PingStream, SocketStream, TlsStream
from teleterm.demo.tunnel import Front
from teleterm.model.errors import PeerBroke

AUTH_PREFIX = "teleport-auth@"
TRANSPORT = "teleport-proxy-ssh-grpc"
PROXY_GRPC = "teleport-proxy-grpc-mtls"
POSTGRES = "teleport-postgres"
MYSQL = "teleport-mysql"
TCP_APP = "teleport-tcp"
REVERSE_TUNNEL = "teleport-reversetunnel"
PING_SUFFIX = "-ping"
_KUBE_SERVER_NAME = "kube-teleport-proxy-alpn."

_HELLO_TIMEOUT_S = 15.0
_PING_EVERY_S = 30.0

_log = logging.getLogger("teleterm.demo.router")

# Opens a connection to one of our own gRPC servers, which terminates TLS itself.
Dial = Callable[[], Awaitable[ByteStream]]
# Serves a client that comes to the web with a certificate: for an application or a database.
ServeCertified = Callable[[ByteStream, str, bytes], Awaitable[None]]
# Serves what is inside TLS; gets the client's verified certificate, if it showed one.
ServePlain = Callable[[ByteStream, bytes | None], Awaitable[None]]
ServeWeb = Callable[[ByteStream, str, Upgrade], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Where each kind of connection goes.

    `framed` is for the protocols that come with and without ping frames. `inside` is for the
    connections that come through a WebSocket.
    """

    forwarded: Mapping[str, Dial]
    web: ServeWeb
    certified: ServeCertified
    web_tls: ssl.SSLContext
    framed: Mapping[str, ServePlain]
    framed_tls: ssl.SSLContext
    kube: ServePlain
    kube_tls: ssl.SSLContext
    tunnel_tls: ssl.SSLContext
    inside: "Routes | None" = None


class Router:
    """Serves connections to the port."""

    def __init__(self, routes: Routes, network: Faults) -> None:
        self._routes = routes
        self._network = network

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end; called by the listener, in a task of its own."""
        await self.serve_front(SocketStream(reader, writer))

    async def serve_front(self, stream: Front) -> None:
        """Serve one connection to its end, wherever it comes from."""
        try:
            await self._serve(FaultyFront(stream, self._network))
        except (NotAClientHello, EOFError, OSError, ssl.SSLError, PeerBroke) as error:
            _log.debug("connection ended: %s", error)
        finally:
            with contextlib.suppress(OSError):
                await stream.close()

    async def _serve(self, stream: FaultyFront) -> None:
        front = b""
        hello: ClientHello | None = None
        async with asyncio.timeout(_HELLO_TIMEOUT_S):
            while hello is None:
                data = await stream.read()
                if not data:
                    return
                front += data
                if front[: len(pgwire.SSL_REQUEST_BYTES)] == pgwire.SSL_REQUEST_BYTES:
                    break
                if not pgwire.SSL_REQUEST_BYTES.startswith(front):
                    hello = read_client_hello(front)
        stream.put_back(front)
        if hello is None:
            stream.enter(faults.DATABASE)
            await self._routes.framed[POSTGRES](stream, None)
        else:
            await self._route(stream, hello)

    async def _route(self, stream: FaultyFront, hello: ClientHello) -> None:
        if hello.server_name.startswith(_KUBE_SERVER_NAME):
            stream.enter(faults.KUBE)
            tls = await _terminate(stream, self._routes.kube_tls)
            await self._routes.kube(tls, tls.peer_certificate)
            await tls.close()
            return
        for protocol in hello.protocols or ("http/1.1",):
            if (dial := self._routes.forwarded.get(protocol)) is not None:
                stream.enter(faults.AUTH if protocol.startswith(AUTH_PREFIX) else faults.SSH)
                await _forward(stream, dial)
            elif protocol in {"http/1.1", "h2"}:
                await self._web(stream)
            elif (name := _without_suffixes(protocol)) in self._routes.framed:
                stream.enter(faults.APP if name == TCP_APP else faults.DATABASE)
                await self._framed(stream, name)
            elif protocol == REVERSE_TUNNEL:
                tls = await _terminate(stream, self._routes.tunnel_tls)
                await tls.close()
            else:
                continue
            return
        _log.debug("nothing here speaks any of %s", hello.protocols)

    async def _web(self, stream: FaultyFront) -> None:
        stream.enter(faults.WEB)
        tls = await _terminate(stream, self._routes.web_tls)
        certificate = tls.peer_certificate
        if certificate is None:
            await self._routes.web(tls, stream.peer_host, self._upgrade)
        else:
            stream.enter(faults.APP)
            await self._routes.certified(tls, stream.peer_host, certificate)
        await tls.close()

    async def _upgrade(self, request: Request, stream: ByteStream) -> bool:
        """Serve what comes inside a WebSocket as if it had come to the port."""
        carried = None if self._routes.inside is None else await tunnel.accept(request, stream)
        if carried is None or self._routes.inside is None:
            return False
        await Router(self._routes.inside, self._network).serve_front(carried)
        return True

    async def _framed(self, stream: Front, asked: str) -> None:
        tls = await _terminate(stream, self._routes.framed_tls)
        certificate = tls.peer_certificate
        serve = self._routes.framed[_without_suffixes(tls.protocol) or asked]
        if not tls.protocol.endswith(PING_SUFFIX):
            await serve(tls, certificate)
            await tls.close()
            return
        framed = PingStream(tls)
        async with asyncio.TaskGroup() as group:
            pinging = group.create_task(_keep_pinging(framed))
            await serve(framed, certificate)
            pinging.cancel()
        await framed.close()


def _without_suffixes(protocol: str) -> str:
    """Give the plain id: MySQL's may say which version the server shall claim to be."""
    if protocol.startswith(f"{MYSQL}-"):
        return MYSQL
    return protocol.removesuffix(PING_SUFFIX)


async def _terminate(stream: Front, context: ssl.SSLContext) -> TlsStream:
    tls = TlsStream(stream, context)
    async with asyncio.timeout(_HELLO_TIMEOUT_S):
        await tls.handshake()
    return tls


async def _forward(stream: Front, dial: Dial) -> None:
    await streams.join(stream, await dial())


async def _keep_pinging(stream: PingStream) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while True:
            await asyncio.sleep(_PING_EVERY_S)
            await stream.ping()
