"""Connections to the port inside a WebSocket, for clients behind a balancer that ends TLS.

Source: connections.md 0.5.
"""

from typing import Protocol

from teleterm.demo.http import Request
from teleterm.demo.streams import ByteStream
from teleterm.wire import websocket
from teleterm.wire.websocket import Opcode

PATH = "/webapi/connectionupgrade"
_PROTOCOLS = ("alpn-ping", "alpn")


class Front(Protocol):
    """A connection as the router looks at it: its first bytes can be put back."""

    async def read(self) -> bytes:
        """Give the next bytes; nothing at the end."""

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""

    async def close(self) -> None:
        """End both directions."""

    def put_back(self, front: bytes) -> None:
        """Have `front` read again before anything else."""

    @property
    def peer_host(self) -> str:
        """The other side's address."""


class TunnelStream:
    """What the frames of a WebSocket carry."""

    def __init__(self, inner: ByteStream, peer_host: str) -> None:
        self._inner = inner
        self._peer_host = peer_host
        self._decoder = websocket.Decoder()
        self._front = b""

    @property
    def peer_host(self) -> str:
        """The other side's address."""
        return self._peer_host

    def put_back(self, front: bytes) -> None:
        """Have `front` read again before anything else."""
        self._front = front + self._front

    async def read(self) -> bytes:
        """Give the next bytes; a goodbye is the end."""
        while not self._front:
            data = await self._inner.read()
            if not data:
                return b""
            for frame in self._decoder.feed(data):
                if frame.opcode is Opcode.CLOSE:
                    return b""
                if frame.opcode is Opcode.PING:
                    await self._inner.write(websocket.encode(Opcode.PONG, frame.body))
                elif frame.opcode is not Opcode.PONG:
                    self._front += frame.body
        front, self._front = self._front, b""
        return front

    async def write(self, data: bytes) -> None:
        """Send `data` as one frame."""
        if data:
            await self._inner.write(websocket.encode(Opcode.BINARY, data))

    async def close(self) -> None:
        """Close the stream below."""
        await self._inner.close()


async def accept(request: Request, stream: ByteStream) -> TunnelStream | None:
    """Agree to carry a connection; None when that isn't what the request asks for."""
    headers = request.headers
    offered = headers.get("sec-websocket-protocol", "").replace(" ", "").split(",")
    chosen = next((one for one in _PROTOCOLS if one in offered), "")
    if request.path != PATH or headers.get("upgrade", "").lower() != "websocket" or not chosen:
        return None
    head = (
        "HTTP/1.1 101 Switching Protocols\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {websocket.accept(headers.get('sec-websocket-key', ''))}\r\n"
        f"Sec-WebSocket-Protocol: {chosen}\r\n\r\n"
    )
    await stream.write(head.encode("latin-1"))
    return TunnelStream(stream, request.peer_host)
