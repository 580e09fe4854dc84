"""The menus of the tab strip."""

from typing import TYPE_CHECKING

from teleterm.ui.documents.document import Document
from teleterm.ui.panes.kept import KINDS
from teleterm.ui.shell.tabstrip import TabStrip
from teleterm.ui.widgets.menu import LINE, MenuItem, popup

if TYPE_CHECKING:
    from collections.abc import Callable

    from teleterm.ui.desk import Desk

SPLIT_KINDS = {*KINDS, "panes"}


class TabMenus:
    """Answers the strip's wishes for menus and names."""

    def __init__(self, desk: "Desk", strip: TabStrip) -> None:
        self._desk, self._strip = desk, strip
        strip.on_menu = self._menu
        strip.on_rename = self._rename
        strip.on_new = lambda: desk.actions.run("newTab")
        strip.on_new_menu = self._new_menu
        strip.on_list = self._list

    def _menu(self, key: str, x: int, y: int) -> None:
        tabs = self._desk.tabs
        document = tabs.by_path(key)
        if document is None:
            return
        all_tabs = tabs.documents
        at = all_tabs.index(document)
        others, right = [d for d in all_tabs if d is not document], all_tabs[at + 1 :]
        reconnect = getattr(document, "reconnect", None)
        items = [
            MenuItem(title="Close", run=lambda: tabs.close(document), key=self._key("closeTab")),
            MenuItem(
                title="Close others", run=lambda: tabs.close_all(others), is_enabled=bool(others)
            ),
            MenuItem(
                title="Close to the right",
                run=lambda: tabs.close_all(right),
                is_enabled=bool(right),
            ),
            MenuItem(
                title="Reopen closed",
                run=tabs.reopen,
                is_enabled=tabs.has_closed,
                key=self._key("reopenTab"),
            ),
            LINE,
            MenuItem(title="Rename…", run=lambda: self._desk.dialogs.rename_tab(document)),
        ]
        if document.kind in {"ssh", "shell"}:
            view = document.view()
            items.append(MenuItem(title="Duplicate", run=lambda: tabs.open(view, is_again=True)))
        if reconnect is not None:
            items.append(MenuItem(title="Reconnect", run=reconnect, key=self._key("reconnect")))
        if document.kind == "ssh":
            command = f"tsh ssh {document.field('login')}@{document.field('hostname')}"
            items.append(
                MenuItem(title="Copy command", run=lambda: self._desk.opener.copy(command))
            )
        if document.kind in SPLIT_KINDS:
            items += [LINE, *self._splits(document)]
        popup(self._desk.look, self._strip, items, x, y)

    def _splits(self, document: Document) -> list[MenuItem]:
        """What can be done to the panes of a tab; it comes to the front for that."""

        def does(name: str) -> "Callable[[], object]":
            def run() -> None:
                self._desk.tabs.show(document)
                self._desk.actions.run(name)

            return run

        names = [("splitRight", "Split right"), ("splitDown", "Split down")]
        if document.kind == "panes":
            names.append(("closePane", "Close pane"))
        return [MenuItem(title=title, run=does(name), key=self._key(name)) for name, title in names]

    def _key(self, name: str) -> str:
        return self._desk.actions.key_of(name)

    def _rename(self, key: str) -> None:
        document = self._desk.tabs.by_path(key)
        if document is not None:
            self._desk.dialogs.rename_tab(document)

    def _new_menu(self, x: int, y: int) -> None:
        desk = self._desk
        items = [
            MenuItem(
                title="Local terminal",
                run=desk.opener.terminal,
                key=self._key("newTerminalTab"),
            ),
            MenuItem(title="SSH to…", run=lambda: desk.actions.run("openSearchBar")),
        ]
        roots = desk.store.roots()
        if roots:
            items.append(LINE)
        for root in roots:
            title = f"Servers of {desk.look.clean(root.title, 60)}"
            items.append(MenuItem(title=title, run=self._resources(root.uri)))
        popup(desk.look, self._strip, items, x, y)

    def _resources(self, uri: str) -> "Callable[[], None]":
        return lambda: self._desk.opener.resources(uri, ("servers",))

    def _list(self, x: int, y: int) -> None:
        desk = self._desk
        items = [
            MenuItem(
                title=desk.look.clean(document.title, 80), run=self._shower(document),
                is_checked=document is desk.tabs.active,
            )
            for document in desk.tabs.documents
        ]  # fmt: skip
        popup(desk.look, self._strip, items, x - desk.look.dp(240), y)

    def _shower(self, document: Document) -> "Callable[[], None]":
        return lambda: self._desk.tabs.show(document)
