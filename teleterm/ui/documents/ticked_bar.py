"""The bar below a table of resources, while some of them are ticked: what to do with them all."""

from typing import TYPE_CHECKING

from teleterm.bridge.views import ResourceView
from teleterm.ui.documents.identity import ssh_document
from teleterm.ui.documents.resource_table import ResourceTable
from teleterm.ui.panes.kept import MAX_PANES, panes_view
from teleterm.ui.widgets.basic import button, divider, frame, label

if TYPE_CHECKING:
    import tkinter as tk

    from teleterm.ui.desk import Desk

MANY = 5
"""More tabs than this are opened only after a question."""
PADDING = 24


class TickedBar:
    """`.ticked.line`: label `count`, buttons `request`, `open`, `splits`, `none`."""

    def __init__(self, desk: "Desk", parent: "tk.Misc", table: ResourceTable, row: int) -> None:
        self._desk, self._table, self._row = desk, table, row
        look = desk.look
        self._box = frame(look, parent, name="ticked")
        divider(look, self._box).pack(fill="x")
        line = frame(look, self._box, name="line")
        line.pack(fill="x", padx=look.dp(PADDING), pady=look.dp(8))
        self._count = label(look, line, "", token="sec", name="count")
        self._count.pack(side="left")
        self._request = button(
            look, line, "Request access", self._ask, name="request", kind="Primary"
        )
        self._open = button(look, line, "Open all", self._open_all, name="open")
        self._splits = button(look, line, "Open all in splits", self._open_splits, name="splits")
        self._none = button(look, line, "Untick", table.untick_all, name="none", kind="Link")
        table.on_ticked = self.refresh

    def refresh(self) -> None:
        """Show the bar as the ticks are now."""
        ticked = list(self._table.ticked.values())
        if not ticked:
            had_focus = str(self._desk.root.focus_get() or "").startswith(f"{self._box}.")
            self._box.grid_remove()
            if had_focus:
                self._table.tree.focus_set()
        else:
            self._box.grid(row=self._row, column=0, sticky="ew")
        closed, servers = self._closed(), self._servers()
        self._count.configure(text=f"{len(ticked)} ticked")
        wanted = (
            (self._request, bool(closed)),
            (self._open, len(ticked) > len(closed)),
            (self._splits, len(servers) > 1),
            (self._none, True),
        )
        for made, is_wanted in wanted:
            made.pack_forget()
            if is_wanted:
                made.pack(side="left", padx=(self._desk.look.dp(12), 0))
        self._desk.say(f"ui: resources ticked {len(ticked)}")

    def _closed(self) -> tuple[ResourceView, ...]:
        return tuple(one for one in self._table.ticked.values() if one.requires_request)

    def _reachable(self) -> list[ResourceView]:
        return [one for one in self._table.ticked.values() if not one.requires_request]

    def _servers(self) -> list[ResourceView]:
        return [one for one in self._reachable() if one.kind == "servers"]

    def _ask(self) -> None:
        closed = self._closed()
        if closed:
            self._desk.dialogs.request_access(
                closed[0].cluster_uri, closed, on_done=self._table.untick_all
            )

    def _open_all(self) -> None:
        rows = self._reachable()

        def go() -> None:
            self._table.untick_all()
            for row in rows:
                self._open_one(row)

        if len(rows) > MANY:
            self._desk.dialogs.confirm(
                "dlg_open_all", f"Open {len(rows)} tabs?", "Open all", go,
                text="Each of them connects at once.",
            )  # fmt: skip
        else:
            go()

    def _open_one(self, row: ResourceView) -> None:
        names = self._desk.opener.names_for(row)
        if row.kind in {"servers", "desktops"} and names:
            self._desk.opener.connect_as(row, names[0])
        else:
            self._desk.opener.connect(row)

    def _open_splits(self) -> None:
        """Shells on all ticked servers in one tab, as a start for broadcast."""
        views = []
        for row in self._servers()[:MAX_PANES]:
            names = self._desk.opener.names_for(row)
            if names:
                views.append(ssh_document(row, names[0]))
        if views:
            self._table.untick_all()
            self._desk.tabs.open(panes_view(views, title=f"{len(views)} servers"), is_again=True)
