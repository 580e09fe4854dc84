"""The resources of a cluster: a table that the server sorts and filters, page by page."""

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, ListResources, Reply, ResourcePage
from teleterm.bridge.views import DocumentView, ResourceView
from teleterm.ui import failures
from teleterm.ui.documents.assumed import AssumedFollower
from teleterm.ui.documents.document import Document
from teleterm.ui.documents.emptiness import Emptiness
from teleterm.ui.documents.identity import KIND_ICONS, KIND_TITLES, KINDS, resources_document
from teleterm.ui.documents.lock import PageLock
from teleterm.ui.documents.resource_menu import items_for
from teleterm.ui.documents.resource_table import ResourceTable
from teleterm.ui.documents.ticked_bar import TickedBar
from teleterm.ui.widgets.basic import frame, icon_button, label
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.loading import LoadingLine
from teleterm.ui.widgets.menu import LINE, MenuItem, popup

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

PAGE = 50
TYPING_MS = 200
PADDING = 24


class ResourcesDocument(Document):
    """Widgets: `head.filter`, `chips.<kind>`, `area.table`, `ticked`, `empty.line.button`."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._next_key = ""
        self._ask_id = 0
        self._search_after = ""
        self._sort_by, self._is_descending = "name", False
        body = frame(desk.look, self, name="body")
        body.grid(row=1, column=0, sticky="nsew")
        body.grid_columnconfigure(0, weight=1)
        body.grid_rowconfigure(3, weight=1)
        self._body = body
        self._loading = LoadingLine(desk.look, body)
        self._loading.grid(row=0, column=0, sticky="ew")
        self._make_head()
        self._make_chips()
        self._make_table()
        self._ticked = TickedBar(desk, body, self.table, row=4)
        self._empty = Emptiness(desk.look, body)
        self._lock = PageLock(self, self.load, self._locked, self._unlocked)
        self._assumed = AssumedFollower(self, self._access_changed)
        self.load()

    # Making

    def _make_head(self) -> None:
        look = self.desk.look
        head = frame(look, self._body, name="head")
        head.grid(
            row=1, column=0, sticky="ew", padx=look.dp(PADDING), pady=(look.dp(16), look.dp(8))
        )
        head.grid_columnconfigure(1, weight=1)
        self._title = label(look, head, self.title, font="h1", name="title")
        self._title.grid(row=0, column=0, sticky="w")
        self._count = label(look, head, "", font="caption", token="muted", name="count")
        self._count.grid(row=0, column=1, sticky="sw", padx=look.dp(12), pady=(0, look.dp(3)))
        self._filter = Field(
            look, head, name="filter", placeholder="Filter by words or key=value",
            surface="surface", width=24, on_change=self._typed,
        )  # fmt: skip
        self._filter.grid(row=0, column=2, sticky="e")
        refresh = icon_button(
            look, head, "refresh", "Load again", self.load, name="refresh", surface="surface"
        )
        refresh.grid(row=0, column=3, padx=(look.dp(4), 0))
        entry = self._filter.entry
        self._filter.set(self.field("search"))
        entry.bind("<Down>", lambda _event: self._focus_table())
        entry.bind("<Return>", self._enter_filter)
        entry.bind("<Escape>", lambda _event: self._clear_filter())

    def _make_chips(self) -> None:
        look = self.desk.look
        line = frame(look, self._body, name="chips")
        line.grid(row=2, column=0, sticky="w", padx=look.dp(PADDING), pady=(0, look.dp(8)))
        self._chips: dict[str, ttk.Checkbutton] = {}
        cluster = self.desk.store.clusters.get(self.cluster_uri)
        for kind in KINDS:
            if cluster is not None and kind not in cluster.kinds:
                continue
            chip = ttk.Checkbutton(
                line, name=kind, text=KIND_TITLES[kind], style="surface.Chip.TCheckbutton",
                command=self._chips_changed,
            )  # fmt: skip
            chip.state(["!alternate", "selected" if kind in self.kinds else "!selected"])
            chip.pack(side="left", padx=(0, look.dp(8)))
            self._chips[kind] = chip

    def _make_table(self) -> None:
        desk, look = self.desk, self.desk.look
        table = ResourceTable(look, self._body, name="area")
        table.grid(row=3, column=0, sticky="nsew", padx=look.dp(PADDING - 12))
        table.on_open = desk.opener.connect
        table.on_open_as = lambda row: desk.opener.connect(row, asks_always=True)
        table.on_menu = self._menu
        table.on_more = self._more
        table.on_sort = self._sort
        table.on_slash = self._filter.focus_set
        self.table = table
        self._set_columns()

    # What it shows

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are listed."""
        return tuple(kind for kind in self.field("kinds").split(",") if kind) or KINDS

    @property
    def title(self) -> str:
        """The kind's name, or Resources."""
        kinds = self.kinds
        return self.custom_title or (KIND_TITLES[kinds[0]] if len(kinds) == 1 else "Resources")

    def retarget(self, kinds: tuple[str, ...], search: str = "") -> None:
        """Show other kinds in the same tab."""
        cluster = self.desk.store.clusters.get(self.cluster_uri)
        if cluster is None or (kinds == self.kinds and search == self.field("search")):
            return
        self._view = resources_document(cluster, kinds, search)
        for kind, chip in self._chips.items():
            chip.state(["selected" if kind in kinds else "!selected"])
        self._filter.set(search)
        self._cancel_typing()
        self._show_kinds()
        self.on_change()

    def _chips_changed(self) -> None:
        kinds = tuple(kind for kind, chip in self._chips.items() if chip.instate(["selected"]))
        if not kinds:
            kinds = tuple(self._chips)
            for chip in self._chips.values():
                chip.state(["selected"])
        self.set_field("kinds", ",".join(kinds))
        self._show_kinds()

    def _show_kinds(self) -> None:
        """Load other kinds; until they come, rows of kinds no longer wanted are gone."""
        self.table.keep(self.kinds)
        self._empty.hide()
        self.table.grid()
        self._set_columns()
        self._say_count()
        self.load()

    def _set_columns(self) -> None:
        self._title.configure(text=self.title)
        self.table.set_columns(self.kinds, self._sort_by, is_descending=self._is_descending)

    def _sort(self, column: str) -> None:
        self._is_descending = column == self._sort_by and not self._is_descending
        self._sort_by = column
        self._set_columns()
        self.load()

    # Loading

    def load(self) -> None:
        """Ask for the first page anew."""
        if not self._lock.is_open():
            return
        if self._ask_id:
            self.desk.bridge.forget(self._ask_id)
            self._ask_id = 0
        self._next_key = ""
        self._ask("")

    def _ask(self, start_key: str) -> None:
        self._loading.start()
        words = self._filter.get().strip()
        is_predicate = words.startswith("=")
        request = ListResources(
            cluster_uri=self.cluster_uri,
            kinds=self.kinds,
            search="" if is_predicate else words,
            predicate=words[1:].strip() if is_predicate else "",
            sort_by="kind" if self._sort_by == "kind" else "name",
            descending=self._is_descending,
            start_key=start_key,
            limit=PAGE,
        )
        is_first = not start_key
        self._ask_id = self.desk.bridge.ask(
            request, lambda reply, _fd: self._answered(reply, is_first=is_first)
        )

    def _more(self) -> None:
        if self._next_key and not self._ask_id:
            self._ask(self._next_key)

    def _answered(self, reply: Reply, *, is_first: bool) -> None:
        if not self.winfo_exists():
            return
        self._ask_id = 0
        self._loading.stop()
        if isinstance(reply, Failed):
            self._failed(reply)
        elif isinstance(reply, ResourcePage):
            self._take(reply, is_first=is_first)

    def _take(self, page: ResourcePage, *, is_first: bool) -> None:
        if is_first:
            self.table.replace(page.rows)
        else:
            self.table.add(page.rows)
        self._next_key = page.next_key
        self._say_count()
        self._show_emptiness()
        self.desk.say(f"ui: resources shown {','.join(self.kinds)} {self.table.count}")

    def _say_count(self) -> None:
        known = [
            count.count
            for kind, count in self.desk.store.counts.get(self.cluster_uri, {}).items()
            if kind in self.kinds and count.state == "counted"
        ]
        shown = self.table.count
        if self._next_key and len(known) == len(self.kinds) and not self._filter.get():
            text = f"{shown} of {max(sum(known), shown)} shown"
        else:
            text = f"{shown}{' and more' if self._next_key else ''} shown"
        self._count.configure(text=text if shown else "")

    # The other states

    def _show_emptiness(self) -> None:
        if self.table.count:
            self._empty.hide()
            self.table.grid()
            return
        look, words = self.desk.look, self._filter.get().strip()
        cluster = self.desk.store.clusters.get(self.cluster_uri)
        where = look.clean(cluster.title, 60) if cluster is not None else "this cluster"
        icon = KIND_ICONS[self.kinds[0]] if len(self.kinds) == 1 else "grid"
        self.table.grid_remove()
        if words:
            text = f"Nothing matches “{look.clean(words, 60)}” in {self.title} on {where}."
            self._empty.show(icon, text, "Clear filter", self._clear_filter)
        else:
            noun = KIND_TITLES[self.kinds[0]].lower() if len(self.kinds) == 1 else "resources"
            noun = "Kubernetes clusters" if noun == "kubernetes" else noun
            self._empty.show(
                icon, f"No {noun} here yet, or none you may see.", "Load again", self.load
            )
        self.desk.say("ui: resources empty")

    def _failed(self, failed: Failed) -> None:
        if failed.needs_login:
            self._lock.close()
            return
        self.desk.say(f"ui: resources error {failed.message}")
        if self.table.count:
            self.desk.notices.show_failed(failed, retry=self.load)
            return
        self.table.grid_remove()
        words = failures.sentence(failed)
        details = failed.details
        more = (lambda: self.desk.dialogs.details("Details", details)) if details else None
        self._empty.show(
            "error", self.desk.look.clean(words, 400), "Try again", self.load,
            token="danger", second="Details" if more else "", on_second=more,
        )  # fmt: skip

    def _locked(self) -> None:
        self._loading.stop()
        self.table.set_muted(is_muted=True)

    def _unlocked(self) -> None:
        self.table.set_muted(is_muted=False)

    def _access_changed(self) -> None:
        """A request was assumed or dropped: what was ticked may be reachable now, or not."""
        self.table.untick_all()
        self.load()

    # Typing

    def _typed(self, _text: str) -> None:
        self._cancel_typing()
        self._search_after = self.after(TYPING_MS, self._search)

    def _cancel_typing(self) -> None:
        if self._search_after:
            self.after_cancel(self._search_after)
            self._search_after = ""

    def _search(self) -> None:
        self._search_after = ""
        if self._filter.get().strip() != self.field("search"):
            self.set_field("search", self._filter.get().strip())
            self.load()

    def _clear_filter(self) -> str:
        self._filter.set("")
        self._focus_table()
        return "break"

    def _enter_filter(self, _event: "tk.Event[tk.Misc]") -> str:
        self._cancel_typing()
        self._search()
        self._focus_table()
        return "break"

    def _focus_table(self) -> str:
        self.table.tree.focus_set()
        return "break"

    # Acting

    def _menu(self, row: ResourceView, x_root: int, y_root: int) -> None:
        items = items_for(self.desk, row, self._add_to_filter)
        is_ticked = row.uri in self.table.ticked
        words = "Untick" if is_ticked else "Tick"
        items += [LINE, MenuItem(title=words, key="Space", run=lambda: self.table.tick(row))]
        popup(self.desk.look, self, items, x_root, y_root)

    def _add_to_filter(self, word: str) -> None:
        self._filter.set(" ".join(filter(None, (self._filter.get().strip(), word))))

    def focus_content(self) -> None:
        """The table has the keyboard."""
        self.table.tree.focus_set()

    def boxes(self) -> list[tuple[str, int, int, int, int]]:
        """Key and place of each visible row, for tests from outside."""
        across = self.table.winfo_rootx() - self.winfo_rootx()
        down = self.table.winfo_rooty() - self.winfo_rooty()
        return [
            (key, across + left, down + top, width, height)
            for key, left, top, width, height in self.table.places()
        ]
