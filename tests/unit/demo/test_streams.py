"""Streams laid over each other, in memory."""

import asyncio
import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from teleterm.demo.authorities import TlsAuthority
from teleterm.demo.streams import (
    ByteStream,
    ExactReader,
    FrontedStream,
    PingStream,
    TlsStream,
    join,
)
from teleterm.demo.tls import server_context


class Pipe:
    """One end of a pair of streams in memory."""

    def __init__(self) -> None:
        self._incoming: asyncio.Queue[bytes] = asyncio.Queue()
        self.other = self
        self.is_closed = False

    @classmethod
    def pair(cls) -> tuple["Pipe", "Pipe"]:
        one, other = cls(), cls()
        one.other, other.other = other, one
        return one, other

    async def read(self) -> bytes:
        return b"" if self.is_closed else await self._incoming.get()

    async def write(self, data: bytes) -> None:
        self.other._incoming.put_nowait(data)

    async def close(self) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.other._incoming.put_nowait(b"")
            self._incoming.put_nowait(b"")


async def take(stream: ByteStream, count: int) -> bytes:
    return await ExactReader(stream).take(count)


def test_ping_frames_carry_bytes_and_drop_signs_of_life() -> None:
    async def run() -> None:
        near, far = Pipe.pair()
        framed = PingStream(near)
        await framed.write(b"hello")
        await framed.ping()
        assert await take(far, 13) == b"\0\0\0\x05hello\0\0\0\0"
        answer = b"\0\0\0\0" + b"\0\0\0\x06" + b"answer"
        for at in range(len(answer)):
            await far.write(answer[at : at + 1])
        assert await take(framed, 6) == b"answer"

    asyncio.run(run())


def test_exact_reads_and_what_is_left() -> None:
    async def run() -> None:
        near, far = Pipe.pair()
        await far.write(b"head\r\n\r\nbo")
        await far.write(b"dy!rest")
        reader = ExactReader(near)
        assert await reader.take_until(b"\r\n\r\n", limit=100) == b"head\r\n\r\n"
        assert await reader.take(4) == b"body"
        assert reader.rest() == b"!rest"
        assert reader.rest() == b""
        await far.close()
        with pytest.raises(EOFError):
            await reader.take(1)

    asyncio.run(run())


def test_joined_streams_end_together() -> None:
    async def run() -> None:
        client, one = Pipe.pair()
        other, server = Pipe.pair()
        joining = asyncio.ensure_future(join(FrontedStream(one, b"front "), other))
        await client.write(b"asked")
        assert await take(server, 11) == b"front asked"
        await server.write(b"answered")
        assert await take(client, 8) == b"answered"
        await server.close()
        await joining
        assert one.is_closed
        assert other.is_closed

    asyncio.run(run())


def test_tls_inside_a_stream_shows_protocol_and_certificate(tmp_path: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    authority = TlsAuthority("someone", now)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    pair = authority.issue_server(name, ["localhost"])
    context = server_context(
        pair, tmp_path, protocols=["second", "first"], client_authorities=[authority.pem]
    )
    assert list(tmp_path.iterdir()) == []
    client = ssl.create_default_context(cadata=authority.pem.decode())
    client.set_alpn_protocols(["first", "second"])
    both = tmp_path / "both.pem"
    both.write_bytes(pair.certificate + pair.key)
    client.load_cert_chain(both)

    async def run() -> None:
        near, far = Pipe.pair()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = client.wrap_bio(incoming, outgoing, server_hostname="localhost")
        server = TlsStream(near, context)
        shaking = asyncio.ensure_future(server.handshake())
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await far.write(outgoing.read())
                incoming.write(await far.read())
        tls.write(b"asked")
        await far.write(outgoing.read())
        await shaking
        assert server.protocol == "second"
        assert server.peer_certificate == ssl.PEM_cert_to_DER_cert(pair.certificate.decode())
        assert await take(server, 5) == b"asked"
        await far.close()
        assert await server.read() == b""

    asyncio.run(run())
