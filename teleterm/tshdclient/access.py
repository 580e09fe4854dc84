"""The daemon's calls about access requests, typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshdclient.failures import answered

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What somebody said about a request; `at` in seconds since 1970."""

    author: str
    state: str
    reason: str = ""
    at: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """An access request; `resources` are `kind/name` texts, times in seconds since 1970 or 0."""

    id: str
    state: str
    user: str
    roles: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    reason: str = ""
    resolve_reason: str = ""
    created_at: float = 0
    expires_at: float = 0
    reviews: tuple[Review, ...] = ()


class AccessCalls:
    """Calls about the access requests of root clusters; every method raises CallFailed."""

    def __init__(
        self, stub: "pb_grpc.TerminalServiceAsyncStub", network_s: float, person_s: float
    ) -> None:
        self._stub = stub
        self._network_s = network_s
        self._person_s = person_s

    async def all(self, cluster_uri: str) -> tuple[AccessRequest, ...]:
        """Every request that the user may see."""
        request = pb.GetAccessRequestsRequest(cluster_uri=cluster_uri)
        reply = await answered(self._stub.GetAccessRequests(request, timeout=self._network_s))
        return tuple(record(one) for one in reply.requests)

    async def active(self, cluster_uri: str) -> tuple[str, ...]:
        """The ids of the requests that the login has taken."""
        request = pb.GetClusterRequest(cluster_uri=cluster_uri)
        reply = await answered(self._stub.GetCluster(request, timeout=self._network_s))
        return tuple(reply.logged_in_user.active_requests)

    async def roles(self, cluster_uri: str) -> tuple[str, ...]:
        """The roles that the user may ask for."""
        request = pb.GetRequestableRolesRequest(cluster_uri=cluster_uri)
        reply = await answered(self._stub.GetRequestableRoles(request, timeout=self._network_s))
        return tuple(reply.roles)

    async def create(
        self, cluster_uri: str, *, roles: Sequence[str], reason: str, reviewers: Sequence[str]
    ) -> AccessRequest:
        """Ask for roles."""
        request = pb.CreateAccessRequestRequest(
            root_cluster_uri=cluster_uri, roles=roles, reason=reason, suggested_reviewers=reviewers
        )
        reply = await answered(self._stub.CreateAccessRequest(request, timeout=self._network_s))
        return record(reply.request)

    async def review(
        self, cluster_uri: str, ident: str, *, is_approved: bool, reason: str
    ) -> AccessRequest:
        """Approve or deny somebody's request."""
        request = pb.ReviewAccessRequestRequest(
            root_cluster_uri=cluster_uri,
            access_request_id=ident,
            state="APPROVED" if is_approved else "DENIED",
            reason=reason,
        )
        reply = await answered(self._stub.ReviewAccessRequest(request, timeout=self._network_s))
        return record(reply.request)

    async def delete(self, cluster_uri: str, ident: str) -> None:
        """Remove a request."""
        request = pb.DeleteAccessRequestRequest(
            root_cluster_uri=cluster_uri, access_request_id=ident
        )
        await answered(self._stub.DeleteAccessRequest(request, timeout=self._network_s))

    async def assume(
        self, cluster_uri: str, *, take: Sequence[str] = (), drop: Sequence[str] = ()
    ) -> None:
        """Take requests into the login, or out of it; new certificates are made for that."""
        request = pb.AssumeRoleRequest(
            root_cluster_uri=cluster_uri, access_request_ids=take, drop_request_ids=drop
        )
        await answered(self._stub.AssumeRole(request, timeout=self._person_s))


def record(message: pb.AccessRequest) -> AccessRequest:
    """A request."""
    return AccessRequest(
        id=message.id,
        state=message.state,
        user=message.user,
        roles=tuple(message.roles),
        resources=tuple(f"{one.id.kind}/{one.id.name}" for one in message.resources),
        reason=message.request_reason,
        resolve_reason=message.resolve_reason,
        created_at=_seconds(message.created),
        expires_at=_seconds(message.expires),
        reviews=tuple(
            Review(author=one.author, state=one.state, reason=one.reason, at=_seconds(one.created))
            for one in message.reviews
        ),
    )


def _seconds(time: Timestamp) -> float:
    return float(max(0, time.seconds))
