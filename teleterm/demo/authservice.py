"""The auth server of one cluster: everything that clients ask over gRPC."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from dataclasses import dataclass

from google.protobuf.empty_pb2 import Empty

from teleterm.demo import listing, messages
from teleterm.demo.certificates import CertificateDesk
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import LEAF, ROOT, VERSION, DemoMember, DemoNode, DemoUser
from teleterm.demo.rpc import Gate, RpcServer
from teleterm.demo.sessions import ActiveSessions
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.presence.v1 import service_pb2 as presence
from teleterm.protogen.teleport.trust.v1 import trust_service_pb2 as trust
from teleterm.protogen.teleport.types import types_pb2
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as preferences
from teleterm.protogen.teleport.users.v1 import users_service_pb2 as users

_AMBIGUOUS = "ambiguous host could match multiple nodes"
_TRACKER_LIFE = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthConfig:
    """What one auth server speaks for; `others` are the clusters it trusts."""

    member: DemoMember
    others: tuple[DemoMember, ...]
    user: DemoUser
    proxy: str
    session_ttl: datetime.timedelta
    desk: CertificateDesk
    active: ActiveSessions
    clock: Clock


class AuthService:
    """Answers for one cluster."""

    def __init__(self, config: AuthConfig) -> None:
        self._config = config
        self._member = config.member
        self._started = config.clock.now()
        self._preferences: dict[str, preferences.UserPreferences] = {}

    def register(self, server: RpcServer, gate: Gate) -> None:
        """Add every method to a server."""
        desk = self._config.desk
        server.add(
            "proto.AuthService",
            {
                "Ping": gate.unary(auth.PingRequest, self.ping),
                "GetCurrentUser": gate.unary(Empty, self.get_current_user),
                "GetCurrentUserRoles": gate.stream(Empty, self.get_current_user_roles),
                "GetDomainName": gate.unary(Empty, self.get_domain_name),
                "GetClusterCACert": gate.unary(Empty, self.get_cluster_ca_cert),
                "ListUnifiedResources": gate.unary(
                    auth.ListUnifiedResourcesRequest, self.list_unified_resources
                ),
                "ListResources": gate.unary(auth.ListResourcesRequest, self.list_resources),
                "ResolveSSHTarget": gate.unary(
                    auth.ResolveSSHTargetRequest, self.resolve_ssh_target
                ),
                "GetSSHTargets": gate.unary(auth.GetSSHTargetsRequest, self.get_ssh_targets),
                "GenerateUserCerts": gate.unary(auth.UserCertsRequest, desk.generate),
                "IsMFARequired": gate.unary(auth.IsMFARequiredRequest, desk.is_mfa_required),
                "CreateAuthenticateChallenge": gate.unary(
                    auth.CreateAuthenticateChallengeRequest, desk.create_challenge
                ),
                "GetMFADevices": gate.unary(auth.GetMFADevicesRequest, self.get_mfa_devices),
                "GetAccessCapabilities": gate.unary(
                    types_pb2.AccessCapabilitiesRequest, self.get_access_capabilities
                ),
                "ListAccessRequests": gate.unary(
                    auth.ListAccessRequestsRequest, self.list_access_requests
                ),
                "GetClusterAlerts": gate.unary(
                    types_pb2.GetClusterAlertsRequest, self.get_cluster_alerts
                ),
                "GetActiveSessionTrackers": gate.stream(Empty, self.get_active_session_trackers),
                "GetHeadlessAuthentication": gate.unary(
                    auth.GetHeadlessAuthenticationRequest, self.get_headless_authentication
                ),
                "WatchPendingHeadlessAuthentications": gate.stream(Empty, self.watch_headless),
                "WatchEvents": gate.stream(auth.Watch, self.watch_events),
            },
        )
        server.add(
            "teleport.trust.v1.TrustService",
            {
                "GetCertAuthority": gate.unary(
                    trust.GetCertAuthorityRequest, self.get_cert_authority
                ),
                "GetCertAuthorities": gate.unary(
                    trust.GetCertAuthoritiesRequest, self.get_cert_authorities
                ),
            },
        )
        server.add(
            "teleport.presence.v1.PresenceService",
            {
                "ListRemoteClusters": gate.unary(
                    presence.ListRemoteClustersRequest, self.list_remote_clusters
                ),
                "GetRemoteCluster": gate.unary(
                    presence.GetRemoteClusterRequest, self.get_remote_cluster
                ),
            },
        )
        server.add(
            "teleport.users.v1.UsersService",
            {"GetUser": gate.unary(users.GetUserRequest, self.get_user)},
        )
        server.add(
            "teleport.userpreferences.v1.UserPreferencesService",
            {
                "GetUserPreferences": gate.unary(
                    preferences.GetUserPreferencesRequest, self.get_user_preferences
                ),
                "UpsertUserPreferences": gate.unary(
                    preferences.UpsertUserPreferencesRequest, self.upsert_user_preferences
                ),
            },
        )

    async def get_user(
        self, asked: users.GetUserRequest, caller: Identity
    ) -> users.GetUserResponse:
        """Describe the caller, or the one user by name."""
        name = asked.name or (caller.user if asked.current_user else "")
        if name != self._config.user.name:
            raise Refused(f"user {name} not found", code=ErrorCode.NOT_FOUND)
        return users.GetUserResponse(user=messages.user_message(self._config.user))

    async def ping(self, _asked: auth.PingRequest, _caller: Identity) -> auth.PingResponse:
        """Say which cluster this is."""
        return auth.PingResponse(
            ClusterName=self._member.name,
            ServerVersion=VERSION,
            ServerFeatures=auth.Features(DB=True),
            ProxyPublicAddr=self._config.proxy if self._member.name == ROOT else "",
            RemoteAddr="127.0.0.1:0",
            signature_algorithm_suite=types_pb2.SIGNATURE_ALGORITHM_SUITE_BALANCED_V1,
        )

    async def get_current_user(self, _asked: Empty, _caller: Identity) -> types_pb2.UserV2:
        """Describe the caller."""
        return messages.user_message(self._config.user)

    async def get_current_user_roles(
        self, _asked: Empty, _caller: Identity
    ) -> AsyncIterator[types_pb2.RoleV6]:
        """Describe the caller's roles."""
        yield messages.role_message(self._config.user, self._config.session_ttl)

    async def get_domain_name(self, _asked: Empty, _caller: Identity) -> auth.GetDomainNameResponse:
        """Say which cluster this is, the old way."""
        return auth.GetDomainNameResponse(DomainName=self._member.name)

    async def get_cluster_ca_cert(
        self, _asked: Empty, _caller: Identity
    ) -> auth.GetClusterCACertResponse:
        """Give the authority that signs the cluster's own certificates."""
        return auth.GetClusterCACertResponse(TLSCA=self._member.authorities.host_tls.pem)

    async def list_unified_resources(
        self, asked: auth.ListUnifiedResourcesRequest, _caller: Identity
    ) -> auth.ListUnifiedResourcesResponse:
        """List resources of several kinds."""
        if asked.PinnedOnly:
            return self._pinned(_caller)
        query = listing.Query(
            kinds=listing.unified_kinds(asked.Kinds),
            words=tuple(asked.SearchKeywords),
            labels=dict(asked.Labels),
            predicate=asked.PredicateExpression,
            sort_field=asked.SortBy.Field,
            is_descending=asked.SortBy.IsDesc,
            limit=asked.Limit,
            start_key=asked.StartKey,
        )
        if query.sort_field not in {"", "name", "kind"}:
            message = f'sorting by "{query.sort_field}" is not supported'
            raise BadInput(message, code=ErrorCode.NOT_IMPLEMENTED)
        logins = self._config.user.logins if asked.IncludeLogins else ()
        page = listing.list_page(self._member, query, logins)
        return auth.ListUnifiedResourcesResponse(Resources=page.resources, NextKey=page.next_key)

    async def list_resources(
        self, asked: auth.ListResourcesRequest, _caller: Identity
    ) -> auth.ListResourcesResponse:
        """List resources of one kind."""
        query = listing.Query(
            kinds=listing.server_kinds(asked.ResourceType),
            words=tuple(asked.SearchKeywords),
            labels=dict(asked.Labels),
            predicate=asked.PredicateExpression,
            sort_field=asked.SortBy.Field,
            is_descending=asked.SortBy.IsDesc,
            limit=asked.Limit,
            start_key=asked.StartKey,
        )
        logins = self._config.user.logins if asked.IncludeLogins else ()
        page = listing.list_page(self._member, query, logins)
        return auth.ListResourcesResponse(
            Resources=page.resources, NextKey=page.next_key, TotalCount=page.total
        )

    async def resolve_ssh_target(
        self, asked: auth.ResolveSSHTargetRequest, _caller: Identity
    ) -> auth.ResolveSSHTargetResponse:
        """Find the one node that is meant."""
        if asked.host:
            found = self._nodes_called(asked.host)
        else:
            query = listing.Query(
                kinds=frozenset({"node"}),
                words=tuple(asked.search_keywords),
                labels=dict(asked.labels),
                predicate=asked.predicate_expression,
            )
            page = listing.list_page(self._member, query, ())
            uuids = {resource.Node.Metadata.Name for resource in page.resources}
            found = [node for node in self._member.nodes if node.uuid in uuids]
        if not found:
            raise Refused("no matching hosts", code=ErrorCode.NOT_FOUND)
        if len(found) > 1:
            raise Refused(_AMBIGUOUS, code=ErrorCode.AMBIGUOUS)
        return auth.ResolveSSHTargetResponse(server=messages.node_message(found[0]))

    async def get_ssh_targets(
        self, asked: auth.GetSSHTargetsRequest, _caller: Identity
    ) -> auth.GetSSHTargetsResponse:
        """Give every node that a host name may mean."""
        servers = [messages.node_message(node) for node in self._nodes_called(asked.Host)]
        return auth.GetSSHTargetsResponse(Servers=servers)

    async def get_mfa_devices(
        self, _asked: auth.GetMFADevicesRequest, _caller: Identity
    ) -> auth.GetMFADevicesResponse:
        """List the user's devices."""
        device = messages.totp_device_message(self._started)
        return auth.GetMFADevicesResponse(Devices=[device])

    async def get_access_capabilities(
        self, _asked: types_pb2.AccessCapabilitiesRequest, _caller: Identity
    ) -> types_pb2.AccessCapabilities:
        """Say what the user may ask for beyond what there is: nothing."""
        return types_pb2.AccessCapabilities()

    async def list_access_requests(
        self, _asked: auth.ListAccessRequestsRequest, _caller: Identity
    ) -> auth.ListAccessRequestsResponse:
        """List access requests: there are none."""
        return auth.ListAccessRequestsResponse()

    async def get_cluster_alerts(
        self, _asked: types_pb2.GetClusterAlertsRequest, _caller: Identity
    ) -> auth.GetClusterAlertsResponse:
        """List alerts: there are none."""
        return auth.GetClusterAlertsResponse()

    async def get_active_session_trackers(
        self, _asked: Empty, _caller: Identity
    ) -> AsyncIterator[types_pb2.SessionTrackerV1]:
        """List what runs on the nodes now."""
        end = self._config.clock.now() + _TRACKER_LIFE
        for session in self._config.active.in_cluster(self._member.name):
            yield messages.tracker_message(session, end)

    async def get_headless_authentication(
        self, asked: auth.GetHeadlessAuthenticationRequest, _caller: Identity
    ) -> types_pb2.HeadlessAuthentication:
        """Give a login that waits for approval: there are none."""
        message = f'headless authentication "{asked.id}" not found'
        raise Refused(message, code=ErrorCode.NOT_FOUND)

    async def watch_headless(self, _asked: Empty, _caller: Identity) -> AsyncIterator[auth.Event]:
        """Say when a login waits for approval, for as long as the caller listens."""
        yield auth.Event(Type=auth.INIT)
        await asyncio.Event().wait()

    async def watch_events(
        self, _asked: auth.Watch, _caller: Identity
    ) -> AsyncIterator[auth.Event]:
        """Say what changes, for as long as the caller listens."""
        yield auth.Event(Type=auth.INIT)
        await asyncio.Event().wait()

    async def get_cert_authority(
        self, asked: trust.GetCertAuthorityRequest, _caller: Identity
    ) -> types_pb2.CertAuthorityV2:
        """Give one authority of this cluster or of one it trusts."""
        for member in (self._member, *self._config.others):
            if member.name == asked.domain:
                found = messages.authority_message(member, asked.type)
                if found is not None:
                    return found
        message = f'key "/authorities/{asked.type}/{asked.domain}" is not found'
        raise Refused(message, code=ErrorCode.NOT_FOUND)

    async def get_cert_authorities(
        self, asked: trust.GetCertAuthoritiesRequest, _caller: Identity
    ) -> trust.GetCertAuthoritiesResponse:
        """Give the authorities of this cluster and of those it trusts."""
        members = (self._member, *self._config.others)
        found = [messages.authority_message(member, asked.type) for member in members]
        return trust.GetCertAuthoritiesResponse(
            cert_authorities_v2=[message for message in found if message is not None]
        )

    async def list_remote_clusters(
        self, _asked: presence.ListRemoteClustersRequest, _caller: Identity
    ) -> presence.ListRemoteClustersResponse:
        """List the leaf clusters."""
        leaves = [messages.leaf_message(self._config.clock.now())]
        return presence.ListRemoteClustersResponse(
            remote_clusters=leaves if self._member.name == ROOT else []
        )

    async def get_remote_cluster(
        self, asked: presence.GetRemoteClusterRequest, _caller: Identity
    ) -> types_pb2.RemoteClusterV3:
        """Describe one leaf cluster."""
        if self._member.name == ROOT and asked.name == LEAF:
            return messages.leaf_message(self._config.clock.now())
        message = f'remote cluster "{asked.name}" is not found'
        raise Refused(message, code=ErrorCode.NOT_FOUND)

    async def get_user_preferences(
        self, _asked: preferences.GetUserPreferencesRequest, caller: Identity
    ) -> preferences.GetUserPreferencesResponse:
        """Give what the user has chosen."""
        kept = self._preferences.get(caller.user, preferences.UserPreferences())
        return preferences.GetUserPreferencesResponse(preferences=kept)

    async def upsert_user_preferences(
        self, asked: preferences.UpsertUserPreferencesRequest, caller: Identity
    ) -> Empty:
        """Keep what the user has chosen, as long as the demo runs."""
        self._preferences[caller.user] = asked.preferences
        return Empty()

    def _nodes_called(self, host: str) -> list[DemoNode]:
        return [node for node in self._member.nodes if host in {node.uuid, node.hostname}]

    def _pinned(self, caller: Identity) -> auth.ListUnifiedResourcesResponse:
        kept = self._preferences.get(caller.user, preferences.UserPreferences())
        pinned = set(kept.cluster_preferences.pinned_resources.resource_ids)
        query = listing.Query(kinds=listing.UNIFIED_KINDS, labels={})
        every = listing.list_page(self._member, query, self._config.user.logins)
        chosen = [one for one in every.resources if listing.key_of(one) in pinned]
        return auth.ListUnifiedResourcesResponse(Resources=chosen)
