"""Every local proxy of every cluster: what it leads to, where it listens, how it does."""

import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, RemoveGateway, Reply
from teleterm.bridge.views import DocumentView, GatewayView
from teleterm.ui.documents.document import MARKS, Document
from teleterm.ui.documents.emptiness import Emptiness
from teleterm.ui.documents.identity import KIND_ICONS, gateway_document, gateway_kind
from teleterm.ui.widgets.basic import frame, label
from teleterm.ui.widgets.menu import MenuItem, popup
from teleterm.ui.widgets.table import Line, Table

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

PADDING = 24
COLUMNS = (("Leads to", 26), ("Cluster", 22), ("Local address", 22), ("State", 30))


class TunnelsDocument(Document):
    """Widgets: `body.area.table`; Return shows a proxy's page, Delete stops it."""

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
        gateways = self.desk.store.gateways
        self.table.show([self._line(one) for one in gateways.values()])
        self._count.configure(text=f"{len(gateways)} shown" if gateways else "")
        if gateways:
            self._empty.hide()
            self.table.grid()
        else:
            self.table.grid_remove()
            self._empty.show(
                "tunnel", "Nothing listens on this computer. Connect to a database or an app.",
                "Search", lambda: self.desk.actions.run("openSearchBar"),
            )  # fmt: skip
        self.desk.say(f"ui: tunnels shown {len(gateways)}")

    def _line(self, one: GatewayView) -> Line:
        cluster = self.desk.store.cluster_of(one.target_uri)
        icon = KIND_ICONS.get(gateway_kind(one), "tunnel")
        target = f"{one.target_name} ({one.user})" if one.user else one.target_name
        state = one.problem or "Ready"
        return Line(
            key=one.uri,
            cells=(
                f"{target}:{one.subresource}" if one.subresource else target,
                cluster.title if cluster is not None else one.cluster_uri,
                f"{one.local_address}:{one.local_port}",
                state,
            ),
            icon=MARKS["trouble"][0] if one.problem else icon,
            icon_token="danger" if one.problem else "muted",
        )

    def _open(self, key: str) -> None:
        one = self.desk.store.gateways.get(key)
        view = gateway_document(one) if one is not None else None
        if view is not None:
            self.desk.opener.document(view)

    def _stop(self, key: str) -> None:
        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                self.desk.notices.show_failed(reply)

        self.desk.bridge.ask(RemoveGateway(gateway_uri=key), answered)

    def _menu(self, key: str, x_root: int, y_root: int) -> None:
        one = self.desk.store.gateways.get(key)
        if one is None:
            return
        address = f"{one.local_address}:{one.local_port}"
        items = [
            MenuItem(title="Open", run=lambda: self._open(key)),
            MenuItem(title="Copy address", run=lambda: self.desk.opener.copy(address)),
            MenuItem(title="Stop", run=lambda: self._stop(key)),
        ]
        popup(self.desk.look, self, items, x_root, y_root)

    def focus_content(self) -> None:
        """The table has the keyboard."""
        self.table.focus_set()
