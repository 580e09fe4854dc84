"""The door of a node: lets SSH connections in that go on when what they run over breaks.

Every client is told of it in the first line. One that takes no notice gets an ordinary connection.
"""

import asyncio
import contextlib
import math
import socket
from dataclasses import dataclass

from teleterm.demo import streams
from teleterm.demo.node import NodeServer, Visitor
from teleterm.demo.streams import ByteStream, ExactReader, FrontedStream, SocketStream
from teleterm.model.errors import PeerBroke
from teleterm.osutil import tasks
from teleterm.wire import resumption
from teleterm.wire.resumption import Agreement, Link, Offer

_DETACHED_S = 60.0
_HELLO_S = 15.0
_KEPT_BYTES = 2 * 1024 * 1024


class Doors:
    """All resumable connections of a demo, by their tokens."""

    def __init__(self) -> None:
        self._stays: dict[bytes, Stay] = {}

    async def serve(self, stream: ByteStream, server: NodeServer, user: str) -> None:
        """Serve one stream from a client to its end."""
        with contextlib.suppress(EOFError, OSError, PeerBroke, TimeoutError):
            await self._serve(stream, server, user)
        await stream.close()

    async def close(self) -> None:
        """End all connections, also those whose clients may come back."""
        for stay in list(self._stays.values()):
            await stay.close()

    async def _serve(self, stream: ByteStream, server: NodeServer, user: str) -> None:
        agreement = Agreement()
        line = resumption.encode_offer(Offer(key=agreement.public, host_id=server.host_id))
        await stream.write(line)
        reader = ExactReader(stream)
        async with asyncio.timeout(_HELLO_S):
            said = await reader.take(len(resumption.SSH_PREFIX) + 1)
            is_resumable = said.endswith(resumption.CLIENT_SUFFIX[:1])
            token = await _token(reader, agreement) if is_resumable else None
        rest = FrontedStream(stream, (b"" if is_resumable else said) + reader.rest())
        if token is None:
            inside = await _enter(server, user, line.decode().strip())
            await streams.join(rest, _Skipping(inside.stream, len(line)))
            await asyncio.wait({inside.serving})
        elif token.is_new:
            await self._open(rest, token, server, user)
        else:
            await self._resume(rest, token, user)

    async def _open(
        self, stream: ByteStream, token: "_Token", server: NodeServer, user: str
    ) -> None:
        stay = Stay(await _enter(server, user), user)
        self._stays[token.value] = stay
        stay.living.add_done_callback(lambda _: self._stays.pop(token.value, None))
        await stay.use(stream, is_first=True)

    async def _resume(self, stream: ByteStream, token: "_Token", user: str) -> None:
        stay = self._stays.get(token.value)
        if stay is None or stay.user != user:
            await stream.write(resumption.UNKNOWN)
            return
        await stream.write(resumption.RESUMED)
        await stay.use(stream, is_first=False)


class Stay:
    """A client on a node, over one stream after another."""

    def __init__(self, inside: "_Inside", user: str) -> None:
        self.user = user
        self.link = Link()
        self.living = tasks.spawn(self._live(inside), name="demo node: stay")
        self._inner = inside.stream
        self._is_over = False
        self._most_kept_bytes: float = _KEPT_BYTES
        self._has_news = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._stream: ByteStream | None = None
        self._turn = asyncio.Lock()
        self._waiting: asyncio.TimerHandle | None = None

    async def close(self) -> None:
        """End it for good."""
        self._most_kept_bytes = math.inf  # nobody takes it any more, and nothing must wait for that
        self._has_room.set()
        await self._inner.close()
        await asyncio.wait({self.living})

    async def use(self, stream: ByteStream, *, is_first: bool) -> None:
        """Carry over a stream, in the place of the one of now, until it or the stay ends."""
        if self._stream is not None:
            await self._stream.close()
        async with self._turn:
            self._stream = stream
            if self._waiting is not None:
                self._waiting.cancel()
            if is_first:
                self.link.begin()
            else:
                await stream.write(self.link.resume())
            sending = tasks.spawn(self._send(stream), name="demo node: sending")
            try:
                await self._receive(stream)
            finally:
                sending.cancel()
                await asyncio.wait({sending})
                self._stream = None
                self._wait_for_return()

    def _wait_for_return(self) -> None:
        if not self.living.done():
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_later(_DETACHED_S, lambda: tasks.spawn(self.close()))

    async def _receive(self, stream: ByteStream) -> None:
        while data := await stream.read():
            for piece in self.link.feed(data):
                with contextlib.suppress(OSError):  # the node has ended; its client has not heard
                    await self._inner.write(bytes(piece))
            self._look_for_room()
            self._has_news.set()
            if self.link.is_over:
                await self._inner.close()
                return

    async def _send(self, stream: ByteStream) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._has_news.clear()
                while data := self.link.outgoing():
                    await stream.write(data)
                if self._is_over and self.link.has_sent_all:
                    await stream.write(self.link.end())
                    await stream.close()
                    return
                await self._has_news.wait()

    async def _live(self, inside: "_Inside") -> None:
        """Take what the node says until it ends."""
        while data := await inside.stream.read():
            self.link.write(data)
            self._look_for_room()
            self._has_news.set()
            await self._has_room.wait()
        self._is_over = True
        self._has_news.set()
        await inside.stream.close()
        await asyncio.wait({inside.serving})
        if self._waiting is not None:
            self._waiting.cancel()

    def _look_for_room(self) -> None:
        if self.link.unsure_bytes < self._most_kept_bytes:
            self._has_room.set()
        else:
            self._has_room.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """Which connection a client means."""

    value: bytes
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inside:
    """A connection to a node's SSH server, and the server's part of it."""

    stream: ByteStream
    serving: "asyncio.Task[None]"


class _Skipping:
    """A node's output without the line that its client has got already."""

    def __init__(self, inner: ByteStream, skipped_bytes: int) -> None:
        self._inner = inner
        self._left = skipped_bytes

    async def read(self) -> bytes:
        """Give what comes after that line."""
        while data := await self._inner.read():
            skipped = min(self._left, len(data))
            self._left -= skipped
            if data[skipped:]:
                return data[skipped:]
        return b""

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""
        await self._inner.write(data)

    async def close(self) -> None:
        """Close the stream below."""
        await self._inner.close()


async def _token(reader: ExactReader, agreement: Agreement) -> _Token:
    """Read what a client says after the first sign that it takes the offer."""
    rest = resumption.CLIENT_SUFFIX[1:]
    if await reader.take(len(rest)) != rest:
        raise PeerBroke("a client asks for something else than resumption")
    pad = agreement.pad(await reader.take(resumption.KEY_BYTES))
    if await reader.take(1) == resumption.NEW:
        return _Token(value=pad, is_new=True)
    hidden = await reader.take(resumption.TOKEN_BYTES)
    return _Token(value=resumption.hidden(hidden, pad), is_new=False)


async def _enter(server: NodeServer, user: str, line: str = "") -> _Inside:
    """Open a connection to a node's SSH server, which says `line` of itself."""
    ours, theirs = socket.socketpair()
    version = line.removeprefix(resumption.SSH_PREFIX.decode())
    visitor = Visitor(user=user)
    serving = server.serve(theirs, visitor, version) if version else server.serve(theirs, visitor)
    stream = SocketStream(*await asyncio.open_connection(sock=ours))
    return _Inside(stream=stream, serving=tasks.spawn(serving, name="demo node: ssh"))
