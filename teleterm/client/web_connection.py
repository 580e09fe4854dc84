"""One connection to a web server: a request, its answer, and another one after it.

It goes the way all connections go (see `net`), so that proxies, checks and words are the same.
"""

import asyncio
import ssl

from teleterm.client.net import NetOptions, open_tls
from teleterm.client.profile import split_address
from teleterm.client.tls_errors import explain
from teleterm.wire.http1 import Answer, AnswerReader, NotHttp


class WebConnection(asyncio.Protocol):
    """A connection that is asked one thing at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._answer: asyncio.Future[Answer] | None = None
        loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = loop.create_future()

    @classmethod
    async def open(
        cls, address: str, options: NetOptions, context: ssl.SSLContext
    ) -> "WebConnection":
        """Connect to `address` (host:port).

        Raises: as `net.open_tls`.
        """
        host = split_address(address)[0]
        _, made = await open_tls(cls, address, options, context=context, server_name=host)
        return made

    @property
    def is_open(self) -> bool:
        """Whether it can be asked."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes, *, has_body: bool = True) -> Answer:
        """Send a request; gives the answer.

        Raises: NotHttp when it is none, ConnectionError when the connection ends before its end.
        """
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("closed")
        self._reader = AnswerReader(has_body=has_body)
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            answer = await self._answer
        except BaseException:
            self._transport.abort()
            raise
        if answer.is_last:
            self._transport.abort()
        return answer

    async def close(self) -> None:
        """Close at once, and come back when it is closed."""
        if self._transport is not None and not self._ended.done():
            self._transport.abort()
            await self._ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer; what nobody asked for ends the connection."""
        if self._reader is None or self._answer is None or self._answer.done():
            if self._transport is not None:
                self._transport.abort()
            return
        try:
            answer = self._reader.feed(data)
        except NotHttp as error:
            self._answer.set_exception(error)
            return
        if answer is not None:
            self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Finish the answer that ends with the connection."""
        if not self._ended.done():
            self._ended.set_result(None)
        if self._reader is None or self._answer is None or self._answer.done():
            return
        try:
            self._answer.set_result(self._reader.end())
        except NotHttp as error:
            self._answer.set_exception(exc or ConnectionResetError(str(error)))


async def ask_once(
    address: str, options: NetOptions, context: ssl.SSLContext, request: bytes
) -> Answer:
    """Ask on a connection of its own, for the head of the answer alone.

    Raises: TeletermError, NotHttp.
    """
    connection = await WebConnection.open(address, options, context)
    try:
        async with asyncio.timeout(options.timeout_s):
            return await connection.ask(request, has_body=False)
    except (OSError, TimeoutError) as error:
        raise explain(error, address, timeout_s=options.timeout_s) from error
    finally:
        await connection.close()
