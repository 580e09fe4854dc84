"""The database service for Redis: checks who comes, logs in for them, then joins the two."""

import contextlib
import ssl

from teleterm.demo import streams
from teleterm.demo.databases import resp
from teleterm.demo.databases.access import Doorkeeper, read_identity
from teleterm.demo.identity import Identity
from teleterm.demo.streams import ByteStream, ExactReader, FrontedStream, TlsStream
from teleterm.model.errors import Refused, Unreachable

_DEFAULT_USER = "default"


class RedisService:
    """Serves Redis clients of the root cluster; `password` is that of the server's users."""

    def __init__(self, doorkeeper: Doorkeeper, inner_tls: ssl.SSLContext, password: str) -> None:
        self._doorkeeper = doorkeeper
        self._inner_tls = inner_tls
        self._password = password

    async def serve(self, stream: ByteStream, certificate: bytes | None) -> None:
        """Serve one connection.

        `certificate` (DER) is what the client has shown on the way here. Without one the client
        begins with TLS of its own, and shows one there.
        """
        with contextlib.suppress(EOFError, OSError, ssl.SSLError, ValueError):
            identity = read_identity(certificate)
            if identity is None:
                inner = TlsStream(stream, self._inner_tls)
                await inner.handshake()
                identity = read_identity(inner.peer_certificate)
                stream = inner
            await self._open(stream, identity)

    async def _open(self, client: ByteStream, identity: Identity | None) -> None:
        user = identity.database.user if identity is not None else ""
        user = user or _DEFAULT_USER
        try:
            database = self._doorkeeper.admit(identity, user=user, name=None)
            server = await self._doorkeeper.connect(database)
        except (Refused, Unreachable) as failure:
            await client.read()  # an answer needs a question
            await client.write(resp.encode_error(failure.message))
            await client.close()
            return
        reader = ExactReader(server)
        await server.write(resp.encode_command("AUTH", user, self._password))
        answer = await resp.read_line(reader)
        if answer.startswith(b"-"):
            await client.read()
            await client.write(resp.encode_error(answer[1:].decode("utf-8", "replace")))
            await client.close()
            await server.close()
            return
        await streams.join(client, FrontedStream(server, reader.rest()))
