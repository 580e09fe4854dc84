"""The clusters: what the daemon and the profile folder know of them, as the tree shows it."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

from teleterm.bridge.contract import (
    AddCluster,
    AuthFound,
    ClusterAdded,
    ClustersChanged,
    Done,
    GetAuth,
    Logout,
    RefreshClusters,
    Reply,
    SetClusterColor,
)
from teleterm.bridge.views import AssumedView, AuthView, ClusterView
from teleterm.main import addresses, assumed, refusals
from teleterm.main.desk import Desk, Refusal, Tell
from teleterm.main.notices import Notices
from teleterm.main.profiles import Profiles
from teleterm.main.refusals import Subject
from teleterm.main.state import StateFile
from teleterm.model.errors import BadInput, TeletermError
from teleterm.model.uri import parse_cluster
from teleterm.osutil import tasks

if TYPE_CHECKING:
    from teleterm.main.daemon import Daemon
    from teleterm.tshdclient.client import TerminalClient
    from teleterm.tshdclient.records import AuthSettings, Cluster

_log = logging.getLogger("teleterm.main.clusters")
T = TypeVar("T")
COLORS = ("blue", "violet", "green", "amber", "red", "cyan", "pink")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the clusters come from; `profiles` is asked each time, since the setting may change."""

    daemon: "Daemon"
    profiles: Callable[[], Profiles]
    state: StateFile
    skips_version_check: Callable[[], bool]


class Clusters:
    """The clusters as they are now, and the requests that change them."""

    def __init__(self, sources: Sources, tell: Tell, notices: Notices) -> None:
        self._sources = sources
        self._tell = tell
        self._notices = notices
        self._views: tuple[ClusterView, ...] = ()
        self._details: dict[str, Cluster] = {}
        self._leaves: dict[str, tuple[Cluster, ...]] = {}
        self._assumed: dict[str, tuple[AssumedView, ...]] = {}
        self._problems: dict[str, str] = {}
        self._watched: set[str] = set()
        self._on_login: list[Callable[[str], Awaitable[None]]] = []
        self._on_logout: list[Callable[[str], Awaitable[None]]] = []
        self._refreshing: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(AddCluster, self._add)
        desk.on(GetAuth, self._get_auth)
        desk.on(Logout, self._logout)
        desk.on(RefreshClusters, self._refresh)
        desk.on(SetClusterColor, self._set_color)

    def on_logout(self, heard: Callable[[str], Awaitable[None]]) -> None:
        """Call `heard` with the root cluster's address after each logout."""
        self._on_logout.append(heard)

    def on_login(self, heard: Callable[[str], Awaitable[None]]) -> None:
        """Call `heard` with a root cluster's address once it is seen to be logged in."""
        self._on_login.append(heard)

    @property
    def views(self) -> tuple[ClusterView, ...]:
        """All clusters, each root followed by its leaves."""
        return self._views

    def find(self, uri_text: str) -> ClusterView | None:
        """The cluster that a cluster's or resource's address belongs to."""
        try:
            uri = str(parse_cluster(uri_text))
        except BadInput:
            return None
        return next((view for view in self._views if view.uri == uri), None)

    def shows_requestable(self, uri_text: str) -> bool:
        """Whether lists of a cluster may hold what one must ask for."""
        details = self._details.get(str(parse_cluster(uri_text).root))
        return details is None or details.shows_requestable

    def title_of(self, uri_text: str) -> str:
        """The name of a cluster for people; its address when it isn't known."""
        view = self.find(uri_text)
        return view.title if view else uri_text.removeprefix("/clusters/").split("/")[0]

    def subject(self, uri_text: str, action: str, *, name: str = "") -> Subject:
        """What the texts of failures say about this cluster."""
        view = self.find(uri_text)
        return Subject(
            action=action,
            cluster=self.title_of(uri_text),
            host=view.proxy_host if view else "",
            name=name,
            ended_at=view.expires_at if view else 0,
        )

    def web_address(self, uri_text: str) -> str:
        """The `host:port` of a root cluster's proxy."""
        profile = parse_cluster(uri_text).profile
        view = self.find(f"/clusters/{profile}")
        known = view.proxy_host if view else ""
        return known or self._sources.profiles().read(profile).web_address or profile

    async def refresh(self) -> None:
        """Ask the daemon again, so that what is known is no older than this call.

        A round that runs already may have asked before something changed, a login for example:
        everybody who comes meanwhile shares the one after it.
        """
        running = self._refreshing
        if running is None or running.done():
            self._refreshing = tasks.spawn(self._refresh_once(), name="refresh clusters")
            await asyncio.shield(self._refreshing)
            return
        if self._following is None:
            self._following = tasks.spawn(self._refresh_after(running), name="refresh clusters")
        await asyncio.shield(self._following)

    async def _refresh_after(self, running: "asyncio.Task[None]") -> None:
        await asyncio.wait([running])
        self._refreshing, self._following = self._following, None
        await self._refresh_once()

    def forget_watchers(self) -> None:
        """A new daemon watches nothing yet."""
        self._watched.clear()

    def announce(self) -> None:
        """Tell the window how clusters are now (a login ended with time, a colour changed)."""
        now = time.time()
        self._views = tuple(
            structs.replace(view, is_logged_in=False)
            if view.is_logged_in and 0 < view.expires_at <= now
            else view
            for view in self._views
        )
        self._tell(ClustersChanged(clusters=self._views))

    async def _refresh_once(self) -> None:
        client = await self._sources.daemon.client()
        self._tidy()
        roots = await client.root_clusters()
        self._rebuild(roots)
        await asyncio.gather(*(self._sync(client, one) for one in roots if one.is_connected))
        self._rebuild(roots)

    def _tidy(self) -> None:
        """Set profile files that are damaged aside and name them, so that the rest loads."""
        for place in self._sources.profiles().set_damaged_aside():
            name = place.name.split(".yaml")[0]
            _log.warning("set the damaged profile of %s aside as %s", name, place)
            self._notices.warning(
                f"The profile of {name} was damaged.",
                f"It is kept as {place.name}; add the cluster again to log in.",
                key=f"profile-{name}",
            )

    async def _sync(self, client: "TerminalClient", root: "Cluster") -> None:
        """Details and leaves of a root that is logged in; a failure marks that row only."""
        self._problems.pop(root.uri, None)
        details, leaves = await asyncio.gather(
            _or_failure(client.cluster(root.uri)), _or_failure(client.leaf_clusters(root.uri))
        )
        for found in (details, leaves):
            if isinstance(found, TeletermError):
                failed = refusals.explain(found, self.subject(root.uri, "read this cluster"))
                self._problems[root.uri] = failed.message
        if not isinstance(details, TeletermError):
            self._details[root.uri] = details
            self._assumed[root.uri] = await assumed.of(client, details)
        if not isinstance(leaves, TeletermError):
            self._leaves[root.uri] = leaves
        if root.uri not in self._watched:
            self._watched.add(root.uri)
            with contextlib.suppress(TeletermError):
                await client.start_headless_watcher(root.uri)

    def _rebuild(self, roots: "tuple[Cluster, ...]") -> None:
        views: list[ClusterView] = []
        for root in sorted(roots, key=lambda one: one.uri):
            view = self._root_view(root)
            views.append(view)
            views += [self._leaf_view(view, leaf) for leaf in self._leaves.get(root.uri, ())]
        changed = tuple(views)
        if changed != self._views:
            before = {view.uri for view in self._views if view.is_logged_in}
            self._views = changed
            self._tell(ClustersChanged(clusters=changed))
            for view in changed:
                if view.is_logged_in and not view.is_leaf and view.uri not in before:
                    self._logged_in(view.uri)

    def _logged_in(self, uri: str) -> None:
        for heard in self._on_login:
            tasks.spawn(_call(heard, uri), name="after a login")

    def _root_view(self, root: "Cluster") -> ClusterView:
        name = parse_cluster(root.uri).profile
        profiles = self._sources.profiles()
        profile = profiles.read(name)
        address = root.proxy_host or profile.web_address or name
        details = self._details.get(root.uri, root) if root.is_connected else root
        user = root.user or profile.user
        ends = profiles.expires_at(name, user) if user else 0
        problem = root.problem.splitlines()[0] if root.problem else ""
        return ClusterView(
            uri=root.uri,
            root_uri=root.uri,
            name=root.name,
            title=address.removesuffix(":443"),
            proxy_host=address,
            user=user if root.user or ends else "",
            is_logged_in=root.is_connected,
            expires_at=ends,
            problem=problem or self._problems.get(root.uri, ""),
            color=self._color(root.uri),
            roles=details.roles,
            server_version=details.proxy_version,
            assumed=self._assumed.get(root.uri, ()) if root.is_connected else (),
            reviewers=details.reviewers,
        )

    def _leaf_view(self, root: ClusterView, leaf: "Cluster") -> ClusterView:
        return ClusterView(
            uri=leaf.uri,
            root_uri=root.uri,
            name=leaf.name,
            title=leaf.name,
            proxy_host=root.proxy_host,
            user=leaf.user or root.user,
            is_leaf=True,
            is_logged_in=root.is_logged_in,
            is_online=leaf.is_connected,
            expires_at=root.expires_at,
            color=self._color(root.uri),
            roles=leaf.roles,
            server_version=leaf.proxy_version,
        )

    def _color(self, uri: str) -> str:
        colors = self._sources.state.state.colors
        if uri not in colors:
            colors[uri] = COLORS[len(colors) % len(COLORS)]
            self._sources.state.changed()
        return colors[uri]

    async def _add(self, request: AddCluster) -> Reply:
        address = addresses.parse(request.address)
        client = await self._sources.daemon.client()
        try:
            added = await client.add_cluster(address)
        except TeletermError as error:
            subject = Subject(action=f"add {address}", cluster=address, host=address, name=address)
            raise Refusal(structs.replace(refusals.explain(error, subject), field="address")) from (
                None
            )
        await self.refresh()
        view = self.find(added.uri) or self._root_view(added)
        return ClusterAdded(cluster=view)

    async def _get_auth(self, request: GetAuth) -> Reply:
        client = await self._sources.daemon.client()
        try:
            found = await client.auth_settings(request.cluster_uri)
        except TeletermError as error:
            subject = self.subject(request.cluster_uri, "ask how to log in")
            raise Refusal(refusals.explain(error, subject)) from None
        view = self.find(request.cluster_uri)
        return AuthFound(auth=self._auth_view(request.cluster_uri, found, view))

    def _auth_view(self, uri: str, found: "AuthSettings", view: ClusterView | None) -> AuthView:
        warning = ""
        is_checked = not self._sources.skips_version_check()
        if is_checked and found.client_status in {"too_old", "too_new"}:
            warning = (
                f"{self.title_of(uri)} runs {found.server_version}, this tsh is"
                f" {found.client_version}. Some things may not work."
            )
        return AuthView(
            cluster_uri=uri,
            cluster_name=(view.name or view.title) if view else "",
            is_local_allowed=found.is_local_enabled,
            auth_type=found.auth_type,
            second_factors=("code", "key"),
            connectors=tuple((one.type, one.name, one.display_name) for one in found.providers),
            has_passwordless=found.is_passwordless_allowed,
            user=view.user if view else "",
            version_warning=warning,
        )

    async def _logout(self, request: Logout) -> Reply:
        client = await self._sources.daemon.client()
        root = str(parse_cluster(request.cluster_uri).root)
        try:
            await client.logout(root)
            if request.forget:
                await client.remove_cluster(root)
        except TeletermError as error:
            raise Refusal(refusals.explain(error, self.subject(root, "log out"))) from None
        self._leaves.pop(root, None)
        self._details.pop(root, None)
        self._assumed.pop(root, None)
        self._problems.pop(root, None)
        self._watched.discard(root)
        for heard in self._on_logout:
            await heard(root)
        await self.refresh()
        return Done()

    async def _refresh(self, request: RefreshClusters) -> Reply:
        try:
            await self.refresh()
        except TeletermError as error:
            return refusals.explain(error, Subject(action="list the clusters"))
        return Done()

    async def _set_color(self, request: SetClusterColor) -> Reply:
        if request.color not in COLORS:
            raise BadInput(f'There is no colour "{request.color}".', field="color")
        self._sources.state.state.colors[request.cluster_uri] = request.color
        self._sources.state.changed()
        self._views = tuple(
            structs.replace(view, color=request.color)
            if view.root_uri == request.cluster_uri
            else view
            for view in self._views
        )
        self.announce()
        return Done()


async def _call(heard: Callable[[str], Awaitable[None]], uri: str) -> None:
    await heard(uri)


async def _or_failure(call: Awaitable[T]) -> T | TeletermError:
    """The result of a call, or why there is none."""
    try:
        return await call
    except TeletermError as error:
        _log.warning("a call of the daemon failed: %s", error.message)
        return error
