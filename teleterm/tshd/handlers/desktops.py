"""Calls about Windows desktops. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from collections.abc import AsyncIterator
from typing import TypeAlias

import grpc

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class DesktopHandlers(pb_grpc.TerminalServiceServicer):
    """Desktop sessions and their folders."""

    _services: Services

    async def ConnectToDesktop(
        self, requests: AsyncIterator[pb.ConnectToDesktopRequest], context: Context
    ) -> AsyncIterator[pb.ConnectToDesktopResponse]:
        async for data in self._services.desktops.run(requests):
            yield pb.ConnectToDesktopResponse(data=data)

    async def SetSharedDirectoryForDesktopSession(
        self, request: pb.SetSharedDirectoryForDesktopSessionRequest, context: Context
    ) -> pb.SetSharedDirectoryForDesktopSessionResponse:
        await self._services.desktops.share(request)
        return pb.SetSharedDirectoryForDesktopSessionResponse()
