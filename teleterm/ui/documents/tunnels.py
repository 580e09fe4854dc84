"""Every local proxy of every cluster: what it leads to, where it listens, how it does."""

import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import CreateGateway, Failed, KeepTunnel, RemoveGateway, Reply
from teleterm.bridge.views import DocumentView, GatewayView, KeptTunnelView
from teleterm.ui.documents.document import MARKS, Document
from teleterm.ui.documents.emptiness import Emptiness
from teleterm.ui.documents.identity import KIND_ICONS, gateway_document, gateway_kind
from teleterm.ui.store import is_usable
from teleterm.ui.widgets.basic import frame, label
from teleterm.ui.widgets.menu import LINE, MenuItem, popup
from teleterm.ui.widgets.table import Line, Table

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

PADDING = 24
COLUMNS = (
    ("Leads to", 26), ("Cluster", 20), ("Local address", 18), ("State", 24), ("At the start", 12),
)  # fmt: skip


class TunnelsDocument(Document):
    """Widgets: `body.area.table`; Return shows a proxy's page, Delete stops it.

    Proxies that are started with teleterm stay listed while they don't run; Delete forgets those.
    """

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        look = desk.look
        body = frame(look, self, name="body")
        body.grid(row=1, column=0, sticky="nsew")
        body.grid_columnconfigure(0, weight=1)
        body.grid_rowconfigure(1, weight=1)
        head = frame(look, body, name="head")
        head.grid(
            row=0, column=0, sticky="ew", padx=look.dp(PADDING), pady=(look.dp(16), look.dp(8))
        )
        label(look, head, "Tunnels", font="h1", name="title").pack(side="left")
        self._count = label(look, head, "", font="caption", token="muted", name="count")
        self._count.pack(side="left", padx=look.dp(12), pady=(look.dp(6), 0))
        self.table = Table(look, body, name="area", columns=COLUMNS)
        self.table.grid(row=1, column=0, sticky="nsew", padx=look.dp(PADDING - 12))
        self.table.on_open = self._open
        self.table.on_delete = self._stop
        self.table.on_menu = self._menu
        self._empty = Emptiness(look, body)
        desk.store.listen("gateways", self.refresh)
        desk.store.listen("clusters", self.refresh)
        self.bind("<Destroy>", self._gone, add=True)
        self.refresh()

    def _gone(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self.desk.store.unlisten("gateways", self.refresh)
            self.desk.store.unlisten("clusters", self.refresh)

    def refresh(self) -> None:
        """Show the proxies as they are now."""
        lines = [self._line(one) for one in self.desk.store.gateways.values()]
        lines += [self._waiting_line(one) for one in self._waiting().values()]
        self.table.show(lines)
        self._count.configure(text=f"{len(lines)} shown" if lines else "")
        if lines:
            self._empty.hide()
            self.table.grid()
        else:
            self.table.grid_remove()
            self._empty.show(
                "tunnel", "Nothing listens on this computer. Connect to a database or an app.",
                "Search", lambda: self.desk.actions.run("openSearchBar"),
            )  # fmt: skip
        kept, running = len(self.desk.store.kept_tunnels), len(self.desk.store.gateways)
        self.desk.say(f"ui: tunnels shown {len(lines)} kept {kept} open {running}")

    def _waiting(self) -> dict[str, KeptTunnelView]:
        """What is started with teleterm and doesn't run now, by the keys of their rows."""
        running = {(one.target_uri, one.user) for one in self.desk.store.gateways.values()}
        return {
            f"kept:{one.user}:{one.target_uri}": one
            for one in self.desk.store.kept_tunnels
            if (one.target_uri, one.user) not in running
        }

    def _is_kept(self, one: GatewayView) -> bool:
        return any(
            (kept.target_uri, kept.user) == (one.target_uri, one.user)
            for kept in self.desk.store.kept_tunnels
        )

    def _waiting_line(self, one: KeptTunnelView) -> Line:
        """A row of a proxy that doesn't run: it waits for a login, failed, or was stopped."""
        store = self.desk.store
        cluster, root = store.cluster_of(one.target_uri), store.root_of(one.target_uri)
        is_locked = not is_usable(root, self.desk.now())
        state = one.problem or "Stopped"
        if is_locked:
            state = f"Waits for a login to {root.title}" if root is not None else "Waits"
        mark, token = MARKS["locked" if is_locked else "trouble" if one.problem else "offline"]
        return Line(
            key=f"kept:{one.user}:{one.target_uri}",
            cells=(
                _target(one.target_name, one.user, one.subresource),
                cluster.title if cluster is not None else "",
                f"127.0.0.1:{one.local_port}" if one.local_port else "",
                state,
                "Starts",
            ),
            icon=mark,
            icon_token=token,
            is_muted=True,
        )

    def _line(self, one: GatewayView) -> Line:
        cluster = self.desk.store.cluster_of(one.target_uri)
        icon = KIND_ICONS.get(gateway_kind(one), "tunnel")
        state = one.problem or "Ready"
        return Line(
            key=one.uri,
            cells=(
                _target(one.target_name, one.user, one.subresource),
                cluster.title if cluster is not None else one.cluster_uri,
                f"{one.local_address}:{one.local_port}",
                state,
                "Starts" if self._is_kept(one) else "",
            ),
            icon=MARKS["trouble"][0] if one.problem else icon,
            icon_token="danger" if one.problem else "muted",
        )

    def _open(self, key: str) -> None:
        waiting = self._waiting().get(key)
        if waiting is not None:
            self._start(waiting)
            return
        one = self.desk.store.gateways.get(key)
        view = gateway_document(one) if one is not None else None
        if view is not None:
            self.desk.opener.document(view)

    def _start(self, one: KeptTunnelView) -> None:
        """Open a proxy that is kept; the login is asked for where there is none."""
        request = CreateGateway(
            target_uri=one.target_uri,
            user=one.user,
            subresource=one.subresource,
            local_port=one.local_port,
        )

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                self.desk.opener.failed(reply, one.target_uri, lambda: self._start(one))

        self.desk.bridge.ask(request, answered)

    def _ask(self, request: RemoveGateway | KeepTunnel) -> None:
        self.desk.bridge.ask(request, lambda reply, _fd: self.desk.notices.show_reply(reply))

    def _stop(self, key: str) -> None:
        waiting = self._waiting().get(key)
        if waiting is not None:
            self._keep(waiting, is_kept=False)
        else:
            self._ask(RemoveGateway(gateway_uri=key))

    def _keep(self, one: GatewayView | KeptTunnelView, *, is_kept: bool) -> None:
        self._ask(KeepTunnel(target_uri=one.target_uri, user=one.user, is_kept=is_kept))

    def _menu(self, key: str, x_root: int, y_root: int) -> None:
        waiting = self._waiting().get(key)
        if waiting is not None:
            items = [
                MenuItem(title="Start", run=lambda: self._start(waiting)),
                MenuItem(title="Forget", run=lambda: self._keep(waiting, is_kept=False)),
            ]
            popup(self.desk.look, self, items, x_root, y_root)
            return
        one = self.desk.store.gateways.get(key)
        if one is None:
            return
        is_kept = self._is_kept(one)
        address = f"{one.local_address}:{one.local_port}"
        items = [
            MenuItem(title="Open", run=lambda: self._open(key)),
            MenuItem(title="Copy address", run=lambda: self.desk.opener.copy(address)),
            MenuItem(title="Stop", run=lambda: self._stop(key)),
        ]
        if gateway_kind(one) != "kubes":
            start = MenuItem(
                title="Start with teleterm",
                is_checked=is_kept,
                run=lambda: self._keep(one, is_kept=not is_kept),
            )
            items += [LINE, start]
        popup(self.desk.look, self, items, x_root, y_root)

    def focus_content(self) -> None:
        """The table has the keyboard."""
        self.table.focus_set()


def _target(name: str, user: str, subresource: str) -> str:
    """What a proxy leads to: name, user, and database or port."""
    words = f"{name} ({user})" if user else name
    return f"{words}:{subresource}" if subresource else words
