"""The database service for MySQL: greets, checks who comes, then joins the client to MariaDB."""

import contextlib
import secrets
import ssl

from teleterm.demo import streams
from teleterm.demo.databases import mysqlwire
from teleterm.demo.databases.access import Doorkeeper, read_identity
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import DemoDatabase
from teleterm.demo.streams import ByteStream, ExactReader, FrontedStream, TlsStream
from teleterm.model.errors import Refused, Unreachable

_VERSION = "8.0.0-Teleport"
_SALT_BYTES = 20


class MysqlService:
    """Serves MySQL clients of the root cluster; `password` is that of the server's users."""

    def __init__(self, doorkeeper: Doorkeeper, inner_tls: ssl.SSLContext, password: str) -> None:
        self._doorkeeper = doorkeeper
        self._inner_tls = inner_tls
        self._password = password

    async def serve(self, stream: ByteStream, certificate: bytes | None) -> None:
        """Serve one connection.

        `certificate` (DER) is what the client has shown on the way here. Without one the client has
        to go over to TLS after the greeting, and to show one there.
        """
        with contextlib.suppress(EOFError, OSError, ssl.SSLError, mysqlwire.NotMysql):
            await self._start(stream, read_identity(certificate))

    async def _start(self, stream: ByteStream, identity: Identity | None) -> None:
        salt = bytes(1 + secrets.randbelow(127) for _ in range(_SALT_BYTES))
        with_tls = identity is None
        await stream.write(mysqlwire.encode_greeting(_VERSION, salt, with_tls=with_tls))
        reader = ExactReader(stream)
        packet = await mysqlwire.read_packet(reader)
        response = mysqlwire.read_response(packet)
        if response.wants_tls and with_tls:
            inner = TlsStream(FrontedStream(stream, reader.rest()), self._inner_tls)
            await inner.handshake()
            identity = read_identity(inner.peer_certificate)
            stream, reader = inner, ExactReader(inner)
            packet = await mysqlwire.read_packet(reader)
            response = mysqlwire.read_response(packet)
        client = FrontedStream(stream, reader.rest())
        await self._open(client, packet.sequence + 1, response, identity)

    async def _open(
        self,
        client: ByteStream,
        sequence: int,
        response: mysqlwire.Response,
        identity: Identity | None,
    ) -> None:
        try:
            database = self._doorkeeper.admit(identity, user=response.user, name=None)
            answer, server = await self._log_in(database, response)
        except Refused as refusal:
            error = (mysqlwire.ACCESS_DENIED, "28000", refusal.message)
            await client.write(mysqlwire.encode_error(sequence, *error))
        except Unreachable as failure:
            error = (mysqlwire.CANNOT_CONNECT, "HY000", failure.message)
            await client.write(mysqlwire.encode_error(sequence, *error))
        else:
            await client.write(mysqlwire.encode_packet(sequence, answer))
            await streams.join(client, server)
            return
        await client.close()

    async def _log_in(
        self, database: DemoDatabase, response: mysqlwire.Response
    ) -> tuple[bytes, ByteStream]:
        """Give what the server says to the login, and the connection to it."""
        server = await self._doorkeeper.connect(database)
        reader = ExactReader(server)
        greeted = await mysqlwire.read_packet(reader)
        if greeted.is_failure:
            return greeted.body, server
        greeting = mysqlwire.read_greeting(greeted)
        await server.write(mysqlwire.encode_response(response, greeting, self._password))
        answer = await mysqlwire.read_packet(reader)
        if answer.body[:1] == bytes([mysqlwire.SWITCH]):
            await server.write(mysqlwire.encode_switched(answer, self._password))
            answer = await mysqlwire.read_packet(reader)
        return answer.body, FrontedStream(server, reader.rest())
