"""The database service: checks who comes, then joins the client to PostgreSQL."""

import contextlib
import ssl

from cryptography import x509

from teleterm.demo import pgwire, streams
from teleterm.demo.identity import Identity, identity_of
from teleterm.demo.inventory import DemoDatabase, DemoMember
from teleterm.demo.postgres import PostgresServer
from teleterm.demo.streams import ByteStream, ExactReader, FrontedStream, TlsStream

_DENIED = "access to db denied. User does not have permissions. Confirm database user and name."


class DatabaseService:
    """Serves PostgreSQL clients of the root cluster."""

    def __init__(
        self, cluster: DemoMember, server: PostgresServer | None, inner_tls: ssl.SSLContext
    ) -> None:
        self._cluster = cluster
        self._server = server
        self._inner_tls = inner_tls

    async def serve(self, stream: ByteStream, certificate: bytes | None) -> None:
        """Serve one connection.

        `certificate` (DER) is what the client has shown on the way here. Without one it is asked
        for inside the PostgreSQL protocol.
        """
        outer = None if certificate is None else _identity(certificate)
        with contextlib.suppress(EOFError, OSError, ssl.SSLError, pgwire.NotPostgres):
            await self._start(stream, outer)

    async def _start(self, stream: ByteStream, identity: Identity | None) -> None:
        while True:
            reader = ExactReader(stream)
            startup = await pgwire.read_startup(reader)
            match startup.code:
                case pgwire.SSL_REQUEST if identity is None:
                    await stream.write(b"S")
                    inner = TlsStream(FrontedStream(stream, reader.rest()), self._inner_tls)
                    await inner.handshake()
                    shown = inner.peer_certificate
                    identity = None if shown is None else _identity(shown)
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
        if identity is None or not identity.database.service:
            message = "a client certificate for a database is needed"
            await _refuse(client, pgwire.NO_SUCH_PERMISSION, message)
            return
        route = identity.database
        found = self._cluster.databases_named(route.service)
        if not found:
            message = f'database "{route.service}" not found'
            await _refuse(client, pgwire.CANNOT_CONNECT, message)
            return
        allowed_user = startup.user in identity.database_users
        if not allowed_user or startup.database not in identity.database_names:
            await _refuse(client, pgwire.NO_SUCH_PERMISSION, _DENIED)
            return
        await self._join(client, startup, found[0])

    async def _join(
        self, client: ByteStream, startup: pgwire.Startup, database: DemoDatabase
    ) -> None:
        if database.why_offline or self._server is None:
            reason = database.why_offline or "PostgreSQL is not running there"
            message = f'can\'t reach database "{database.name}": {reason}'
            await _refuse(client, pgwire.CANNOT_CONNECT, message)
            return
        try:
            server = await self._server.connect()
        except OSError:
            message = f'can\'t reach database "{database.name}": PostgreSQL is not running there'
            await _refuse(client, pgwire.CANNOT_CONNECT, message)
            return
        await server.write(startup.raw)
        await streams.join(client, server)

    async def _cancel(self, startup: pgwire.Startup) -> None:
        """Hand on a cancel request: it holds a key that the server itself has given out."""
        if self._server is not None:
            server = await self._server.connect()
            await server.write(startup.raw)
            await server.read()
            await server.close()


def _identity(der: bytes) -> Identity:
    return identity_of(x509.load_der_x509_certificate(der))


async def _refuse(client: ByteStream, sqlstate: str, message: str) -> None:
    await client.write(pgwire.encode_fatal(sqlstate, message))
    await client.close()
