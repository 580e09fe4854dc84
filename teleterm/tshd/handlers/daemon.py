"""The daemon's own service, which an official window never calls."""
# ruff: noqa: N802, D102 - the wire's names, which the .proto file describes

from collections.abc import AsyncIterator
from typing import TypeAlias

import grpc

from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as pb
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class DaemonHandlers(pb_grpc.DaemonServiceServicer):
    """How the daemon stands, and what changes."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def GetStatus(self, request: pb.GetStatusRequest, context: Context) -> pb.Status:
        return await self._services.standing.status()

    async def WatchStatus(
        self, request: pb.GetStatusRequest, context: Context
    ) -> AsyncIterator[pb.Status]:
        async for status in self._services.standing.watch_status():
            yield status

    async def WatchChanges(
        self, request: pb.WatchChangesRequest, context: Context
    ) -> AsyncIterator[pb.Change]:
        async for change in self._services.standing.watch():
            yield change
