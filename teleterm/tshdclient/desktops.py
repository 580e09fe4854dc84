"""The daemon's calls about desktops."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import grpc

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshdclient.failures import answered, failure

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc


class DesktopStream:
    """One session: whole messages of the desktop protocol, both ways."""

    def __init__(
        self,
        call: "grpc.aio.StreamStreamCall[pb.ConnectToDesktopRequest, pb.ConnectToDesktopResponse]",
    ) -> None:
        self._call = call

    async def messages(self) -> AsyncIterator[bytes]:
        """What the desktop sends, to the end of the session.

        Raises: CallFailed.
        """
        try:
            async for answer in self._call:
                yield answer.data
        except grpc.aio.AioRpcError as error:
            raise failure(error) from None

    async def send(self, data: bytes) -> bool:
        """Send a message; False when the session is over, whose reason `messages` gives."""
        try:
            await self._call.write(pb.ConnectToDesktopRequest(data=data))
        except (grpc.aio.AioRpcError, grpc.aio.UsageError, asyncio.InvalidStateError):
            return False
        return True

    def cancel(self) -> None:
        """End it."""
        self._call.cancel()


class DesktopCalls:
    """Begins sessions; raises CallFailed."""

    def __init__(self, stub: "pb_grpc.TerminalServiceAsyncStub", local_s: float) -> None:
        self._stub = stub
        self._local_s = local_s

    async def connect(self, desktop_uri: str, login: str) -> DesktopStream:
        """Begin a session; what is wrong with it comes out of its messages."""
        call = self._stub.ConnectToDesktop()
        target = pb.TargetDesktop(desktop_uri=desktop_uri, login=login)
        try:
            await call.write(pb.ConnectToDesktopRequest(target_desktop=target))
        except grpc.aio.AioRpcError as error:
            raise failure(error) from None
        return DesktopStream(call)

    async def share(self, desktop_uri: str, login: str, path: str) -> None:
        """Let a session use a folder."""
        request = pb.SetSharedDirectoryForDesktopSessionRequest(
            desktop_uri=desktop_uri, login=login, path=path
        )
        await answered(
            self._stub.SetSharedDirectoryForDesktopSession(request, timeout=self._local_s)
        )
