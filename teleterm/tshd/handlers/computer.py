"""Calls about this computer as a server of a cluster. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from typing import TypeAlias

import grpc

from teleterm.model.uri import parse_cluster
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class ComputerHandlers(pb_grpc.TerminalServiceServicer):
    """Its role, its token, its server."""

    _services: Services

    async def CreateConnectMyComputerRole(
        self, request: pb.CreateConnectMyComputerRoleRequest, context: Context
    ) -> pb.CreateConnectMyComputerRoleResponse:
        cluster = parse_cluster(request.root_cluster_uri)
        reloaded = await self._services.computer.create_role(cluster)
        return pb.CreateConnectMyComputerRoleResponse(certs_reloaded=reloaded)

    async def CreateConnectMyComputerNodeToken(
        self, request: pb.CreateConnectMyComputerNodeTokenRequest, context: Context
    ) -> pb.CreateConnectMyComputerNodeTokenResponse:
        cluster = parse_cluster(request.root_cluster_uri)
        token = await self._services.computer.create_token(cluster)
        return pb.CreateConnectMyComputerNodeTokenResponse(token=token)

    async def WaitForConnectMyComputerNodeJoin(
        self, request: pb.WaitForConnectMyComputerNodeJoinRequest, context: Context
    ) -> pb.WaitForConnectMyComputerNodeJoinResponse:
        cluster = parse_cluster(request.root_cluster_uri)
        server = await self._services.computer.wait_for_node(cluster)
        return pb.WaitForConnectMyComputerNodeJoinResponse(server=server)

    async def DeleteConnectMyComputerNode(
        self, request: pb.DeleteConnectMyComputerNodeRequest, context: Context
    ) -> pb.DeleteConnectMyComputerNodeResponse:
        await self._services.computer.delete_node(parse_cluster(request.root_cluster_uri))
        return pb.DeleteConnectMyComputerNodeResponse()

    async def GetConnectMyComputerNodeName(
        self, request: pb.GetConnectMyComputerNodeNameRequest, context: Context
    ) -> pb.GetConnectMyComputerNodeNameResponse:
        name = self._services.computer.node_name(parse_cluster(request.root_cluster_uri))
        return pb.GetConnectMyComputerNodeNameResponse(name=name)
