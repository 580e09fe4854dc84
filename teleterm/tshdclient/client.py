"""The daemon's calls that the window needs, typed, each with a limit of time."""

from dataclasses import dataclass

import grpc

from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2 as update_pb,
)
from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2_grpc as update_grpc,
)
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshdclient import conversions, key_login
from teleterm.tshdclient.access import AccessCalls
from teleterm.tshdclient.desktops import DesktopCalls
from teleterm.tshdclient.failures import answered
from teleterm.tshdclient.records import AuthSettings, Cluster, Gateway, Page, Query, ToolsWishes
from teleterm.tshdclient.transfers import TransferCalls


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long calls may take; those in which a person answers something get `person_s`."""

    local_s: float = 20
    network_s: float = 60
    person_s: float = 900


class TerminalClient:
    """The terminal service of one daemon; every method raises CallFailed."""

    def __init__(self, channel: grpc.aio.Channel, limits: Limits | None = None) -> None:
        self._channel = channel
        self._stub = pb_grpc.TerminalServiceStub(channel)
        self._updates = update_grpc.AutoUpdateServiceStub(channel)
        self._limits = limits or Limits()
        self.transfers = TransferCalls(self._stub)
        self.desktops = DesktopCalls(self._stub, self._limits.local_s)
        self.access = AccessCalls(self._stub, self._limits.network_s, self._limits.person_s)

    async def close(self) -> None:
        """Close the connection; calls that run are cancelled."""
        await self._channel.close(grace=None)

    async def set_events_address(self, address: str) -> None:
        """Tell the daemon where the events service listens; nothing else works before."""
        request = pb.UpdateTshdEventsServerAddressRequest(address=address)
        await answered(
            self._stub.UpdateTshdEventsServerAddress(
                request, timeout=self._limits.local_s, wait_for_ready=True
            )
        )

    async def root_clusters(self) -> tuple[Cluster, ...]:
        """All clusters of the profile folder; no network."""
        reply = await answered(
            self._stub.ListRootClusters(pb.ListClustersRequest(), timeout=self._limits.local_s)
        )
        return tuple(conversions.cluster(one) for one in reply.clusters)

    async def leaf_clusters(self, cluster_uri: str) -> tuple[Cluster, ...]:
        """The leaves of a root cluster."""
        request = pb.ListLeafClustersRequest(cluster_uri=cluster_uri)
        reply = await answered(self._stub.ListLeafClusters(request, timeout=self._limits.network_s))
        return tuple(conversions.cluster(one) for one in reply.clusters)

    async def cluster(self, cluster_uri: str) -> Cluster:
        """A cluster with everything that only its servers know."""
        request = pb.GetClusterRequest(cluster_uri=cluster_uri)
        return conversions.cluster(
            await answered(self._stub.GetCluster(request, timeout=self._limits.network_s))
        )

    async def add_cluster(self, address: str) -> Cluster:
        """Add a cluster by the address of its proxy."""
        request = pb.AddClusterRequest(name=address)
        return conversions.cluster(
            await answered(self._stub.AddCluster(request, timeout=self._limits.network_s))
        )

    async def remove_cluster(self, cluster_uri: str) -> None:
        """Forget a cluster."""
        request = pb.RemoveClusterRequest(cluster_uri=cluster_uri)
        await answered(self._stub.RemoveCluster(request, timeout=self._limits.network_s))

    async def auth_settings(self, cluster_uri: str) -> AuthSettings:
        """How one may log in."""
        request = pb.GetAuthSettingsRequest(cluster_uri=cluster_uri)
        return conversions.auth_settings(
            await answered(self._stub.GetAuthSettings(request, timeout=self._limits.network_s))
        )

    async def login_local(self, cluster_uri: str, user: str, password: str) -> None:
        """Log in with a password; a second factor is asked through the events service."""
        local = pb.LoginRequest.LocalParams(user=user, password=password)
        request = pb.LoginRequest(cluster_uri=cluster_uri, local=local)
        await answered(self._stub.Login(request, timeout=self._limits.person_s))

    async def login_sso(self, cluster_uri: str, provider_type: str, provider_name: str) -> None:
        """Log in in the browser, which the daemon opens."""
        sso = pb.LoginRequest.SsoParams(provider_type=provider_type, provider_name=provider_name)
        request = pb.LoginRequest(cluster_uri=cluster_uri, sso=sso)
        await answered(self._stub.Login(request, timeout=self._limits.person_s))

    async def login_passwordless(self, cluster_uri: str, steps: key_login.KeySteps) -> None:
        """Log in with a security key alone."""
        call = self._stub.LoginPasswordless(timeout=self._limits.person_s)
        await answered(key_login.run(call, cluster_uri, steps))

    async def logout(self, cluster_uri: str) -> None:
        """End a login."""
        request = pb.LogoutRequest(cluster_uri=cluster_uri)
        await answered(self._stub.Logout(request, timeout=self._limits.network_s))

    async def resources(self, query: Query) -> Page:
        """One page of resources."""
        request = pb.ListUnifiedResourcesRequest(
            cluster_uri=query.cluster_uri,
            kinds=query.kinds,
            limit=query.limit,
            start_key=query.start_key,
            query=query.predicate,
            search=query.search,
            sort_by=pb.SortBy(field=query.sort_by, is_desc=query.is_descending),
            include_requestable=query.has_requestable,
        )
        reply = await answered(
            self._stub.ListUnifiedResources(request, timeout=self._limits.network_s)
        )
        found = (conversions.resource(one) for one in reply.resources)
        return Page(
            resources=tuple(one for one in found if one is not None), next_key=reply.next_key
        )

    async def database_users(self, database_uri: str) -> tuple[str, ...]:
        """The names one may connect to a database as."""
        request = pb.ListDatabaseUsersRequest(db_uri=database_uri)
        reply = await answered(
            self._stub.ListDatabaseUsers(request, timeout=self._limits.network_s)
        )
        return tuple(reply.users)

    async def gateways(self) -> tuple[Gateway, ...]:
        """All local proxies."""
        reply = await answered(
            self._stub.ListGateways(pb.ListGatewaysRequest(), timeout=self._limits.network_s)
        )
        return tuple(conversions.gateway(one) for one in reply.gateways)

    async def create_gateway(
        self, target_uri: str, *, user: str, subresource: str, local_port: int
    ) -> Gateway:
        """Start a local proxy; port 0 takes a free one. A second factor may be asked."""
        request = pb.CreateGatewayRequest(
            target_uri=target_uri,
            target_user=user,
            local_port=str(local_port) if local_port else "",
            target_subresource_name=subresource,
        )
        return conversions.gateway(
            await answered(self._stub.CreateGateway(request, timeout=self._limits.person_s))
        )

    async def remove_gateway(self, gateway_uri: str) -> None:
        """Stop a local proxy."""
        request = pb.RemoveGatewayRequest(gateway_uri=gateway_uri)
        await answered(self._stub.RemoveGateway(request, timeout=self._limits.local_s))

    async def set_gateway_port(self, gateway_uri: str, local_port: int) -> Gateway:
        """Move a local proxy to another port, 0 for a free one; the old stays when that fails."""
        request = pb.SetGatewayLocalPortRequest(
            gateway_uri=gateway_uri, local_port=str(local_port) if local_port else ""
        )
        return conversions.gateway(
            await answered(self._stub.SetGatewayLocalPort(request, timeout=self._limits.network_s))
        )

    async def set_gateway_subresource(self, gateway_uri: str, subresource: str) -> Gateway:
        """Change the database name (or target port) of a local proxy."""
        request = pb.SetGatewayTargetSubresourceNameRequest(
            gateway_uri=gateway_uri, target_subresource_name=subresource
        )
        return conversions.gateway(
            await answered(
                self._stub.SetGatewayTargetSubresourceName(request, timeout=self._limits.network_s)
            )
        )

    async def tools_wishes(self) -> ToolsWishes:
        """What each cluster wants of the client tools, asked over the network."""
        reply = await answered(
            self._updates.GetClusterVersions(
                update_pb.GetClusterVersionsRequest(), timeout=self._limits.network_s
            )
        )
        return conversions.tools_wishes(reply)

    async def start_headless_watcher(self, cluster_uri: str) -> None:
        """Have the daemon watch for headless logins of the user."""
        request = pb.StartHeadlessWatcherRequest(root_cluster_uri=cluster_uri)
        await answered(self._stub.StartHeadlessWatcher(request, timeout=self._limits.network_s))

    async def answer_headless(
        self, cluster_uri: str, request_id: str, *, is_approved: bool
    ) -> None:
        """Approve or reject a headless login; approving asks for a second factor."""
        state = (
            pb.HEADLESS_AUTHENTICATION_STATE_APPROVED
            if is_approved
            else pb.HEADLESS_AUTHENTICATION_STATE_DENIED
        )
        request = pb.UpdateHeadlessAuthenticationStateRequest(
            root_cluster_uri=cluster_uri, headless_authentication_id=request_id, state=state
        )
        await answered(
            self._stub.UpdateHeadlessAuthenticationState(request, timeout=self._limits.person_s)
        )
