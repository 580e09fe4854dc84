"""The desktop service: checks who comes, shows the session, hands input to it.

Source: connections.md 5.3. What is sent as pictures is the visit's own affair.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypeVar

from cryptography import x509

from teleterm.demo.identity import identity_of
from teleterm.demo.inventory import lacks_factor
from teleterm.demo.streams import ByteStream, TlsStream
from teleterm.model.errors import PeerBroke, TeletermError
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import Message, Splitter, decode, encode
from teleterm.wire.tdp.messages import Alert, KeyboardLayout, ScreenSpec, Severity, Username

_HELLO_S = 15.0
_US_LAYOUT = 0x409
M = TypeVar("M", bound=Message)


class Visitor(Protocol):
    """What a visit has to offer."""

    async def begin(self, spec: ScreenSpec, layout: int) -> None:
        """Show the session from now on, in about that size, to a keyboard of that layout."""

    async def take(self, message: Message) -> None:
        """Do what the visitor does."""

    async def end(self) -> None:
        """Show it no longer."""


Receive = Callable[[Callable[[bytes], Awaitable[None]]], Awaitable[Visitor]]
"""Have the session run, and make a visit that sends its messages so.

Raises: Unreachable, with what the visitor is told.
"""


class DesktopService:
    """Serves visitors of one desktop."""

    def __init__(self, receive: Receive, context: ssl.SSLContext, logins: tuple[str, ...]) -> None:
        self._receive = receive
        self._context = context
        self._logins = logins

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
        layout = following.layout if isinstance(following, KeyboardLayout) else _US_LAYOUT
        try:
            visit = await self._receive(tls.write)
        except TeletermError as error:
            await tls.write(encode(Alert(error.message, Severity.ERROR)))
            return
        try:
            await visit.begin(spec, layout)
            if not isinstance(following, KeyboardLayout):
                await visit.take(following)
            async for message in incoming:
                await visit.take(message)
        finally:
            await visit.end()

    def _why_not(self, certificate: bytes | None, named: Username) -> str:
        if certificate is None:
            return "a client certificate is needed"
        identity = identity_of(x509.load_der_x509_certificate(certificate))
        if named.text not in self._logins:
            return f'access to desktop denied: {identity.user} may not log in as "{named.text}"'
        if lacks_factor(identity):
            return "access to resource requires MFA"
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
