"""The line at the bottom: where one is, and as whom for how long."""

import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge.views import ClusterView
from teleterm.ui.shell.assumed_chip import AssumedChip
from teleterm.ui.store import login_state
from teleterm.ui.widgets.basic import label

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

HEIGHT = 26


class StatusBar(tk.Frame):
    """Labels named `crumbs`, `status`, `user`; the chip `assumed`."""

    def __init__(self, desk: "Desk", parent: tk.Misc) -> None:
        super().__init__(
            parent, name="status", height=desk.look.dp(HEIGHT), borderwidth=0, highlightthickness=0
        )
        self._desk = desk
        look = desk.look
        self.pack_propagate(False)
        self._crumbs = label(
            look, self, font="caption", token="muted", surface="base", name="crumbs"
        )
        self._crumbs.pack(side="left", padx=(look.dp(12), 0))
        self._user = label(look, self, font="caption", token="muted", surface="base", name="user")
        self._user.pack(side="right", padx=(look.dp(16), look.dp(12)))
        self._status = label(
            look, self, font="caption", token="muted", surface="base", name="state"
        )
        self._assumed = AssumedChip(desk, self)
        self._status.pack(side="right")
        self._alarm = label(
            look, self, font="captionBold", token="danger", surface="base", name="alarm"
        )
        look.follow(self, lambda: self.configure(background=look.color("base")))
        for topic in ("tabs", "clusters", "daemon"):
            desk.store.listen(topic, self.refresh)
        self._each_minute()

    def _each_minute(self) -> None:
        self.after(30_000, self._each_minute)
        self.refresh()

    def refresh(self) -> None:
        """Say where the active document is."""
        desk, look = self._desk, self._desk.look
        active = desk.tabs.active if hasattr(desk, "tabs") else None
        crumbs = active.crumbs() if active is not None else ("Home",)
        self._crumbs.configure(text=look.clean("  ›  ".join(crumbs), 200))
        words = look.clean(active.status(), 120) if active is not None else ""
        if desk.store.daemon_state == "starting":
            words = "Starting tsh…"
        self._status.configure(text=words)
        alarm = look.clean(active.alarm, 120) if active is not None else ""
        self._alarm.configure(text=alarm)
        if alarm:
            self._alarm.pack(side="right", padx=(0, look.dp(12) if words else 0))
        else:
            self._alarm.pack_forget()
        root = self._root_of(active.cluster_uri if active else "")
        self._user.configure(text=self._user_text(root))
        self._assumed.show(root)

    def _root_of(self, cluster_uri: str) -> ClusterView | None:
        """The cluster of the document in front, else the one last used."""
        desk = self._desk
        cluster = desk.store.root_of(cluster_uri) if cluster_uri else None
        if cluster is None:
            current = desk.store.current_cluster()
            cluster = desk.store.root_of(current.uri) if current is not None else None
        return cluster

    def _user_text(self, cluster: ClusterView | None) -> str:
        desk = self._desk
        if cluster is None:
            return "Demo" if desk.store.is_demo else ""
        left, _token = login_state(cluster, desk.now())
        parts = [desk.look.clean(part, 80) for part in (cluster.user, left) if part]
        return " · ".join(parts)
