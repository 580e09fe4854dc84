"""Two connections joined: what arrives on one leaves on the other, no faster than it can.

Bytes are handed on as they were read; a side that can't take more makes the other stop reading.
"""

import asyncio
from collections.abc import Sequence

from teleterm.wire import ping_framing


class End(asyncio.Protocol):
    """One of two joined connections. Nothing is read before `join` but what came at once.

    `opened` is done once it is there, `ended` once it is closed; `error` says why, if anything was
    wrong.
    """

    def __init__(self) -> None:
        self.received = 0
        self.error: Exception | None = None
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._other: End | None = None
        self._decoder: ping_framing.Decoder | None = None
        self._early: list[bytes] = []

    @property
    def transport(self) -> asyncio.Transport:
        """The connection; there from the moment it is open."""
        if self._transport is None:
            raise RuntimeError("not connected yet")
        return self._transport

    def frame(self) -> None:
        """Speak in ping frames from now on."""
        self._decoder = ping_framing.Decoder()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection, without reading yet."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            transport.pause_reading()
            self.opened.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Hand on what arrived."""
        other = self._other
        if other is None:
            # up to Python 3.11 a pause asked for in connection_made is forgotten
            self._early.append(data)
            if self._transport is not None:
                self._transport.pause_reading()
            return
        if self._decoder is None:
            self.received += len(data)
            other.send(data)
            return
        for piece in self._decoder.feed(data):
            self.received += len(piece)
            other.send(piece)

    def send(self, data: bytes | memoryview) -> None:
        """Write to this side; what comes after its end is dropped.

        What a view is of must not change: it may be kept until the peer takes it.
        """
        if self.transport.is_closing():
            return
        if self._decoder is None:
            self.transport.write(data)
        else:
            self.transport.writelines((ping_framing.header(len(data)), data))

    def eof_received(self) -> bool:
        """The peer has no more to say: close both, after what is still to be written."""
        if self._other is not None:
            self._other.close()
        return False

    def pause_writing(self) -> None:
        """This side is full: stop reading the other."""
        if self._other is not None and not self._other.ended.done():
            self._other.transport.pause_reading()

    def resume_writing(self) -> None:
        """This side can take more again."""
        if self._other is not None and not self._other.ended.done():
            self._other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the other side too."""
        self.error = exc
        if not self.ended.done():
            self.ended.set_result(None)
        if self._other is not None:
            self._other.close()
            self._other = None  # two that know each other wait for the collector, with their TLS

    def close(self) -> None:
        """Close this side once what was written has left."""
        if self._transport is None or self.ended.done() or self._transport.is_closing():
            return  # a TLS transport closed twice forgets its connection, and can't be aborted
        self._transport.close()

    def abort(self) -> None:
        """Close this side at once; what was not written yet is lost."""
        if self._transport is not None and not self.ended.done():
            self._transport.abort()

    def protocol(self) -> str:
        """The ALPN id that was agreed on; empty when none was, or without TLS."""
        secure = self.transport.get_extra_info("ssl_object")
        return (secure.selected_alpn_protocol() or "") if secure is not None else ""

    def start(self, other: "End") -> None:
        """Read from now on, handing everything to `other`."""
        self._other = other
        early, self._early = self._early, []
        for data in early:
            self.data_received(data)
        if not self.ended.done():
            self.transport.resume_reading()


def join(one: End, two: End) -> None:
    """Let everything flow between two open connections."""
    one.start(two)
    two.start(one)
    for here, there in ((one, two), (two, one)):
        if here.ended.done():
            there.close()


async def abort_all(ends: Sequence[End]) -> None:
    """Close connections at once, and come back when they are closed."""
    waiting = [end.ended for end in ends if end.opened.done() and not end.ended.done()]
    for end in ends:
        end.abort()
    if waiting:
        await asyncio.wait(waiting)
