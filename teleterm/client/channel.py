"""gRPC over TLS connections that we open ourselves.

grpcio can't offer an ALPN id of Teleport's. So it speaks HTTP/2 to a private socket of this process
(see `private_leg`), and each connection it makes there is joined to a TLS connection of ours.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from teleterm.client.joint import End, abort_all, join
from teleterm.client.private_leg import Listen, PrivateLeg, listen
from teleterm.client.version import CLIENT_VERSION
from teleterm.model.errors import TeletermError
from teleterm.osutil.tasks import spawn

if TYPE_CHECKING:
    import grpc

MAX_MESSAGE_BYTES = 32 * 1024 * 1024
_RECONNECT_MS = 200  # to our own socket, which costs nothing
Dial = Callable[[], Awaitable[End]]


class Channel:
    """A gRPC channel over connections that `dial` opens: one now, more if that one is lost.

    After a dial that failed the next one waits until somebody calls (`prepare`): the library alone
    would try all the time, and less and less often the longer there is no network.
    """

    def __init__(self, dial: Dial, authority: str, *, listen: Listen = listen) -> None:
        self._dial = dial
        self._listen = listen
        self._authority = authority
        self._first: End | None = None
        self._ends: set[End] = set()
        self._fars: set[End] = set()
        self._leg: PrivateLeg | None = None
        self._grpc: grpc.aio.Channel | None = None
        self.last_error: BaseException | None = None
        self.dials = 0
        self._has_dialled = asyncio.Event()
        self._is_wanted = asyncio.Event()
        self._wanting = 0
        self._heard_before = 0
        self._idle: End | None = None

    @property
    def heard(self) -> int:
        """How many bytes came from the other side so far."""
        return self._heard_before + sum(end.received for end in self._fars)

    @property
    def is_lost(self) -> bool:
        """Whether there is no connection, though the library may not have noticed yet."""
        return all(end.ended.done() for end in self._fars)

    @property
    def grpc(self) -> "grpc.aio.Channel":
        """The channel to make stubs of."""
        if self._grpc is None:
            raise RuntimeError("the channel isn't open")
        return self._grpc

    async def open(self) -> None:
        """Open the first connection.

        Raises: what `dial` raises.
        """
        self._first = await self._dial()
        self._leg = await self._listen(self._accept)
        self._grpc = self._leg.channel(
            [
                ("grpc.default_authority", self._authority),
                ("grpc.enable_http_proxy", 0),
                ("grpc.use_local_subchannel_pool", 1),
                ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
                ("grpc.primary_user_agent", f"tsh/{CLIENT_VERSION}"),
                ("grpc.initial_reconnect_backoff_ms", _RECONNECT_MS),
                ("grpc.max_reconnect_backoff_ms", _RECONNECT_MS),
            ]
        )

    async def prepare(self, *, timeout_s: float) -> bool:
        """Be ready for a call: it shan't meet a lost connection, nor be told of an old failure.

        Gives:  whether the library may still be about to connect, so that a call must wait for it.
        Raises: what `dial` raises, when it fails again.
        """
        import grpc

        if self.dials and self.is_lost:
            while self.grpc.get_state() is grpc.ChannelConnectivity.READY:
                await self.grpc.wait_for_state_change(grpc.ChannelConnectivity.READY)
        if not self._has_failed():
            return False
        await self._try_again(timeout_s)
        if self._has_failed() and self.last_error is not None:
            raise self.last_error
        return True

    def _has_failed(self) -> bool:
        """Whether the last dial did."""
        return isinstance(self.last_error, TeletermError)

    async def _try_again(self, timeout_s: float) -> None:
        """Have a dial made now where the last one failed, and wait until it ended."""
        self._wanting += 1
        self._is_wanted.set()
        self.grpc.get_state(try_to_connect=True)
        try:
            async with asyncio.timeout(timeout_s):
                await self._has_dialled.wait()
        except TimeoutError:
            pass
        finally:
            self._wanting -= 1
            if not self._wanting:
                self._is_wanted.clear()

    async def hang_up(self) -> None:
        """Close the connections on which nothing comes any more; the next call makes another."""
        await abort_all(list(self._ends))

    async def close(self) -> None:
        """Close the channel and all its connections."""
        if self._grpc is not None:
            await self._grpc.close(None)
        if self._leg is not None:
            self._leg.close()
        others = [end for end in (self._first, self._idle) if end is not None]
        await abort_all([*self._ends, *others])

    def _accept(self) -> End:
        near = End()
        spawn(self._connect(near), name="grpc connection")
        return near

    async def _connect(self, near: End) -> None:
        await near.opened
        if self._has_failed():
            await self._wait_until_wanted(near)
        if near.ended.done():
            return
        far, self._first = self._first, None
        try:
            if far is None or far.ended.done():
                far = await self._dial()
        except TeletermError as error:
            self._note_dial(error)
            near.close()
            return
        self._ends |= {near, far}
        self._fars.add(far)
        self._note_dial(None)
        join(near, far)
        await asyncio.wait([near.ended, far.ended])
        self._heard_before += far.received
        self._fars.discard(far)
        self._ends -= {near, far}
        self.last_error = far.error

    async def _wait_until_wanted(self, near: End) -> None:
        """Let the library wait; one that it tired of is known by the next, since it isn't read."""
        if self._idle is not None:
            self._idle.abort()
        self._idle = near
        wanted = spawn(self._is_wanted.wait(), name="wait for a call")
        near.ended.add_done_callback(lambda _: wanted.cancel())
        await asyncio.wait([wanted])

    def _note_dial(self, error: TeletermError | None) -> None:
        self.last_error = error
        self.dials += 1
        dialled, self._has_dialled = self._has_dialled, asyncio.Event()
        dialled.set()
