"""The TLS that clients over TCP meet, in front of the gRPC server.

gRPC's own TLS finds a client's certificate among the trusted ones by its subject alone, and the
window's two certificates have the same one, so that only the first would ever come in. Here they
are compared as a whole. Behind this, connections go on to the gRPC server's private port with a
certificate that only this process holds.
Source: terminal_service.md 4.2.
"""

import asyncio
import contextlib
import logging
import ssl

from teleterm.model.errors import Unreachable
from teleterm.tshd.certificates import ClientPool, KeyPair, load
from teleterm.tshd.splice import Stream, splice

_log = logging.getLogger("teleterm.tshd.tls")
HANDSHAKE_LIMIT_S = 10.0
_ALPN = ["h2"]


class TlsFront:
    """Accepts clients of the pool and joins them to the port behind."""

    def __init__(self, pool: ClientPool, own: KeyPair, inner: KeyPair) -> None:
        self._pool = pool
        self._own = own
        self._inner = inner
        self._servers: list[asyncio.Server] = []
        self._behind = 0
        self._made: tuple[bytes, ssl.SSLContext] | None = None

    async def start(self, host: str, port: int, behind: int) -> int:
        """Listen; gives the port. `localhost` is listened on by IPv4 and, if there is, IPv6.

        Raises: Unreachable.
        """
        self._behind = behind
        address = "127.0.0.1" if host == "localhost" else host
        try:
            first = await asyncio.start_server(self._accept, address, port)
        except OSError as error:
            raise Unreachable(
                f"Can't listen on {host}:{port}: {error.strerror or error}."
            ) from error
        self._servers.append(first)
        got: int = first.sockets[0].getsockname()[1]
        if host == "localhost":
            with contextlib.suppress(OSError):
                self._servers.append(await asyncio.start_server(self._accept, "::1", got))
        return got

    def close(self) -> None:
        """Stop listening; connections end with the gRPC server behind."""
        for server in self._servers:
            server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            context = self._outer_context()
            if context is not None:
                async with asyncio.timeout(HANDSHAKE_LIMIT_S):
                    await writer.start_tls(context)
                await self._join(reader, writer)
        except (OSError, TimeoutError, ssl.SSLError) as error:
            _log.warning("a client is refused: %s", error)
        finally:
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(
            "127.0.0.1", self._behind, ssl=self._inner_context(), server_hostname="localhost"
        )
        behind = Stream(reader=inner_reader, writer=inner_writer)
        await splice(Stream(reader=reader, writer=writer), behind)

    def _outer_context(self) -> ssl.SSLContext | None:
        """What this handshake uses; None while nobody may come in."""
        roots = self._pool.roots()
        if not roots:
            return None
        if self._made is None or self._made[0] != roots:
            self._made = (roots, self._context_for(roots))
        return self._made[1]

    def _context_for(self, roots: bytes) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=roots.decode("ascii"))
        context.set_alpn_protocols(_ALPN)
        load(context, self._own)
        return context

    def _inner_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self._inner.certificate.decode("ascii"))
        context.set_alpn_protocols(_ALPN)
        load(context, self._inner)
        return context
