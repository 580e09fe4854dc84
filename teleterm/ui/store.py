"""What the window knows: the latest views that main sent, and who wants to hear of changes."""

import time
from collections.abc import Callable
from typing import Literal

from teleterm.bridge.contract import Welcome
from teleterm.bridge.views import (
    ClusterView,
    CountView,
    GatewayView,
    KeptTunnelView,
    LayoutView,
    RecentView,
    SettingsView,
    UpdateView,
)

Topic = Literal["clusters", "counts", "gateways", "recent", "settings", "daemon", "tabs", "update"]
EXPIRES_SOON_S = 30 * 60


class Store:
    """Views by their address; `listen` calls back after each change of a topic."""

    def __init__(self) -> None:
        self._listeners: dict[Topic, list[Callable[[], object]]] = {}
        self.settings = SettingsView()
        self.layout = LayoutView()
        self.clusters: dict[str, ClusterView] = {}
        self.counts: dict[str, dict[str, CountView]] = {}
        self.gateways: dict[str, GatewayView] = {}
        self.kept_tunnels: tuple[KeptTunnelView, ...] = ()
        self.recent: tuple[RecentView, ...] = ()
        self.versions: dict[str, str] = {}
        self.update = UpdateView()
        self.shared_profiles = 0
        self.is_demo = False
        self.is_whole = False
        self.daemon_state: str = "starting"
        self.daemon_message = ""
        self.daemon_log = ""
        self.last_used_cluster = ""

    def listen(self, topic: Topic, callback: Callable[[], object]) -> None:
        """Call back after each change of a topic."""
        self._listeners.setdefault(topic, []).append(callback)

    def unlisten(self, topic: Topic, callback: Callable[[], object]) -> None:
        """Stop calling back."""
        listeners = self._listeners.get(topic, [])
        if callback in listeners:
            listeners.remove(callback)

    def changed(self, topic: Topic) -> None:
        """Tell the listeners of a topic."""
        for callback in list(self._listeners.get(topic, ())):
            callback()

    def take(self, welcome: Welcome) -> None:
        """Everything at once, at the start."""
        self.settings, self.layout = welcome.settings, welcome.layout
        self.clusters = {cluster.uri: cluster for cluster in welcome.clusters}
        self.gateways = {gateway.uri: gateway for gateway in welcome.gateways}
        self.kept_tunnels = welcome.kept_tunnels
        self.recent, self.versions = welcome.recent, welcome.versions
        self.set_update(welcome.update)
        self.shared_profiles, self.is_demo = welcome.shared_profiles, welcome.is_demo
        self.is_whole, self.daemon_state = welcome.is_whole, welcome.daemon_state
        topics: tuple[Topic, ...] = ("settings", "clusters", "gateways", "recent", "daemon")
        for topic in topics:
            self.changed(topic)

    def set_clusters(self, clusters: tuple[ClusterView, ...]) -> None:
        """All clusters as they are now."""
        self.clusters = {cluster.uri: cluster for cluster in clusters}
        self.changed("clusters")

    def set_counts(self, cluster_uri: str, counts: tuple[CountView, ...]) -> None:
        """The counts of one cluster."""
        known = dict(self.counts.get(cluster_uri, {}))
        known.update({count.kind: count for count in counts})
        self.counts[cluster_uri] = known
        self.changed("counts")

    def set_gateways(self, gateways: tuple[GatewayView, ...]) -> None:
        """All gateways as they are now."""
        self.gateways = {gateway.uri: gateway for gateway in gateways}
        self.changed("gateways")

    def set_update(self, update: UpdateView) -> None:
        """Where updates stand now."""
        self.update = update
        self.changed("update")

    def roots(self) -> list[ClusterView]:
        """The root clusters in the order main gave them."""
        return [cluster for cluster in self.clusters.values() if not cluster.is_leaf]

    def leaves(self, root_uri: str) -> list[ClusterView]:
        """The leaves of a root."""
        return [c for c in self.clusters.values() if c.is_leaf and c.root_uri == root_uri]

    def root_of(self, cluster_uri: str) -> ClusterView | None:
        """The root of any cluster, or of any resource below it."""
        cluster = self.cluster_of(cluster_uri)
        return self.clusters.get(cluster.root_uri or cluster.uri) if cluster else None

    def cluster_of(self, uri: str) -> ClusterView | None:
        """The cluster that an address belongs to; the longest match, so that leaves win."""
        parts = uri.split("/")
        for length in (5, 3):
            found = self.clusters.get("/".join(parts[:length]))
            if found is not None:
                return found
        return None

    def current_cluster(self) -> ClusterView | None:
        """The cluster last used, else the first that is logged in, else the first."""
        last = self.clusters.get(self.last_used_cluster)
        if last is not None:
            return last
        roots = self.roots()
        return next((root for root in roots if root.is_logged_in), roots[0] if roots else None)


def time_left(expires_at: float, now: float) -> str:
    """How long a login lasts, short: `7h 12m`, `14m`, `expired`."""
    left = int(expires_at - now)
    if left <= 0:
        return "expired"
    hours, minutes = left // 3600, left % 3600 // 60
    return f"{hours}h {minutes:02d}m" if hours else f"{max(1, minutes)}m"


def login_state(cluster: ClusterView, now: float) -> tuple[str, str]:
    """What stands at the right of a root's row, and in which token's colour."""
    if cluster.problem:
        return "", "danger"
    if cluster.expires_at and cluster.expires_at <= now:
        return "expired", "warning"
    if not cluster.is_logged_in:
        return "log in", "warning"
    if not cluster.expires_at:
        return "", "muted"
    is_soon = cluster.expires_at - now < EXPIRES_SOON_S
    return time_left(cluster.expires_at, now), "warning" if is_soon else "muted"


def locked_text(cluster: ClusterView | None, now: float, title: str) -> str:
    """What the banner of a locked page says; `title` is the root's name, fit to draw."""
    if cluster is None or not 0 < cluster.expires_at <= now:
        return f"Log in to {title} to go on."
    at = time.strftime("%H:%M", time.localtime(cluster.expires_at))
    return f"Your login on {title} ended at {at}. Log in to go on."


def is_usable(cluster: ClusterView | None, now: float) -> bool:
    """Whether a root's login is valid."""
    if cluster is None or not cluster.is_logged_in:
        return False
    return not cluster.expires_at or cluster.expires_at > now
