"""The desktop service: checks who comes, shows the session, hands input to it.

Source: connections.md 5.3. Pictures are sent as PNG, as services before 18 did.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import TypeVar

from cryptography import x509

from teleterm.demo.desktop.session import XSession
from teleterm.demo.desktop.visit import Visit
from teleterm.demo.identity import identity_of
from teleterm.demo.streams import ByteStream, TlsStream
from teleterm.model.errors import PeerBroke, TeletermError
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import Message, Splitter, decode, encode
from teleterm.wire.tdp.messages import Alert, KeyboardLayout, ScreenSpec, Severity, Username

_HELLO_S = 15.0
M = TypeVar("M", bound=Message)


class DesktopService:
    """Serves visitors of one desktop; `why_offline` is empty for one that can be opened."""

    def __init__(
        self, session: XSession, context: ssl.SSLContext, logins: tuple[str, ...], why_offline: str
    ) -> None:
        self._session = session
        self._context = context
        self._logins = logins
        self._why_offline = why_offline

    async def serve(self, stream: ByteStream) -> None:
        """Serve one connection to its end."""
        tls = TlsStream(stream, self._context)
        with contextlib.suppress(OSError, EOFError, ssl.SSLError, PeerBroke):
            async with asyncio.timeout(_HELLO_S):
                await tls.handshake()
            await self._visit(tls)
        await tls.close()

    async def _visit(self, tls: TlsStream) -> None:
        incoming = _messages(tls)
        wrong = self._why_not(tls.peer_certificate, await _of_type(incoming, Username))
        if wrong:
            await tls.write(encode(Alert(wrong, Severity.ERROR)))
            return
        spec = await _of_type(incoming, ScreenSpec)
        # the next message is looked at before anything is shown; only a layout is taken
        following = await anext(incoming)
        try:
            screen = await self._session.start()
        except TeletermError as error:
            await tls.write(encode(Alert(error.message, Severity.ERROR)))
            return
        visit = Visit(tls.write, self._session, screen)
        await visit.begin(spec)
        if not isinstance(following, KeyboardLayout):
            await visit.take(following)
        try:
            async for message in incoming:
                await visit.take(message)
        finally:
            await visit.end()

    def _why_not(self, certificate: bytes | None, named: Username) -> str:
        if certificate is None:
            return "a client certificate is needed"
        identity = identity_of(x509.load_der_x509_certificate(certificate))
        if self._why_offline:
            return self._why_offline
        if named.text not in self._logins:
            return f'access to desktop denied: {identity.user} may not log in as "{named.text}"'
        return ""


async def _messages(tls: TlsStream) -> AsyncIterator[Message]:
    splitter = Splitter(files.ALL, lambda size: None)
    while data := await tls.read():
        for whole in splitter.feed(data):
            yield decode(whole, files.ALL)


async def _of_type(incoming: AsyncIterator[Message], kind: type[M]) -> M:
    """The next message of that kind; others are dropped. Raises: EOFError at the end."""
    async for message in incoming:
        if isinstance(message, kind):
            return message
    raise EOFError
