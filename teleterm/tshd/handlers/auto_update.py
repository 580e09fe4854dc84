"""The auto update service. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from typing import TypeAlias

import grpc

from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2 as pb,
)
from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2_grpc as pb_grpc,
)
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class AutoUpdateHandlers(pb_grpc.AutoUpdateServiceServicer):
    """What clusters want of the client tools."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def GetClusterVersions(
        self, request: pb.GetClusterVersionsRequest, context: Context
    ) -> pb.GetClusterVersionsResponse:
        return await self._services.updates.versions()

    async def GetDownloadBaseUrl(
        self, request: pb.GetDownloadBaseUrlRequest, context: Context
    ) -> pb.GetDownloadBaseUrlResponse:
        return pb.GetDownloadBaseUrlResponse(base_url=self._services.updates.base_url())
