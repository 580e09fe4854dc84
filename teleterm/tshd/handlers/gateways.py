"""Calls about gateways. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from typing import TypeAlias

import grpc

from teleterm.model.uri import parse_resource
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class GatewayHandlers(pb_grpc.TerminalServiceServicer):
    """Local proxies."""

    _services: Services

    async def ListGateways(
        self, request: pb.ListGatewaysRequest, context: Context
    ) -> pb.ListGatewaysResponse:
        found = [one.message() for one in self._services.gateways.all()]
        return pb.ListGatewaysResponse(gateways=found)

    async def CreateGateway(self, request: pb.CreateGatewayRequest, context: Context) -> pb.Gateway:
        gateway = await self._services.gateways.create(
            parse_resource(request.target_uri),
            user=request.target_user,
            subresource=request.target_subresource_name,
            port_text=request.local_port,
        )
        return gateway.message()

    async def RemoveGateway(
        self, request: pb.RemoveGatewayRequest, context: Context
    ) -> pb.EmptyResponse:
        await self._services.gateways.remove(request.gateway_uri)
        return pb.EmptyResponse()

    async def SetGatewayTargetSubresourceName(
        self, request: pb.SetGatewayTargetSubresourceNameRequest, context: Context
    ) -> pb.Gateway:
        gateway = self._services.gateways.rename(
            request.gateway_uri, request.target_subresource_name
        )
        return gateway.message()

    async def SetGatewayLocalPort(
        self, request: pb.SetGatewayLocalPortRequest, context: Context
    ) -> pb.Gateway:
        gateway = self._services.gateways.get(request.gateway_uri)
        await gateway.move_to(request.local_port)
        return gateway.message()
