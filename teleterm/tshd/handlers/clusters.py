"""Calls about clusters and logins. The names are the wire's."""
# ruff: noqa: N802, D102 - the wire's names, which the contract describes

from typing import TypeAlias

import grpc

from teleterm.model.errors import BadInput
from teleterm.model.secret import Secret
from teleterm.model.uri import parse_cluster
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd.services.assembly import Services

Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class ClusterHandlers(pb_grpc.TerminalServiceServicer):
    """Clusters, logins, the window's address."""

    _services: Services

    async def UpdateTshdEventsServerAddress(
        self, request: pb.UpdateTshdEventsServerAddressRequest, context: Context
    ) -> pb.UpdateTshdEventsServerAddressResponse:
        await self._services.events.set_address(request.address)
        return pb.UpdateTshdEventsServerAddressResponse()

    async def ListRootClusters(
        self, request: pb.ListClustersRequest, context: Context
    ) -> pb.ListClustersResponse:
        return pb.ListClustersResponse(clusters=self._services.clusters.roots())

    async def ListLeafClusters(
        self, request: pb.ListLeafClustersRequest, context: Context
    ) -> pb.ListClustersResponse:
        found = await self._services.clusters.leaves(parse_cluster(request.cluster_uri))
        return pb.ListClustersResponse(clusters=found)

    async def AddCluster(self, request: pb.AddClusterRequest, context: Context) -> pb.Cluster:
        return await self._services.clusters.add(request.name)

    async def RemoveCluster(
        self, request: pb.RemoveClusterRequest, context: Context
    ) -> pb.EmptyResponse:
        await self._services.clusters.remove(parse_cluster(request.cluster_uri))
        return pb.EmptyResponse()

    async def GetCluster(self, request: pb.GetClusterRequest, context: Context) -> pb.Cluster:
        return await self._services.clusters.details(parse_cluster(request.cluster_uri))

    async def GetAuthSettings(
        self, request: pb.GetAuthSettingsRequest, context: Context
    ) -> pb.AuthSettings:
        return await self._services.logins.settings(parse_cluster(request.cluster_uri))

    async def Login(self, request: pb.LoginRequest, context: Context) -> pb.EmptyResponse:
        cluster = parse_cluster(request.cluster_uri)
        match request.WhichOneof("params"):
            case "local":
                password = Secret(request.local.password)
                await self._services.logins.local(cluster, request.local.user, password)
            case "sso":
                await self._services.logins.sso(
                    cluster, request.sso.provider_type, request.sso.provider_name
                )
            case _:
                await self._services.logins.begin(cluster)
                raise BadInput("missing login parameters", field="params")
        return pb.EmptyResponse()

    async def Logout(self, request: pb.LogoutRequest, context: Context) -> pb.EmptyResponse:
        await self._services.logins.end(parse_cluster(request.cluster_uri))
        return pb.EmptyResponse()

    async def StartHeadlessWatcher(
        self, request: pb.StartHeadlessWatcherRequest, context: Context
    ) -> pb.StartHeadlessWatcherResponse:
        await self._services.headless.start(parse_cluster(request.root_cluster_uri))
        return pb.StartHeadlessWatcherResponse()

    async def UpdateHeadlessAuthenticationState(
        self, request: pb.UpdateHeadlessAuthenticationStateRequest, context: Context
    ) -> pb.UpdateHeadlessAuthenticationStateResponse:
        await self._services.headless.answer(
            parse_cluster(request.root_cluster_uri),
            request.headless_authentication_id,
            request.state,
        )
        return pb.UpdateHeadlessAuthenticationStateResponse()

    async def ReportUsageEvent(
        self, request: pb.ReportUsageEventRequest, context: Context
    ) -> pb.EmptyResponse:
        """Accepted and dropped: this program reports nothing."""
        return pb.EmptyResponse()
