"""Calls about resources and preferences. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from typing import TypeAlias

import grpc

from teleterm.model.uri import parse_cluster, parse_resource
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class ResourceHandlers(pb_grpc.TerminalServiceServicer):
    """Lists of resources, names for databases, preferences."""

    _services: Services

    async def ListUnifiedResources(
        self, request: pb.ListUnifiedResourcesRequest, context: Context
    ) -> pb.ListUnifiedResourcesResponse:
        return await self._services.resources.page(parse_cluster(request.cluster_uri), request)

    async def ListDatabaseServers(
        self, request: pb.ListDatabaseServersRequest, context: Context
    ) -> pb.ListDatabaseServersResponse:
        cluster = parse_cluster(request.cluster_uri)
        return await self._services.resources.database_servers(cluster, request.params)

    async def ListKubernetesServers(
        self, request: pb.ListKubernetesServersRequest, context: Context
    ) -> pb.ListKubernetesServersResponse:
        cluster = parse_cluster(request.cluster_uri)
        return await self._services.resources.kubernetes_servers(cluster, request.params)

    async def ListKubernetesResources(
        self, request: pb.ListKubernetesResourcesRequest, context: Context
    ) -> pb.ListKubernetesResourcesResponse:
        cluster = parse_cluster(request.cluster_uri)
        return await self._services.resources.kubernetes_resources(cluster, request)

    async def GetApp(self, request: pb.GetAppRequest, context: Context) -> pb.GetAppResponse:
        app = await self._services.resources.app(parse_resource(request.app_uri))
        return pb.GetAppResponse(app=app)

    async def ListDatabaseUsers(
        self, request: pb.ListDatabaseUsersRequest, context: Context
    ) -> pb.ListDatabaseUsersResponse:
        users = await self._services.database_users.of(parse_resource(request.db_uri))
        return pb.ListDatabaseUsersResponse(users=users)

    async def GetUserPreferences(
        self, request: pb.GetUserPreferencesRequest, context: Context
    ) -> pb.GetUserPreferencesResponse:
        found = await self._services.preferences.get(parse_cluster(request.cluster_uri))
        return pb.GetUserPreferencesResponse(user_preferences=found)

    async def UpdateUserPreferences(
        self, request: pb.UpdateUserPreferencesRequest, context: Context
    ) -> pb.UpdateUserPreferencesResponse:
        found = await self._services.preferences.update(
            parse_cluster(request.cluster_uri), request.user_preferences
        )
        return pb.UpdateUserPreferencesResponse(user_preferences=found)
