"""The daemon's calls about access requests, typed."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshdclient.failures import answered

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc


MAX_NAMED = 20


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedResource:
    """A resource as a request names it; `kind` in the wire's words."""

    kind: str
    name: str
    cluster_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for, why and until when (seconds since 1970; 0 leaves it to the cluster)."""

    roles: Sequence[str] = ()
    resources: Sequence[WantedResource] = ()
    reason: str = ""
    reviewers: Sequence[str] = ()
    ends_at: float = 0


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

    async def one(self, cluster_uri: str, ident: str) -> AccessRequest:
        """One request, with the names of the servers that it wants."""
        request = pb.GetAccessRequestRequest(cluster_uri=cluster_uri, access_request_id=ident)
        reply = await answered(self._stub.GetAccessRequest(request, timeout=self._network_s))
        return record(reply.request)

    async def named(
        self, cluster_uri: str, requests: Iterable[AccessRequest]
    ) -> tuple[AccessRequest, ...]:
        """The same requests; the first of those for servers have their names instead of ids."""
        found = list(requests)
        wanted = [at for at, one in enumerate(found) if _has_servers(one)][:MAX_NAMED]
        calls = (self.one(cluster_uri, found[at].id) for at in wanted)
        for at, named in zip(
            wanted, await asyncio.gather(*calls, return_exceptions=True), strict=True
        ):
            if isinstance(named, AccessRequest):
                found[at] = named
        return tuple(found)

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

    async def create(self, cluster_uri: str, wish: Wish) -> AccessRequest:
        """Ask for roles or for resources."""
        request = pb.CreateAccessRequestRequest(
            root_cluster_uri=cluster_uri,
            roles=wish.roles,
            reason=wish.reason,
            suggested_reviewers=wish.reviewers,
            resource_ids=[
                pb.ResourceID(kind=one.kind, name=one.name, cluster_name=one.cluster_name)
                for one in wish.resources
            ],
        )
        if wish.ends_at:
            request.max_duration.seconds = int(wish.ends_at)
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
        resources=tuple(
            f"{one.id.kind}/{one.details.hostname or one.id.name}" for one in message.resources
        ),
        reason=message.request_reason,
        resolve_reason=message.resolve_reason,
        created_at=_seconds(message.created),
        expires_at=_seconds(message.expires),
        reviews=tuple(
            Review(author=one.author, state=one.state, reason=one.reason, at=_seconds(one.created))
            for one in message.reviews
        ),
    )


def _has_servers(one: AccessRequest) -> bool:
    return any(wanted.startswith("node/") for wanted in one.resources)


def _seconds(time: Timestamp) -> float:
    return float(max(0, time.seconds))
