"""A connection to a Windows desktop: the desktop protocol inside TLS, through the proxy.

Source: connections.md 5.3, 5.4.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from teleterm.client.certs import CertRequest, ForDesktop
from teleterm.client.tls_errors import explain
from teleterm.client.trust import cluster_context, show_certificate
from teleterm.model.errors import Unreachable
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import MAX_DATA, Message, Splitter, encode
from teleterm.wire.tdp.messages import Alert, Severity, Username

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

CONNECT_LIMIT_S = 30.0
_READ_BYTES = 256 * 1024


class DesktopLink:
    """A connection to a desktop's service, from `connect` to `close`; not for several readers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._alerts: list[bytes] = []
        self._splitter = Splitter(files.ALL, self._note_too_long)

    def _note_too_long(self, size: int) -> None:
        text = (
            f"What was copied on the desktop is too long to come along:"
            f" {size:,} bytes of {MAX_DATA:,} at most."
        )
        self._alerts.append(encode(Alert(text, Severity.WARNING)))

    async def messages(self) -> AsyncIterator[bytes]:
        """Every message that comes, whole and still encoded, to the end of the connection.

        Raises: PeerBroke for bytes that are no messages, Unreachable when the connection breaks.
        """
        while data := await self._read():
            for message in self._splitter.feed(data):
                yield message
            alerts, self._alerts = self._alerts, []
            for alert in alerts:
                yield alert

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(_READ_BYTES)
        except (OSError, ssl.SSLError) as error:
            raise _lost(error) from None

    async def send(self, data: bytes) -> None:
        """Send a whole encoded message.

        Raises: Unreachable.
        """
        try:
            self._writer.write(data)
            await self._writer.drain()
        except (OSError, ssl.SSLError) as error:
            raise _lost(error) from None

    async def tell(self, message: Message) -> None:
        """Send a message.

        Raises: Unreachable.
        """
        await self.send(encode(message))

    def abort(self) -> None:
        """Close the connection without waiting: `messages` ends."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """Close the connection."""
        self.abort()
        with suppress(OSError, ssl.SSLError):
            await self._writer.wait_closed()


def _lost(error: Exception) -> Unreachable:
    text = "The connection to the desktop was lost."
    return Unreachable(text, hint="Connect again.", details=str(error))


async def connect(
    client: "ClusterClient", name: str, login: str, *, cluster: str = ""
) -> DesktopLink:
    """Connect to a desktop and say who comes; the person may be asked for a second factor.

    Raises: Refused (MFA_REFUSED, DENIED, NEEDS_LOGIN), Unreachable.
    """
    where = cluster or client.cluster
    request = CertRequest(purpose=ForDesktop(name=name, login=login), cluster=where)
    issued = await client.issue(request)
    if not client.authorities_of(where):
        await client.refresh_authorities()
    context = cluster_context(client.authorities_of(where), [], cluster=where)
    show_certificate(context, issued.key, issued.tls_certificate)
    transport = await client.transport()
    stream = await transport.proxy_desktop(name, where)
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            reader, writer = await asyncio.open_connection(
                sock=stream.sock,
                ssl=context,
                server_hostname=f"{name}.desktop.teleport.cluster.local",
            )
    except (OSError, TimeoutError, ssl.SSLError) as error:
        stream.sock.close()
        reason = await stream.reason()
        raise reason or explain(error, name, timeout_s=CONNECT_LIMIT_S) from error
    link = DesktopLink(reader, writer)
    await link.tell(Username(login))
    return link
