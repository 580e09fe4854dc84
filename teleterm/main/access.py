"""Access requests: the daemon's calls behind the window's page, with the words for failures."""

import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from teleterm.bridge.ask_access import AccessRequestView, ReviewView
from teleterm.bridge.contract import (
    AccessRequests,
    AssumeAccessRequest,
    CreateAccessRequest,
    DeleteAccessRequest,
    Done,
    ListAccessRequests,
    ListRequestableRoles,
    Names,
    Reply,
    ReviewAccessRequest,
)
from teleterm.main import refusals
from teleterm.main.clusters import Clusters
from teleterm.main.desk import Desk, Refusal
from teleterm.model.errors import BadInput, TeletermError
from teleterm.model.uri import ResourceKind, parse_resource

if TYPE_CHECKING:
    from teleterm.main.daemon import Daemon
    from teleterm.tshdclient.access import AccessCalls, AccessRequest, WantedResource

T = TypeVar("T")
MAX_RESOURCES = 300
HOUR_S = 3600
_REQUEST_KINDS = {
    ResourceKind.SERVER: "node",
    ResourceKind.DATABASE: "db",
    ResourceKind.KUBE: "kube_cluster",
    ResourceKind.APP: "app",
    ResourceKind.DESKTOP: "windows_desktop",
}
"""What requests call the kinds of resources."""


class Access:
    """Answers what the page of access requests asks."""

    def __init__(self, daemon: "Daemon", clusters: Clusters) -> None:
        self._daemon = daemon
        self._clusters = clusters

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(ListAccessRequests, self._list)
        desk.on(ListRequestableRoles, self._roles)
        desk.on(CreateAccessRequest, self._create)
        desk.on(ReviewAccessRequest, self._review)
        desk.on(DeleteAccessRequest, self._delete)
        desk.on(AssumeAccessRequest, self._assume)

    async def _calls(self) -> "AccessCalls":
        return (await self._daemon.client()).access

    async def _worded(self, call: Awaitable[T], cluster_uri: str, action: str) -> T:
        try:
            return await call
        except TeletermError as error:
            subject = self._clusters.subject(cluster_uri, action)
            raise Refusal(refusals.explain(error, subject)) from None

    async def _list(self, request: ListAccessRequests) -> Reply:
        uri, calls = request.cluster_uri, await self._calls()
        action = "list the access requests"
        found = await calls.named(uri, await self._worded(calls.all(uri), uri, action))
        active = await self._worded(calls.active(uri), uri, action)
        return AccessRequests(requests=views(found, active))

    async def _roles(self, request: ListRequestableRoles) -> Reply:
        uri, calls = request.cluster_uri, await self._calls()
        return Names(names=await self._worded(calls.roles(uri), uri, "list the roles"))

    async def _create(self, request: CreateAccessRequest) -> Reply:
        from teleterm.tshdclient.access import Wish

        if not request.roles and not request.resources:
            raise BadInput("Choose at least one role.", field="roles")
        wish = Wish(
            roles=request.roles,
            resources=[self._wanted(uri) for uri in request.resources[:MAX_RESOURCES]],
            reason=request.reason,
            reviewers=request.reviewers,
            ends_at=time.time() + request.hours * HOUR_S if request.hours > 0 else 0,
        )
        calls = await self._calls()
        call = calls.create(request.cluster_uri, wish)
        await self._worded(call, request.cluster_uri, "make the request")
        return Done()

    def _wanted(self, uri_text: str) -> "WantedResource":
        from teleterm.tshdclient.access import WantedResource

        uri = parse_resource(uri_text)
        cluster = self._clusters.find(uri_text)
        if uri.kind not in _REQUEST_KINDS or cluster is None:
            raise BadInput("This can't be asked for.", field="resources", value=uri_text)
        return WantedResource(
            kind=_REQUEST_KINDS[uri.kind], name=uri.name, cluster_name=cluster.name
        )

    async def _review(self, request: ReviewAccessRequest) -> Reply:
        calls = await self._calls()
        call = calls.review(
            request.cluster_uri,
            request.request_id,
            is_approved=request.is_approved,
            reason=request.reason,
        )
        verb = "approve" if request.is_approved else "deny"
        await self._worded(call, request.cluster_uri, f"{verb} the request")
        return Done()

    async def _delete(self, request: DeleteAccessRequest) -> Reply:
        calls = await self._calls()
        call = calls.delete(request.cluster_uri, request.request_id)
        await self._worded(call, request.cluster_uri, "delete the request")
        return Done()

    async def _assume(self, request: AssumeAccessRequest) -> Reply:
        calls, idents = await self._calls(), (request.request_id,)
        call = (
            calls.assume(request.cluster_uri, drop=idents)
            if request.is_dropped
            else calls.assume(request.cluster_uri, take=idents)
        )
        verb = "drop" if request.is_dropped else "assume"
        await self._worded(call, request.cluster_uri, f"{verb} the request")
        await self._worded(self._clusters.refresh(), request.cluster_uri, "read the clusters")
        return Done()


def views(
    found: "tuple[AccessRequest, ...]", active: tuple[str, ...]
) -> tuple[AccessRequestView, ...]:
    """Requests as the window shows them, newest first."""
    ordered = sorted(found, key=lambda one: one.created_at, reverse=True)
    return tuple(_view(one, is_assumed=one.id in active) for one in ordered)


def _view(one: "AccessRequest", *, is_assumed: bool) -> AccessRequestView:
    return AccessRequestView(
        id=one.id,
        state=one.state,
        user=one.user,
        roles=one.roles,
        resources=one.resources,
        reason=one.reason,
        resolve_reason=one.resolve_reason,
        created_at=one.created_at,
        expires_at=one.expires_at,
        reviews=tuple(
            ReviewView(author=said.author, state=said.state, reason=said.reason, at=said.at)
            for said in one.reviews
        ),
        is_assumed=is_assumed,
    )
