"""Byte streams that can be laid over each other: a socket, TLS, ping framing, TLS once more."""

import asyncio
import contextlib
import ssl
import struct
from typing import Protocol

_READ_BYTES = 256 * 1024
_LENGTH = struct.Struct(">I")


class ByteStream(Protocol):
    """Both directions of one connection."""

    async def read(self) -> bytes:
        """Give the next bytes, at least one; nothing at the end."""

    async def write(self, data: bytes) -> None:
        """Send all of `data`, waiting while the other side is slow."""

    async def close(self) -> None:
        """End both directions; a read that waits elsewhere then ends."""


class SocketStream:
    """A socket; bytes that were read from it too early can be put back in front."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._front = b""

    def put_back(self, front: bytes) -> None:
        """Have `front` read again before anything else."""
        self._front = front + self._front

    async def read(self) -> bytes:
        """Give the next bytes; a connection that broke has ended."""
        if self._front:
            front, self._front = self._front, b""
            return front
        try:
            return await self._reader.read(_READ_BYTES)
        except ConnectionError:
            return b""

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""
        self._writer.write(data)
        await self._writer.drain()

    async def close(self) -> None:
        """Close the socket after what was written is sent."""
        self._writer.close()

    @property
    def peer_host(self) -> str:
        """The other side's address."""
        name: object = self._writer.get_extra_info("peername")
        return str(name[0]) if isinstance(name, tuple) and name else ""


class TlsStream:
    """The server's end of TLS over another stream."""

    def __init__(self, inner: ByteStream, context: ssl.SSLContext) -> None:
        self._inner = inner
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._flushing = asyncio.Lock()

    async def handshake(self) -> None:
        """Agree on keys.

        Raises: ssl.SSLError when the two sides can't, EOFError when the client went away.
        """
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._feed()
            except ssl.SSLError:
                with contextlib.suppress(OSError):
                    await self._flush()  # the alert tells the client why
                raise
            else:
                await self._flush()
                return

    @property
    def protocol(self) -> str:
        """The application protocol agreed on; empty for none."""
        return self._tls.selected_alpn_protocol() or ""

    @property
    def peer_certificate(self) -> bytes | None:
        """The client's verified certificate, as DER."""
        return self._tls.getpeercert(binary_form=True)

    async def read(self) -> bytes:
        """Give the next decrypted bytes."""
        while True:
            try:
                data = self._tls.read(_READ_BYTES)
            except ssl.SSLWantReadError:
                await self._flush()  # TLS 1.3 may have a key update to answer
                try:
                    await self._feed()
                except EOFError:
                    return b""
            except ssl.SSLError:
                return b""
            else:
                return data

    async def write(self, data: bytes) -> None:
        """Encrypt and send all of `data`."""
        if data:
            self._tls.write(data)
            await self._flush()

    async def close(self) -> None:
        """Say goodbye and close the stream below."""
        with contextlib.suppress(ssl.SSLError, OSError):
            self._tls.unwrap()
        with contextlib.suppress(OSError):
            await self._flush()
        await self._inner.close()

    async def _feed(self) -> None:
        data = await self._inner.read()
        if not data:
            self._incoming.write_eof()
            raise EOFError
        self._incoming.write(data)

    async def _flush(self) -> None:
        async with self._flushing:
            if data := self._outgoing.read():
                await self._inner.write(data)


class PingStream:
    """Length-framed bytes over another stream; an empty frame is a sign of life and is dropped.

    Shape:  length (4 bytes, big endian), then that many bytes.
    Source: pingconn, Teleport 18.3.
    """

    def __init__(self, inner: ByteStream) -> None:
        self._inner = inner
        self._buffer = b""
        self._body_left = 0

    async def read(self) -> bytes:
        """Give the next bytes of a frame's body."""
        while True:
            if self._body_left and self._buffer:
                part = self._buffer[: self._body_left]
                self._buffer = self._buffer[len(part) :]
                self._body_left -= len(part)
                return part
            if not self._body_left and len(self._buffer) >= _LENGTH.size:
                (self._body_left,) = _LENGTH.unpack_from(self._buffer)
                self._buffer = self._buffer[_LENGTH.size :]
                continue
            data = await self._inner.read()
            if not data:
                return b""
            self._buffer += data

    async def write(self, data: bytes) -> None:
        """Send `data` as one frame."""
        if data:
            await self._inner.write(_LENGTH.pack(len(data)) + data)

    async def ping(self) -> None:
        """Send a sign of life."""
        await self._inner.write(_LENGTH.pack(0))

    async def close(self) -> None:
        """Close the stream below."""
        await self._inner.close()


class ExactReader:
    """Reads exact counts off a stream, and gives back what it has read too much."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._buffer = b""

    async def take(self, count: int) -> bytes:
        """Give the next `count` bytes.

        Raises: EOFError when the stream ends before.
        """
        while len(self._buffer) < count:
            data = await self._stream.read()
            if not data:
                raise EOFError
            self._buffer += data
        part, self._buffer = self._buffer[:count], self._buffer[count:]
        return part

    async def take_until(self, end: bytes, *, limit: int) -> bytes:
        """Give the bytes up to and with `end`.

        Raises: EOFError when the stream ends before, ValueError after `limit` bytes without it.
        """
        while (at := self._buffer.find(end)) < 0:
            if len(self._buffer) > limit:
                raise ValueError("the header is too long")
            data = await self._stream.read()
            if not data:
                raise EOFError
            self._buffer += data
        return await self.take(at + len(end))

    def rest(self) -> bytes:
        """Give what was read but not taken; it is then no longer here."""
        rest, self._buffer = self._buffer, b""
        return rest


class FrontedStream:
    """A stream with bytes put back in front of it."""

    def __init__(self, inner: ByteStream, front: bytes) -> None:
        self._inner = inner
        self._front = front

    async def read(self) -> bytes:
        """Give the bytes put back first."""
        if self._front:
            front, self._front = self._front, b""
            return front
        return await self._inner.read()

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""
        await self._inner.write(data)

    async def close(self) -> None:
        """Close the stream below."""
        await self._inner.close()


async def join(one: ByteStream, other: ByteStream) -> None:
    """Copy both ways until either side ends, then close both."""

    async def copy(source: ByteStream, sink: ByteStream) -> None:
        try:
            while data := await source.read():
                await sink.write(data)
        except (OSError, ssl.SSLError):
            pass  # a side that broke has ended
        finally:
            await sink.close()
            await source.close()

    async with asyncio.TaskGroup() as group:
        group.create_task(copy(one, other))
        group.create_task(copy(other, one))
