"""Resources: pages for a table, counts for the tree, a search over every cluster."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    CountResources,
    CountsChanged,
    Done,
    ListDatabaseUsers,
    ListResources,
    Names,
    Reply,
    ResourcePage,
    SearchResources,
    SearchResult,
)
from teleterm.bridge.views import ClusterView, CountView, ResourceView
from teleterm.main import refusals
from teleterm.main.clusters import Clusters
from teleterm.main.desk import Desk, Refusal, Tell
from teleterm.model.errors import BadInput, ErrorCode, TeletermError
from teleterm.model.uri import parse_cluster
from teleterm.osutil import tasks

if TYPE_CHECKING:
    from teleterm.main.daemon import Daemon
    from teleterm.tshdclient.records import Query, Resource

KINDS: dict[str, str] = {
    "servers": "node",
    "databases": "db",
    "kubes": "kube_cluster",
    "apps": "app",
    "desktops": "windows_desktop",
}
"""The window's names of kinds, and the wire's."""
_WINDOW_KINDS = {wire: ours for ours, wire in KINDS.items()}
COUNT_PAGE = 1000
COUNT_PAGES = 20
"""Counting ends after so many pages: the tree shows `999+` long before."""


class Resources:
    """Answers what there is."""

    def __init__(self, daemon: "Daemon", clusters: Clusters, tell: Tell) -> None:
        self._daemon = daemon
        self._clusters = clusters
        self._tell = tell
        self._counting: dict[str, asyncio.Task[None]] = {}

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(CountResources, self._count)
        desk.on(ListResources, self._list)
        desk.on(SearchResources, self._search)
        desk.on(ListDatabaseUsers, self._database_users)

    async def _list(self, request: ListResources) -> Reply:
        from teleterm.tshdclient.records import Query

        query = Query(
            cluster_uri=request.cluster_uri,
            kinds=wire_kinds(request.kinds),
            limit=max(1, min(request.limit, COUNT_PAGE)),
            start_key=request.start_key,
            search=request.search,
            predicate=request.predicate,
            sort_by=request.sort_by,
            is_descending=request.descending,
            has_requestable=self._clusters.shows_requestable(request.cluster_uri),
        )
        client = await self._daemon.client()
        try:
            page = await client.resources(query)
        except TeletermError as error:
            subject = self._clusters.subject(request.cluster_uri, "list the resources")
            raise Refusal(refusals.explain(error, subject)) from None
        rows = tuple(view(one) for one in page.resources)
        return ResourcePage(rows=rows, next_key=page.next_key)

    async def _database_users(self, request: ListDatabaseUsers) -> Reply:
        client = await self._daemon.client()
        try:
            return Names(names=await client.database_users(request.database_uri))
        except TeletermError as error:
            subject = self._clusters.subject(request.database_uri, "list the users")
            raise Refusal(refusals.explain(error, subject)) from None

    async def _count(self, request: CountResources) -> Reply:
        uri = request.cluster_uri
        if uri not in self._counting:
            task = tasks.spawn(self._count_cluster(uri), name="count")
            self._counting[uri] = task
            task.add_done_callback(lambda _: self._counting.pop(uri, None))
        return Done()

    async def _count_cluster(self, uri: str) -> None:
        """Count each kind on its own, so that one that is denied doesn't hide the others."""
        counts = await asyncio.gather(*(self._count_kind(uri, kind) for kind in KINDS))
        self._tell(CountsChanged(cluster_uri=uri, counts=tuple(counts)))

    async def _count_kind(self, uri: str, kind: str) -> CountView:
        from teleterm.tshdclient.records import Query

        total, key = 0, ""
        try:
            client = await self._daemon.client()
            for _ in range(COUNT_PAGES):
                page = await client.resources(
                    Query(cluster_uri=uri, kinds=(KINDS[kind],), limit=COUNT_PAGE, start_key=key)
                )
                total += len(page.resources)
                key = page.next_key
                if not key:
                    break
        except TeletermError as error:
            failed = refusals.explain(error, self._clusters.subject(uri, "count the resources"))
            is_denied = failed.code == ErrorCode.DENIED
            return CountView(
                kind=kind, state="denied" if is_denied else "failed", problem=failed.message
            )
        return CountView(kind=kind, state="counted", count=total)

    async def _search(self, request: SearchResources) -> Reply:
        from teleterm.tshdclient.records import Query

        open_now = [one for one in self._clusters.views if one.is_logged_in and one.is_online]
        locked = tuple(
            one.uri for one in self._clusters.views if not one.is_logged_in and not one.is_leaf
        )
        kinds = wire_kinds(request.kinds)
        limit = max(1, min(request.limit_per_cluster, COUNT_PAGE))
        found = await asyncio.gather(
            *(
                self._search_one(
                    one,
                    Query(
                        cluster_uri=one.uri,
                        kinds=kinds,
                        limit=limit,
                        search=request.words,
                        has_requestable=self._clusters.shows_requestable(one.uri),
                    ),
                )
                for one in open_now
            )
        )
        rows = [row for rows, _ in found for row in rows]
        problems = [
            (one.uri, problem) for one, (_, problem) in zip(open_now, found, strict=True) if problem
        ]
        return SearchResult(rows=tuple(rows), problems=tuple(problems), locked=locked)

    async def _search_one(
        self, cluster: ClusterView, query: "Query"
    ) -> tuple[list[ResourceView], str]:
        try:
            client = await self._daemon.client()
            page = await client.resources(query)
        except TeletermError as error:
            subject = self._clusters.subject(cluster.uri, "search")
            return [], refusals.explain(error, subject).message
        return [view(one) for one in page.resources], ""

    async def all_of(self, cluster_uri: str) -> "Counter[str]":
        """How many resources of each kind a cluster has (for `--status`).

        Raises: TeletermError.
        """
        counts = await asyncio.gather(*(self._count_kind(cluster_uri, kind) for kind in KINDS))
        return Counter({one.kind: one.count for one in counts})


def wire_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The wire's names of the window's kinds; all of them when none is named.

    Raises: BadInput for a kind that doesn't exist.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise BadInput(f'There is no kind of resource "{kind}".', field="kinds", value=kind)
    return tuple(KINDS[kind] for kind in kinds) if kinds else tuple(KINDS.values())


def view(one: "Resource") -> ResourceView:
    """A resource as the window shows it."""
    return ResourceView(
        uri=one.uri,
        kind=_WINDOW_KINDS.get(one.kind, one.kind),
        name=one.name,
        cluster_uri=str(parse_cluster(one.uri)),
        address=one.address,
        is_tunnel=one.is_tunnel,
        protocol=one.protocol,
        description=one.description,
        labels=one.labels,
        logins=one.logins,
        ports=one.ports,
        requires_request=one.requires_request,
        health=one.health,
    )
