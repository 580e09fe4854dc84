"""The chip of the status bar that says which access requests are in use, and drops them."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import AssumeAccessRequest, Failed, Reply
from teleterm.bridge.views import AssumedView, ClusterView
from teleterm.ui.store import is_usable, time_left
from teleterm.ui.widgets import focus
from teleterm.ui.widgets.basic import press_on_return
from teleterm.ui.widgets.menu import LINE, MenuItem, popup

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_PX = 260


class AssumedChip:
    """`.assumed`, there only while the cluster's login holds requests."""

    def __init__(self, desk: "Desk", parent: tk.Misc) -> None:
        self._desk = desk
        self._root: ClusterView | None = None
        self._button = ttk.Button(
            parent, name="assumed", style="base.Small.TButton", command=self._menu, compound="left"
        )
        press_on_return(self._button)
        desk.look.follow(self._button, self._paint)

    def _paint(self) -> None:
        self._button.configure(image=self._desk.look.icon("shield", 14, "accent"))

    def show(self, root: ClusterView | None) -> None:
        """Show what the login of a root cluster holds."""
        desk, look = self._desk, self._desk.look
        is_held = root is not None and bool(root.assumed) and is_usable(root, desk.now())
        self._root = root if is_held else None
        if self._root is None:
            if self._button.winfo_manager():
                had_focus = focus.holds(self._button, str(desk.root.focus_get() or ""))
                self._button.pack_forget()
                if had_focus:
                    desk.dialogs.focus_document()
                desk.say("ui: assumed nothing")
            return
        words = ", ".join(dict.fromkeys(words_of(one) for one in self._root.assumed))
        text = f" {look.cut(look.clean(words, 200), look.dp(MAX_PX), 'caption')}"
        if text != self._button.cget("text") or not self._button.winfo_manager():
            self._button.configure(text=text)
            desk.say(f"ui: assumed {words}")
        if not self._button.winfo_manager():
            self._button.pack(side="right", padx=(look.dp(8), 0))

    def _menu(self) -> None:
        root = self._root
        if root is None:
            return
        look = self._desk.look
        items = [
            MenuItem(
                title=f"Drop {look.clean(words_of(one), 80)}",
                key=time_left(one.expires_at, self._desk.now()) if one.expires_at else "",
                run=self._dropper(root.uri, one.id),
            )
            for one in root.assumed
        ]
        requests = MenuItem(title="Show requests", run=lambda: self._desk.opener.requests(root.uri))
        x, y = self._button.winfo_rootx(), self._button.winfo_rooty()
        popup(look, self._button, [*items, LINE, requests], x, y)

    def _dropper(self, cluster_uri: str, ident: str) -> Callable[[], object]:
        desk = self._desk
        request = AssumeAccessRequest(cluster_uri=cluster_uri, request_id=ident, is_dropped=True)

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                desk.opener.failed(reply, cluster_uri)

        return lambda: desk.bridge.ask(request, answered)


def words_of(one: AssumedView) -> str:
    """What a request gave, short: its roles, or how many resources."""
    if one.resources:
        count = len(one.resources)
        return one.resources[0] if count == 1 else f"{count} resources"
    return ", ".join(one.roles) or one.id[:8]
