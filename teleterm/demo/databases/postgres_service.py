"""The database service for PostgreSQL: checks who comes, then joins the client to the server."""

import contextlib
import ssl

from teleterm.demo import streams
from teleterm.demo.databases import pgwire
from teleterm.demo.databases.access import Doorkeeper, read_identity
from teleterm.demo.identity import Identity
from teleterm.demo.streams import ByteStream, ExactReader, FrontedStream, TlsStream
from teleterm.model.errors import Refused, Unreachable


class PostgresService:
    """Serves PostgreSQL clients of the root cluster."""

    def __init__(self, doorkeeper: Doorkeeper, inner_tls: ssl.SSLContext) -> None:
        self._doorkeeper = doorkeeper
        self._inner_tls = inner_tls

    async def serve(self, stream: ByteStream, certificate: bytes | None) -> None:
        """Serve one connection.

        `certificate` (DER) is what the client has shown on the way here. Without one it is asked
        for inside the PostgreSQL protocol.
        """
        with contextlib.suppress(EOFError, OSError, ssl.SSLError, pgwire.NotPostgres):
            await self._start(stream, read_identity(certificate))

    async def _start(self, stream: ByteStream, identity: Identity | None) -> None:
        while True:
            reader = ExactReader(stream)
            startup = await pgwire.read_startup(reader)
            match startup.code:
                case pgwire.SSL_REQUEST if identity is None:
                    await stream.write(b"S")
                    inner = TlsStream(FrontedStream(stream, reader.rest()), self._inner_tls)
                    await inner.handshake()
                    identity = read_identity(inner.peer_certificate)
                    stream = inner
                case pgwire.SSL_REQUEST | pgwire.GSS_REQUEST:
                    await stream.write(b"N")
                    stream = FrontedStream(stream, reader.rest())
                case pgwire.CANCEL_REQUEST:
                    await self._cancel(startup)
                    return
                case pgwire.PROTOCOL_3:
                    client = FrontedStream(stream, reader.rest())
                    await self._open(client, startup, identity)
                    return
                case _:
                    await _refuse(stream, pgwire.PROTOCOL_VIOLATION, "unknown protocol version")
                    return

    async def _open(
        self, client: ByteStream, startup: pgwire.Startup, identity: Identity | None
    ) -> None:
        try:
            database = self._doorkeeper.admit(identity, user=startup.user, name=startup.database)
            server = await self._doorkeeper.connect(database)
        except Refused as refusal:
            await _refuse(client, pgwire.NO_SUCH_PERMISSION, refusal.message)
        except Unreachable as failure:
            await _refuse(client, pgwire.CANNOT_CONNECT, failure.message)
        else:
            await server.write(startup.raw)
            await streams.join(client, server)

    async def _cancel(self, startup: pgwire.Startup) -> None:
        """Hand on a cancel request: it holds a key that the server itself has given out."""
        if self._doorkeeper.server is not None:
            server = await self._doorkeeper.server.connect()
            await server.write(startup.raw)
            await server.read()
            await server.close()


async def _refuse(client: ByteStream, sqlstate: str, message: str) -> None:
    await client.write(pgwire.encode_fatal(sqlstate, message))
    await client.close()
