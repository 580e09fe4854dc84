"""The menus of the sidebar's rows."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from teleterm.bridge.contract import (
    ChangeRecent,
    Logout,
    OpenExternal,
    OpenOwnFile,
    SetClusterColor,
)
from teleterm.bridge.views import ClusterView, RecentView
from teleterm.ui.documents.identity import key_of, shell_document
from teleterm.ui.store import is_usable
from teleterm.ui.theme.tokens import CLUSTER_COLORS
from teleterm.ui.widgets.menu import LINE, MenuItem, popup

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


def show(desk: "Desk", parent: tk.Misc, key: str, x_root: int, y_root: int) -> None:
    """Show the menu of a row, if it has one."""
    kind, _, rest = key.partition(":")
    items: list[MenuItem] = []
    if kind == "cluster" and rest in desk.store.clusters:
        items = cluster_items(desk, desk.store.clusters[rest])
    elif kind == "recent":
        recent = next((r for r in desk.store.recent if r.key == rest), None)
        items = recent_items(desk, recent) if recent is not None else []
    elif kind == "kind":
        name, _, uri = rest.partition(":")
        items = [MenuItem(title="Open", run=lambda: desk.opener.resources(uri, (name,)))]
    if items:
        popup(desk.look, parent, items, x_root, y_root)


def cluster_items(desk: "Desk", cluster: ClusterView) -> list[MenuItem]:
    """Log in, log out, open and change a cluster."""
    usable = is_usable(desk.store.root_of(cluster.uri), desk.now())
    terminal = MenuItem(
        title="Open terminal here",
        run=lambda: desk.tabs.open(shell_document(cluster), is_again=True),
    )
    copy = MenuItem(title="Copy address", run=lambda: desk.opener.copy(cluster.proxy_host))
    sessions = MenuItem(
        title="Sessions", run=lambda: desk.opener.sessions(cluster.uri), is_enabled=usable
    )
    if cluster.is_leaf:
        return [terminal, sessions, copy]
    if cluster.problem:
        show_file = MenuItem(
            title="Show file", run=lambda: desk.bridge.ask(OpenOwnFile(which="state"))
        )
        return [show_file, LINE, _remove(desk, cluster)]
    colors = tuple(
        MenuItem(
            title=name.capitalize(),
            is_checked=name == cluster.color,
            run=_colorer(desk, cluster.uri, name),
        )
        for name in CLUSTER_COLORS
    )
    login = "Renew login" if usable else "Log in"
    web = f"https://{cluster.proxy_host}"
    return [
        MenuItem(title=login, run=lambda: desk.dialogs.login(cluster.uri)),
        MenuItem(title="Log out…", run=lambda: desk.dialogs.logout(cluster.uri), is_enabled=usable),
        LINE,
        terminal,
        sessions,
        MenuItem(title="Open web UI", run=lambda: desk.bridge.ask(OpenExternal(url=web))),
        copy,
        MenuItem(title="Colour", items=colors),
        LINE,
        _remove(desk, cluster),
    ]


def _remove(desk: "Desk", cluster: ClusterView) -> MenuItem:
    def run() -> None:
        if cluster.problem:
            desk.bridge.ask(Logout(cluster_uri=cluster.uri, forget=True))
        else:
            desk.dialogs.logout(cluster.uri, forget=True)

    return MenuItem(title="Remove cluster…", run=run)


def _colorer(desk: "Desk", cluster_uri: str, name: str) -> Callable[[], int]:
    return lambda: desk.bridge.ask(SetClusterColor(cluster_uri=cluster_uri, color=name))


def recent_items(desk: "Desk", recent: RecentView) -> list[MenuItem]:
    """Open, close, pin or forget a row of "recently used"."""
    document = desk.tabs.by_key(key_of(recent.document))
    is_live = document is not None and document.is_live

    def change(what: Literal["remove", "pin", "unpin"]) -> None:
        desk.bridge.ask(ChangeRecent(key=recent.key, change=what))

    items = [
        MenuItem(title="Open", run=lambda: desk.opener.document(recent.document)),
        MenuItem(
            title="Open another", run=lambda: desk.opener.document(recent.document, is_again=True)
        ),
    ]
    if is_live:
        items.append(MenuItem(title="Disconnect", run=lambda: desk.tabs.close(document)))
    unpin = MenuItem(title="Unpin", run=lambda: change("unpin"))
    pin = MenuItem(title="Pin", run=lambda: change("pin"))
    items += [
        LINE,
        unpin if recent.is_pinned else pin,
        MenuItem(title="Rename…", run=lambda: desk.dialogs.rename_recent(recent)),
    ]
    command = command_of(recent)
    if command:
        items.append(MenuItem(title="Copy command", run=lambda: desk.opener.copy(command)))
    return [*items, LINE, MenuItem(title="Remove", run=lambda: change("remove"))]


def command_of(recent: RecentView) -> str:
    """What one would type for the same thing."""
    fields = recent.document.fields
    if recent.document.kind == "ssh":
        return f"tsh ssh {fields.get('login', '')}@{fields.get('hostname', '')}"
    if recent.document.kind == "gateway_db":
        name = fields.get("target_name", "")
        return f"tsh proxy db --tunnel --db-user={fields.get('user', '')} {name}"
    return ""
