"""The tree at the left: what was used recently, and the clusters with what they hold."""

import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import ChangeRecent, CountResources
from teleterm.bridge.views import ClusterView, CountView, RecentView
from teleterm.ui.documents.document import MARKS
from teleterm.ui.documents.identity import KIND_ICONS, KIND_TITLES, icon_of, key_of
from teleterm.ui.shell import sidebar_menus
from teleterm.ui.store import is_usable, login_state
from teleterm.ui.widgets.rowlist import Row, RowList

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MANY = 999
NOTHING = "What you open shows up here."
STALE_COUNTS_S = 60
RECENT, CLUSTERS, ADD = "section:recent", "section:clusters", "add"


class Sidebar(tk.Frame):
    """Rows by key: `recent:<key>`, `cluster:<uri>`, `kind:<kind>:<cluster uri>`."""

    def __init__(self, desk: "Desk", parent: tk.Misc) -> None:
        super().__init__(parent, name="sidebar", borderwidth=0, highlightthickness=0)
        self._desk = desk
        compact = desk.store.settings.ui_density == "compact"
        self.tree = RowList(desk.look, self, name="tree", row_height=24 if compact else 28)
        self.tree.pack(fill="both", expand=True, pady=(desk.look.dp(4), 0))
        self.open_nodes: set[str] = set(desk.store.layout.open_nodes)
        self._asked: dict[str, float] = {}
        self._closed_sections: set[str] = set()
        self.tree.on_open = self._open
        self.tree.on_second = lambda key: self._open(key, is_again=True)
        self.tree.on_fold = self._fold
        self.tree.on_delete = self._delete
        self.tree.on_menu = self._menu
        self.tree.on_escape = self._leave
        desk.look.follow(self, lambda: self.configure(background=desk.look.color("base")))
        store = desk.store
        for topic in ("clusters", "counts", "recent", "tabs", "gateways"):
            store.listen(topic, self._later)
        self._after = ""
        self._minute = self.after(30_000, self._each_minute)

    def _each_minute(self) -> None:
        self._minute = self.after(30_000, self._each_minute)
        self.refresh()

    def _later(self) -> None:
        if not self._after:
            self._after = self.after_idle(self.refresh)

    def refresh(self) -> None:
        """Draw the rows that the store has now."""
        self._after = ""
        self.tree.set_rows(self._rows())
        self._ask_counts()

    def reveal(self, cluster_uri: str) -> None:
        """Unfold a cluster and select it."""
        cluster = self._desk.store.clusters.get(cluster_uri)
        if cluster is None:
            return
        self.open_nodes |= {f"cluster:{cluster.uri}", f"cluster:{cluster.root_uri}"}
        self.refresh()
        self.tree.select(f"cluster:{cluster_uri}")

    # Rows

    def _rows(self) -> list[Row]:
        store = self._desk.store
        rows = [self._section(RECENT, "Recently used")]
        if RECENT not in self._closed_sections:
            has_many = len(store.roots()) > 1
            rows += [self._recent(recent, has_many=has_many) for recent in store.recent]
            if not store.recent:
                rows.append(Row(key="", kind="message", title=NOTHING, title_token="muted"))
        rows.append(self._section(CLUSTERS, "Clusters"))
        if CLUSTERS not in self._closed_sections:
            for root in store.roots():
                rows += self._cluster(root, 0)
            rows.append(Row(key=ADD, title="Add cluster", icon="plus", title_token="sec"))
        return rows

    def _section(self, key: str, title: str) -> Row:
        is_closed = key in self._closed_sections
        return Row(key=key, title=title, kind="section", fold="closed" if is_closed else "open")

    def _recent(self, recent: RecentView, *, has_many: bool) -> Row:
        look = self._desk.look
        state, hint = self._recent_state(recent)
        mark, token = MARKS[state]
        title = look.clean(recent.title, 120)
        return Row(
            key=f"recent:{recent.key}",
            title=title,
            mark=mark,
            mark_token=token,
            icon=icon_of(recent.document),
            icon_token="muted",
            title_token="text" if state in {"live", "working"} else "sec",
            second=look.clean(recent.cluster_title, 60) if has_many else "",
            right="pinned" if recent.is_pinned else "",
            hint=hint or " · ".join(filter(None, (title, look.clean(recent.cluster_title)))),
        )

    def _recent_state(self, recent: RecentView) -> tuple[str, str]:
        document = self._desk.tabs.by_key(key_of(recent.document))
        if document is not None and document.state:
            return document.state, self._desk.look.clean(document.status())
        fields = recent.document.fields
        for gateway in self._desk.store.gateways.values():
            same = gateway.target_uri == fields.get("target_uri") and gateway.user == fields.get(
                "user"
            )
            if same:
                return ("trouble", gateway.problem) if gateway.problem else ("live", "")
        root = self._desk.store.root_of(recent.cluster_uri) if recent.cluster_uri else None
        if root is not None and not is_usable(root, self._desk.now()):
            return "locked", "Its cluster needs a login"
        return "offline", ""

    def _cluster(self, cluster: ClusterView, indent: int) -> list[Row]:
        look, store = self._desk.look, self._desk.store
        key = f"cluster:{cluster.uri}"
        is_open = key in self.open_nodes
        root = store.root_of(cluster.uri) or cluster
        usable = is_usable(root, self._desk.now())
        right, token = ("", "muted") if cluster.is_leaf else login_state(cluster, self._desk.now())
        if cluster.is_leaf and not cluster.is_online:
            right = "offline"
        row = Row(
            key=key,
            title=self._cluster_title(cluster),
            icon="leaf" if cluster.is_leaf else "",
            mark="mark_trouble" if cluster.problem else "",
            mark_token="danger",
            title_token="text" if usable else "muted",
            is_bold=not cluster.is_leaf,
            right=right,
            right_token=token,
            indent=indent,
            fold=("open" if is_open else "closed") if usable else "",
            bar="" if cluster.is_leaf else look.cluster_color(cluster.color),
            hint=look.clean(cluster.problem) or self._cluster_hint(cluster),
        )
        if not is_open or not usable:
            return [row]
        kinds = [self._kind(cluster, kind, indent + 1) for kind in cluster.kinds]
        rows = [row, *(kind for kind in kinds if kind is not None)]
        if not cluster.is_leaf:
            rows.append(self._requests(cluster, indent + 1))
            rows += self._tunnels(cluster, indent + 1)
        for leaf in store.leaves(cluster.uri) if not cluster.is_leaf else []:
            rows += self._cluster(leaf, indent + 1)
        return rows

    def _cluster_title(self, cluster: ClusterView) -> str:
        same = [c for c in self._desk.store.roots() if c.title == cluster.title]
        title = self._desk.look.clean(cluster.title, 120)
        return f"{title} ({self._desk.look.clean(cluster.user, 60)})" if len(same) > 1 else title

    def _cluster_hint(self, cluster: ClusterView) -> str:
        look = self._desk.look
        parts = [look.clean(cluster.name or cluster.title)]
        if cluster.user:
            parts.append(f"as {look.clean(cluster.user)}")
        if cluster.server_version:
            parts.append(look.clean(cluster.server_version))
        return " · ".join(parts)

    def _kind(self, cluster: ClusterView, kind: str, indent: int) -> Row | None:
        count = self._desk.store.counts.get(cluster.uri, {}).get(kind)
        if kind not in KIND_TITLES or (count is not None and count.state == "denied"):
            return None
        return _child(
            f"kind:{kind}:{cluster.uri}",
            KIND_TITLES[kind],
            KIND_ICONS[kind],
            indent,
            right=_count_text(count),
            hint=self._desk.look.clean(count.problem) if count is not None else "",
        )

    def _requests(self, root: ClusterView, indent: int) -> Row:
        return _child(f"requests:{root.uri}", "Access requests", "ticks", indent)

    def _tunnels(self, root: ClusterView, indent: int) -> list[Row]:
        """A row for the tunnels into a cluster and its leaves, while there are any."""
        store, below = self._desk.store, f"{root.uri}/"
        count = sum(one.target_uri.startswith(below) for one in store.gateways.values())
        if not count and not any(one.target_uri.startswith(below) for one in store.kept_tunnels):
            return []
        return [_child(f"tunnels:{root.uri}", "Tunnels", "tunnel", indent, right=str(count))]

    # Counts

    def _ask_counts(self) -> None:
        """Count what is unfolded and wasn't counted for a while."""
        store, now = self._desk.store, self._desk.now()
        for cluster in store.clusters.values():
            is_open = f"cluster:{cluster.uri}" in self.open_nodes
            if not is_open or not is_usable(store.root_of(cluster.uri), now):
                self._asked.pop(cluster.uri, None)
            elif now - self._asked.get(cluster.uri, 0) > STALE_COUNTS_S:
                self._asked[cluster.uri] = now
                self._desk.bridge.ask(CountResources(cluster_uri=cluster.uri))

    # What happens

    def _open(self, key: str, *, is_again: bool = False) -> None:
        kind, _, rest = key.partition(":")
        store, opener = self._desk.store, self._desk.opener
        if key == ADD:
            self._desk.dialogs.add_cluster()
        elif kind == "recent":
            recent = next((r for r in store.recent if r.key == rest), None)
            if recent is not None:
                opener.document(recent.document, is_again=is_again)
        elif kind == "kind":
            name, _, uri = rest.partition(":")
            opener.resources(uri, (name,))
        elif kind == "requests":
            opener.requests(rest)
        elif kind == "tunnels":
            self._desk.actions.run("tunnels")
        elif kind == "cluster":
            self._open_cluster(rest)

    def _open_cluster(self, uri: str) -> None:
        cluster = self._desk.store.clusters.get(uri)
        if cluster is None:
            return
        if not is_usable(self._desk.store.root_of(uri), self._desk.now()):
            self._desk.dialogs.login(cluster.root_uri)
        else:
            self._fold(f"cluster:{uri}")

    def _fold(self, key: str) -> None:
        if key.startswith("section:"):
            self._closed_sections ^= {key}
        else:
            self.open_nodes ^= {key}
            self._desk.tabs.on_layout()
        self.refresh()

    def _delete(self, key: str) -> None:
        if not key.startswith("recent:"):
            return
        recent = next((r for r in self._desk.store.recent if f"recent:{r.key}" == key), None)
        if recent is None:
            return
        document = self._desk.tabs.by_key(key_of(recent.document))
        if document is not None and document.is_live:
            self._desk.tabs.close(document)
        else:
            self._desk.bridge.ask(ChangeRecent(key=recent.key, change="remove"))

    def _menu(self, key: str, x: int, y: int) -> None:
        sidebar_menus.show(self._desk, self.tree, key, x, y)

    def _leave(self) -> None:
        active = self._desk.tabs.active
        if active is not None:
            active.focus_content()


def _child(key: str, title: str, icon: str, indent: int, *, right: str = "", hint: str = "") -> Row:
    """A row below a cluster that leads to a page."""
    return Row(
        key=key,
        title=title,
        icon=icon,
        icon_token="muted",
        title_token="sec",
        indent=indent + 1,
        right=right,
        hint=hint,
    )


def _count_text(count: CountView | None) -> str:
    if count is None:
        return ""
    if count.state == "counting":
        return "…"
    if count.state == "failed":
        return "?"
    return f"{MANY}+" if count.count > MANY else str(count.count)
