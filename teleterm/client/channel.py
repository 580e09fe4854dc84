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
Dial = Callable[[], Awaitable[End]]


class Channel:
    """A gRPC channel over connections that `dial` opens: one now, more if that one is lost."""

    def __init__(self, dial: Dial, authority: str, *, listen: Listen = listen) -> None:
        self._dial = dial
        self._listen = listen
        self._authority = authority
        self._first: End | None = None
        self._ends: set[End] = set()
        self._leg: PrivateLeg | None = None
        self._grpc: grpc.aio.Channel | None = None
        self.last_error: BaseException | None = None

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
            ]
        )

    async def close(self) -> None:
        """Close the channel and all its connections."""
        if self._grpc is not None:
            await self._grpc.close(None)
        if self._leg is not None:
            self._leg.close()
        ends = list(self._ends)
        if self._first is not None:
            ends.append(self._first)
        await abort_all(ends)

    def _accept(self) -> End:
        near = End()
        spawn(self._connect(near), name="grpc connection")
        return near

    async def _connect(self, near: End) -> None:
        await near.opened
        far, self._first = self._first, None
        try:
            if far is None or far.ended.done():
                far = await self._dial()
        except TeletermError as error:
            self.last_error = error
            near.close()
            return
        self._ends |= {near, far}
        self.last_error = None
        join(near, far)
        await asyncio.wait([near.ended, far.ended])
        self._ends -= {near, far}
        self.last_error = far.error
