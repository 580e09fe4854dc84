"""An SSH connection that goes on when the connection to the proxy breaks, where servers offer it.

The SSH library speaks to a socket of this process, which stays; what it says goes over one stream
to the server after another, all of them to the same server. A stream that broke is replaced, and
so is, now and then, one that still works: what lies between may cut long ones off.
Source: connections.md 1.10.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from teleterm.model.errors import PeerBroke, TeletermError
from teleterm.osutil.tasks import spawn
from teleterm.wire import resumption
from teleterm.wire.resumption import Agreement, Link

_LOG = logging.getLogger(__name__)
_READ_BYTES = 64 * 1024
_KEPT_BYTES = 2 * 1024 * 1024
_FAREWELL_S = 0.05


class SshStream(Protocol):
    """A stream to the SSH port of a server."""

    async def read(self) -> bytes:
        """What comes next; nothing at the end, whatever ended it."""

    async def write(self, data: bytes) -> None:
        """Send all of it; what comes after the end is dropped."""

    def close(self) -> None:
        """End it at once; who reads then gets nothing more."""


Redial = Callable[[str], Awaitable[SshStream]]
"""Opens a stream to the server with this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often to try again, and for how long, once a stream has broken."""

    first_s: float = 0.05
    most_s: float = 10.0
    give_up_s: float = 60.0
    replace_s: float = 180.0


class Carried:
    """Carries what goes through `near` over a first stream and its successors."""

    def __init__(
        self,
        near: socket.socket,
        stream: SshStream,
        redial: Redial,
        patience: Patience | None = None,
    ) -> None:
        near.setblocking(False)
        self._near = near
        self._stream = stream
        self._redial = redial
        self._patience = patience or Patience()
        self._link = Link()
        self._host_id = ""
        self._token = b""
        self._front = b""
        self._is_closed_here = False
        self._may_go_on = True
        self._has_news = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def begin(self) -> None:
        """Learn from the server's first line what it can.

        Raises: PeerBroke when it offers a key that is none.
        """
        await self._stream.write(resumption.SSH_PREFIX)
        line, rest = await _line(self._stream)
        offer = resumption.decode_offer(line)
        if offer is None:
            self._front = line + rest
            return
        agreement = Agreement()
        self._host_id, self._token = offer.host_id, agreement.pad(offer.key)
        self._front = rest
        await self._stream.write(resumption.CLIENT_SUFFIX + agreement.public + resumption.NEW)

    async def run(self) -> None:
        """Carry until either side ends the connection, or no way to the server is left."""
        try:
            if not self._host_id:
                await self._run_plainly()
                return
            reading = spawn(self._take_what_is_said(), name="resumed connection: input")
            try:
                await self._run_resumed()
            finally:
                await _end(reading)
        finally:
            self._stream.close()
            self._near.close()

    # ---- servers without resumption ----

    async def _run_plainly(self) -> None:
        """Carry over the only stream; the library repeats what the server has got already."""
        up = spawn(self._send_plainly(), name="ssh stream up")
        try:
            with suppress(OSError):
                data = self._front or await self._stream.read()
                while data:
                    await asyncio.get_running_loop().sock_sendall(self._near, data)
                    data = await self._stream.read()
        finally:
            await _end(up)

    async def _send_plainly(self) -> None:
        loop = asyncio.get_running_loop()
        skips = len(resumption.SSH_PREFIX)
        with suppress(OSError):
            while data := await loop.sock_recv(self._near, _READ_BYTES):
                if data[skips:]:
                    await self._stream.write(data[skips:])
                skips = max(0, skips - len(data))
        self._stream.close()

    # ---- servers with it ----

    async def _take_what_is_said(self) -> None:
        """Take from the library what it says, no faster than the server gets it."""
        loop = asyncio.get_running_loop()
        data = b"-"
        while data:
            await self._has_room.wait()
            try:
                data = await loop.sock_recv(self._near, _READ_BYTES)
            except OSError:
                data = b""
            self._link.write(data)
            self._look_for_room()
            self._is_closed_here = not data
            self._has_news.set()

    def _look_for_room(self) -> None:
        if self._link.unsure_bytes < _KEPT_BYTES:
            self._has_room.set()
        else:
            self._has_room.clear()

    async def _run_resumed(self) -> None:
        self._link.begin()
        while True:
            await self._use_for_a_while()
            if self._link.is_over or self._is_closed_here or not self._may_go_on:
                return
            _LOG.debug("the stream to %s broke", self._host_id)
            if not await self._try_again():
                return

    async def _use_for_a_while(self) -> None:
        """Carry over the stream, and over others that replace it while it works."""
        every_s: float | None = self._patience.replace_s
        using = spawn(self._use(self._stream), name="resumed connection")
        try:
            while not (await asyncio.wait({using}, timeout=every_s))[0]:
                fresh = await self._dial()
                if fresh is not None:
                    self._stream.close()
                    await asyncio.wait({using})
                    await self._take_over(fresh)
                    using = spawn(self._use(fresh), name="resumed connection")
                elif not self._may_go_on:
                    every_s = None
        finally:
            await _end(using)

    async def _use(self, stream: SshStream) -> None:
        """Carry over one stream until it or the connection ends."""
        sending = spawn(self._send(stream), name="resumed connection: sending")
        try:
            data = self._front or await stream.read()
            self._front = b""
            while data:
                await self._deliver(data)
                if self._link.is_over:
                    return
                data = await stream.read()
        except PeerBroke as error:
            _LOG.info("%s", error.message)
            self._may_go_on = False
        finally:
            await _end(sending)

    async def _deliver(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        for piece in self._link.feed(data):
            with suppress(
                OSError
            ):  # nobody listens any more; what came is acknowledged all the same
                await loop.sock_sendall(self._near, piece)
        self._look_for_room()
        self._has_news.set()

    async def _send(self, stream: SshStream) -> None:
        while True:
            self._has_news.clear()
            while data := self._link.outgoing():
                await stream.write(data)
            if self._is_closed_here and self._link.has_sent_all:
                await stream.write(self._link.end())
                await asyncio.sleep(_FAREWELL_S)  # the server closes, which ends the reading
                stream.close()
                return
            await self._has_news.wait()

    # ---- another stream ----

    async def _try_again(self) -> bool:
        """Get another stream; whether there is one."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.give_up_s
        pause_s = self._patience.first_s
        while self._may_go_on and not self._is_closed_here and loop.time() < end:
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, self._patience.most_s)
            fresh = await self._dial()
            if fresh is not None:
                await self._take_over(fresh)
                return True
        return False

    async def _take_over(self, fresh: SshStream) -> None:
        self._stream = fresh
        await fresh.write(self._link.resume())

    async def _dial(self) -> SshStream | None:
        """A stream on which the server goes on; None, and whether to try again is noted."""
        try:
            stream = await self._redial(self._host_id)
        except TeletermError as error:
            _LOG.debug("no new stream to %s: %s", self._host_id, error.message)
            self._may_go_on = not error.needs_login
            return None
        try:
            if await self._is_taken_up(stream):
                return stream
        except PeerBroke as error:
            _LOG.info("%s", error.message)
            self._may_go_on = False
        stream.close()
        return None

    async def _is_taken_up(self, stream: SshStream) -> bool:
        agreement = Agreement()
        await stream.write(
            resumption.SSH_PREFIX + resumption.CLIENT_SUFFIX + agreement.public
            + resumption.EXISTING
        )  # fmt: skip
        line, rest = await _line(stream)
        if not line:
            return False  # it broke as well
        offer = resumption.decode_offer(line)
        if offer is None:
            raise PeerBroke("The server does not resume connections any more.")
        await stream.write(resumption.hidden(self._token, agreement.pad(offer.key)))
        answer = rest or await stream.read()
        if answer and answer[:1] != resumption.RESUMED:
            raise PeerBroke(f"The server has given up the connection ({answer[0]}).")
        self._front = answer[1:]
        return bool(answer)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task, and come back when it has ended: what it used may be closed then."""
    task.cancel()
    await asyncio.wait({task})


async def _line(stream: SshStream) -> tuple[bytes, bytes]:
    """A server's first line and what came with it; no line when the stream ends before."""
    data = b""
    while b"\n" not in data and len(data) < resumption.MAX_LINE_BYTES:
        more = await stream.read()
        if not more:
            return b"", data
        data += more
    end = data.find(b"\n") + 1
    return data[:end], data[end:]
