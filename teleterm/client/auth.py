"""The auth API of one cluster, as typed calls.

Messages are the wire's own (`protogen`); errors are ours. Source: cluster-login.md 7.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from google.protobuf.empty_pb2 import Empty

from teleterm.client import grpc_errors
from teleterm.client.channel import Channel
from teleterm.model.errors import ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.auth.v1.authservice_pb2_grpc import AuthServiceStub
from teleterm.protogen.teleport.types import types_pb2 as types

if TYPE_CHECKING:
    import grpc

    from teleterm.protogen.teleport.auth.v1.authservice_pb2_grpc import AuthServiceAsyncStub
    from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as user_preferences

Q = TypeVar("Q")
R = TypeVar("R")
PAGE_SIZE = 1000
CALL_TIMEOUT_S = 30.0
ALERT_TIMEOUT_S = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceQuery:
    """What to list. All `keywords` and `labels` must match; `predicate` is the cluster's language.

    `kinds` are those of a unified listing: node, db, kube_cluster, app, mcp, windows_desktop, ...
    """

    kinds: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    predicate: str = ""
    sort_by: str = "name"
    descending: bool = False
    start_key: str = ""
    limit: int = PAGE_SIZE
    pinned_only: bool = False
    include_logins: bool = True
    include_requestable: bool = False
    use_search_as_roles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of a listing; `next_key` is empty at its end."""

    items: Sequence[auth.PaginatedResource]
    next_key: str


class AuthClient:
    """Calls to the auth server of `cluster`."""

    def __init__(
        self, channel: Channel, cluster: str, *, timeout_s: float = CALL_TIMEOUT_S
    ) -> None:
        self.cluster = cluster
        self.channel = channel
        self._timeout_s = timeout_s
        self.stub: AuthServiceAsyncStub = AuthServiceStub(channel.grpc)

    async def call(
        self,
        method: "grpc.aio.UnaryUnaryMultiCallable[Q, R]",
        request: Q,
        *,
        timeout_s: float | None = None,
        metadata: tuple[tuple[str, str], ...] = (),
    ) -> R:
        """Call any method of a stub on this connection.

        Raises: Refused, Unreachable, BadInput.
        """
        return await grpc_errors.call(
            self.channel,
            method,
            request,
            timeout_s=timeout_s or self._timeout_s,
            cluster=self.cluster,
            metadata=metadata,
        )

    def stream(
        self,
        method: "grpc.aio.UnaryStreamMultiCallable[Q, R]",
        request: Q,
        *,
        timeout_s: float | None,
    ) -> AsyncGenerator[R, None]:
        """Call any method of a stub that answers with a stream."""
        return grpc_errors.stream(
            self.channel, method, request, timeout_s=timeout_s, cluster=self.cluster
        )

    async def close(self) -> None:
        """Close the connection."""
        await self.channel.close()

    # ---- the cluster and the user ----

    async def ping(self) -> auth.PingResponse:
        """What the server says of itself."""
        return await self.call(self.stub.Ping, auth.PingRequest())

    async def current_user(self) -> types.UserV2:
        """The user this connection speaks for."""
        from teleterm.protogen.teleport.users.v1 import users_service_pb2 as users
        from teleterm.protogen.teleport.users.v1.users_service_pb2_grpc import UsersServiceStub

        stub = UsersServiceStub(self.channel.grpc)
        return (await self.call(stub.GetUser, users.GetUserRequest(current_user=True))).user

    async def current_roles(self) -> list[types.RoleV6]:
        """The user's roles, as they are at this cluster."""
        answers = self.stream(self.stub.GetCurrentUserRoles, Empty(), timeout_s=self._timeout_s)
        return [role async for role in answers]

    async def remote_clusters(self) -> list[types.RemoteClusterV3]:
        """The leaf clusters, in the server's order."""
        from teleterm.protogen.teleport.presence.v1 import service_pb2 as presence
        from teleterm.protogen.teleport.presence.v1.service_pb2_grpc import PresenceServiceStub

        stub = PresenceServiceStub(self.channel.grpc)
        found: list[types.RemoteClusterV3] = []
        token = ""
        while True:
            request = presence.ListRemoteClustersRequest(page_token=token)
            answer = await self.call(stub.ListRemoteClusters, request)
            found += answer.remote_clusters
            token = answer.next_page_token
            if not token:
                return found

    async def authorities(self, kind: str = "host") -> list[types.CertAuthorityV2]:
        """The authorities of one kind, of this cluster and all it knows."""
        from teleterm.protogen.teleport.trust.v1 import trust_service_pb2 as trust
        from teleterm.protogen.teleport.trust.v1.trust_service_pb2_grpc import TrustServiceStub

        stub = TrustServiceStub(self.channel.grpc)
        request = trust.GetCertAuthoritiesRequest(type=kind)
        answer = await self.call(stub.GetCertAuthorities, request)
        return list(answer.cert_authorities_v2)

    async def preferences(self) -> "user_preferences.UserPreferences":
        """The user's preferences; members nobody knows here come along and go back."""
        from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as messages
        from teleterm.protogen.teleport.userpreferences.v1.service_pb2_grpc import (
            UserPreferencesServiceStub,
        )

        stub = UserPreferencesServiceStub(self.channel.grpc)
        answer = await self.call(stub.GetUserPreferences, messages.GetUserPreferencesRequest())
        return answer.preferences

    async def upsert_preferences(self, value: "user_preferences.UserPreferences") -> None:
        """Replace the user's preferences."""
        from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as messages
        from teleterm.protogen.teleport.userpreferences.v1.service_pb2_grpc import (
            UserPreferencesServiceStub,
        )

        stub = UserPreferencesServiceStub(self.channel.grpc)
        request = messages.UpsertUserPreferencesRequest(preferences=value)
        await self.call(stub.UpsertUserPreferences, request)

    async def alerts(
        self, *, severity: "types.AlertSeverity.ValueType", labels: Mapping[str, str] | None = None
    ) -> list[types.ClusterAlert]:
        """Messages from the administrators; none when the server doesn't answer quickly."""
        request = types.GetClusterAlertsRequest(Severity=severity, Labels=dict(labels or {}))
        try:
            answer = await self.call(self.stub.GetClusterAlerts, request, timeout_s=ALERT_TIMEOUT_S)
        except Refused as error:
            if error.code is ErrorCode.NOT_IMPLEMENTED:
                return []
            raise
        return list(answer.Alerts)

    # ---- resources ----

    async def unified_resources(self, query: ResourceQuery) -> Page:
        """One page of all kinds of resources. A page too big is asked for again, half as long."""
        limit = query.limit
        while True:
            request = auth.ListUnifiedResourcesRequest(
                Kinds=query.kinds,
                Limit=limit,
                StartKey=query.start_key,
                Labels=dict(query.labels),
                PredicateExpression=query.predicate,
                SearchKeywords=query.keywords,
                SortBy=types.SortBy(Field=query.sort_by, IsDesc=query.descending),
                PinnedOnly=query.pinned_only,
                IncludeLogins=query.include_logins,
                IncludeRequestable=query.include_requestable,
                UseSearchAsRoles=query.use_search_as_roles,
            )
            try:
                answer = await self.call(self.stub.ListUnifiedResources, request)
            except Refused as error:
                limit = smaller_page(limit, error)
                continue
            return Page(items=answer.Resources, next_key=answer.NextKey)

    async def all_unified_resources(self, query: ResourceQuery) -> list[auth.PaginatedResource]:
        """All pages, each resource once."""
        from dataclasses import replace

        found: list[auth.PaginatedResource] = []
        while True:
            page = await self.unified_resources(query)
            found += page.items
            if not page.next_key:
                return found
            query = replace(query, start_key=page.next_key)

    async def list_resources(
        self, kind: str, query: ResourceQuery | None = None
    ) -> list[auth.PaginatedResource]:
        """All resources of one kind: node, db_server, app_server, kube_server, windows_desktop.

        The same resource comes once for each agent that serves it.
        """
        asked = query or ResourceQuery()
        found: list[auth.PaginatedResource] = []
        start_key, limit = "", asked.limit
        while True:
            request = auth.ListResourcesRequest(
                ResourceType=kind,
                Namespace="default",
                Limit=limit,
                StartKey=start_key,
                Labels=dict(asked.labels),
                PredicateExpression=asked.predicate,
                SearchKeywords=asked.keywords,
                UseSearchAsRoles=asked.use_search_as_roles,
            )
            try:
                answer = await self.call(self.stub.ListResources, request)
            except Refused as error:
                limit = smaller_page(limit, error)
                continue
            found += answer.Resources
            start_key = answer.NextKey
            if not start_key:
                return found

    async def resolve_ssh_target(
        self,
        *,
        host: str = "",
        port: int = 0,
        labels: Mapping[str, str] | None = None,
        predicate: str = "",
        keywords: Sequence[str] = (),
    ) -> types.ServerV2:
        """The one server that a name, labels or a search mean.

        Raises: Refused (NOT_FOUND, AMBIGUOUS).
        """
        request = auth.ResolveSSHTargetRequest(
            host=host,
            port=str(port) if host else "",
            labels=dict(labels or {}),
            predicate_expression=predicate,
            search_keywords=keywords,
        )
        return (await self.call(self.stub.ResolveSSHTarget, request)).server

    async def ssh_targets(self, host: str, port: int = 0) -> list[types.ServerV2]:
        """The servers that a host name may mean."""
        request = auth.GetSSHTargetsRequest(Host=host, Port=str(port))
        return list((await self.call(self.stub.GetSSHTargets, request)).Servers)

    # ---- certificates and the second factor ----

    async def generate_certs(self, request: auth.UserCertsRequest) -> auth.Certs:
        """Issue certificates; root cluster only."""
        return await self.call(self.stub.GenerateUserCerts, request)

    async def delete_app_session(self, ident: str) -> None:
        """End the session of an application's certificate.

        Raises: Refused (NOT_FOUND) when it has ended already.
        """
        request = auth.DeleteAppSessionRequest(SessionID=ident)
        await self.call(self.stub.DeleteAppSession, request)

    async def is_mfa_required(self, request: auth.IsMFARequiredRequest) -> bool:
        """Whether a connection needs the second factor; to be asked where the resource is."""
        answer = await self.call(self.stub.IsMFARequired, request)
        if answer.MFARequired == auth.MFA_REQUIRED_UNSPECIFIED:
            return answer.Required
        return answer.MFARequired == auth.MFA_REQUIRED_YES

    async def create_challenge(
        self, request: auth.CreateAuthenticateChallengeRequest
    ) -> auth.MFAAuthenticateChallenge:
        """A challenge for the second factor; root cluster only."""
        return await self.call(self.stub.CreateAuthenticateChallenge, request)

    # ---- sessions ----

    async def sessions(self) -> list[types.SessionTrackerV1]:
        """The sessions that are going on or wait to begin."""
        answers = self.stream(
            self.stub.GetActiveSessionTrackers, Empty(), timeout_s=self._timeout_s
        )
        return [tracker async for tracker in answers]

    async def session_tracker(self, ident: str) -> types.SessionTrackerV1:
        """One session.

        Raises: Refused (NOT_FOUND).
        """
        request = auth.GetSessionTrackerRequest(SessionID=ident)
        return await self.call(self.stub.GetSessionTracker, request)

    # ---- access requests: root cluster only ----

    async def access_capabilities(
        self,
        *,
        requestable_roles: bool = False,
        suggested_reviewers: bool = False,
        resource_ids: Sequence[types.ResourceID] = (),
        login: str = "",
        only_for_resources: bool = False,
    ) -> types.AccessCapabilities:
        """What the user may ask for; `only_for_resources` leaves out roles of no use for these."""
        request = types.AccessCapabilitiesRequest(
            RequestableRoles=requestable_roles,
            SuggestedReviewers=suggested_reviewers,
            ResourceIDs=resource_ids,
            Login=login,
            FilterRequestableRolesByResource=only_for_resources,
        )
        return await self.call(self.stub.GetAccessCapabilities, request)

    async def access_requests(
        self, wanted: types.AccessRequestFilter | None = None
    ) -> list[types.AccessRequestV3]:
        """All access requests the user may see that fit the filter."""
        found: list[types.AccessRequestV3] = []
        start_key, limit = "", PAGE_SIZE
        while True:
            request = auth.ListAccessRequestsRequest(
                Filter=wanted or types.AccessRequestFilter(), Limit=limit, StartKey=start_key
            )
            try:
                answer = await self.call(self.stub.ListAccessRequests, request)
            except Refused as error:
                limit = smaller_page(limit, error)
                continue
            found += answer.AccessRequests
            start_key = answer.NextKey
            if not start_key:
                return found

    async def create_access_request(self, request: types.AccessRequestV3) -> types.AccessRequestV3:
        """Ask for access; the answer has the id the server gave."""
        return await self.call(self.stub.CreateAccessRequestV2, request)

    async def review_access_request(
        self, review: types.AccessReviewSubmission
    ) -> types.AccessRequestV3:
        """Approve or deny somebody's request."""
        return await self.call(self.stub.SubmitAccessReview, review)

    async def delete_access_request(self, ident: str) -> None:
        """Remove a request."""
        await self.call(self.stub.DeleteAccessRequest, auth.RequestID(ID=ident))


def smaller_page(limit: int, error: Refused) -> int:
    """Half the page, if that can help against the error; else the error goes on."""
    if error.code is not ErrorCode.LIMIT or limit <= 1:
        raise error
    return limit // 2
