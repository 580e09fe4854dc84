"""The table of resources: rows, columns that fit the kinds, what keys and pointer do to them."""

import tkinter as tk
from collections.abc import Callable, Iterable
from tkinter import ttk

from teleterm.bridge.views import ResourceView
from teleterm.ui.documents.columns import COLUMNS, cells_of, columns_for
from teleterm.ui.documents.identity import KIND_ICONS
from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.scroll import AutoScrollbar

NEAR_END = 0.92
SORTABLE = ("name", "kind")


class ResourceTable(tk.Frame):
    """Shows rows; `on_open`, `on_open_as` and `on_menu` get the row that is meant.

    Space, or a click with Control, ticks a row; `ticked` outlives other filters and kinds, and
    `on_ticked` is called when it changes. `on_more` is called when the last screen is reached,
    `on_sort(column)` by a heading, `on_slash` by the key that goes to the filter.
    """

    def __init__(self, look: Look, parent: tk.Misc, *, name: str) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self._look = look
        self._rows: dict[str, ResourceView] = {}
        self._columns = columns_for(())
        self._sorted: tuple[str, bool] = ("name", False)
        self._hovered = ""
        self._is_muted = False
        self.ticked: dict[str, ResourceView] = {}
        self.on_ticked: Callable[[], object] = lambda: None
        self.on_open: Callable[[ResourceView], object] = lambda _row: None
        self.on_open_as: Callable[[ResourceView], object] = lambda _row: None
        self.on_menu: Callable[[ResourceView, int, int], object] = lambda _row, _x, _y: None
        self.on_more: Callable[[], object] = lambda: None
        self.on_sort: Callable[[str], object] = lambda _column: None
        self.on_slash: Callable[[], object] = lambda: None
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(0, weight=1)
        self.tree = ttk.Treeview(
            self,
            name="table",
            columns=tuple(COLUMNS),
            show=("tree", "headings"),
            selectmode="browse",
        )
        self._bar = AutoScrollbar(self, self.tree, surface="surface", row=0, column=1)
        self.tree.configure(yscrollcommand=self._scrolled)
        self.tree.grid(row=0, column=0, sticky="nsew")
        self._bind_keys()
        look.follow(self, self._restyle)

    def _bind_keys(self) -> None:
        for sequence, act in (
            ("<Return>", self._open),
            ("<KP_Enter>", self._open),
            ("<Double-Button-1>", self._open),
            ("<Control-Return>", self._open_as),
            ("<Button-3>", self._menu_at),
            ("<Menu>", self._menu_key),
            ("<Shift-F10>", self._menu_key),
            ("<Key-slash>", self._slash),
            ("<space>", self._tick_selected),
            ("<Control-Button-1>", self._tick_at),
            ("<Home>", lambda _event: self._go(0)),
            ("<End>", lambda _event: self._go(-1)),
        ):
            self.tree.bind(sequence, act)
        self.tree.bind("<Configure>", lambda _event: self._fit())
        self.tree.bind("<Motion>", lambda event: self._hover(self.tree.identify_row(event.y)))
        self.tree.bind("<Leave>", lambda _event: self._hover(""))

    # Showing

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def set_columns(self, kinds: tuple[str, ...], sort_by: str, *, is_descending: bool) -> None:
        """Show the columns of these kinds, with an arrow at the sorted one."""
        look = self._look
        self._columns, self._sorted = columns_for(kinds), (sort_by, is_descending)
        self.tree.configure(displaycolumns=self._columns[1:])
        for index, column in enumerate(self._columns):
            target = "#0" if index == 0 else column
            words = COLUMNS[column].title
            if column == sort_by and column in SORTABLE:
                words += "  ↓" if is_descending else "  ↑"
            self.tree.heading(target, text="     " + words if index == 0 else words, anchor="w")
            if column in SORTABLE:
                self.tree.heading(target, command=self._sorter(column))
            self.tree.column(target, minwidth=look.dp(60), stretch=False, anchor="w")
        self._fit()

    def _sorter(self, column: str) -> Callable[[], object]:
        return lambda: self.on_sort(column)

    def replace(self, rows: Iterable[ResourceView]) -> None:
        """Show these rows and no others; the selected one stays selected if it is among them."""
        kept, selected = tuple(rows), self.selected()
        self.tree.delete(*self.tree.get_children())
        self._rows, self._hovered = {}, ""
        self.add(kept)
        if selected is not None and selected.uri in self._rows:
            self.tree.selection_set(selected.uri)
            self.tree.focus(selected.uri)
            self.tree.see(selected.uri)

    def keep(self, kinds: tuple[str, ...]) -> None:
        """Take away the rows of all other kinds."""
        self.replace(row for row in self._rows.values() if row.kind in kinds)

    def add(self, rows: Iterable[ResourceView]) -> None:
        """Add rows below those that are there; one that is there already is left out."""
        is_first = not self._rows
        for row in rows:
            if row.uri not in self._rows:
                self._rows[row.uri] = row
                self.tree.insert("", "end", iid=row.uri, tags=self._tags(row))
                self._fill(row)
        children = self.tree.get_children()
        if is_first and children:
            self.tree.selection_set(children[0])
            self.tree.focus(children[0])

    def set_muted(self, *, is_muted: bool) -> None:
        """Show that the rows are from before, or that they are good."""
        self._is_muted = is_muted
        for row in self._rows.values():
            self.tree.item(row.uri, tags=self._tags(row))

    def _tags(self, row: ResourceView) -> tuple[str, ...]:
        return ("muted",) if row.requires_request or self._is_muted else ("row",)

    def _restyle(self) -> None:
        look = self._look
        self.configure(background=look.color("surface"))
        self.tree.tag_configure("row", foreground=look.color("text"))
        self.tree.tag_configure("muted", foreground=look.color("muted"))
        self.tree.tag_configure("hover", background=look.color("hover"))
        for row in self._rows.values():
            self._fill(row)

    def _fit(self) -> None:
        """Share the width among the columns, and cut the texts to it."""
        room = self.tree.winfo_width()
        if room < self._look.dp(100):
            return
        total = sum(COLUMNS[column].share for column in self._columns)
        for index, column in enumerate(self._columns):
            target = "#0" if index == 0 else column
            self.tree.column(target, width=room * COLUMNS[column].share // total)
        for row in self._rows.values():
            self._fill(row)

    def _fill(self, row: ResourceView) -> None:
        look, cells = self._look, cells_of(row)
        values = []
        for column in COLUMNS:
            text = look.clean(cells[column], 300)
            if column in self._columns[1:]:
                text = look.cut(text, int(self.tree.column(column, "width")) - look.dp(16))
            values.append(text)
        room = int(self.tree.column("#0", "width")) - look.dp(44)
        icon, token = KIND_ICONS.get(row.kind, "grid"), "muted"
        if row.uri in self.ticked:
            icon, token = "check", "accent"
        elif row.requires_request:
            icon = "lock"
        self.tree.item(
            row.uri,
            text="  " + look.cut(look.clean(row.name, 200), room),
            values=values,
            image=look.icon(icon, 16, token),
        )

    # Ticks

    def tick(self, row: ResourceView) -> None:
        """Tick a row, or take its tick away."""
        if self.ticked.pop(row.uri, None) is None:
            self.ticked[row.uri] = row
        if row.uri in self._rows:
            self._fill(row)
        self.on_ticked()

    def untick_all(self) -> None:
        """Take all ticks away."""
        was, self.ticked = self.ticked, {}
        for uri in was:
            if uri in self._rows:
                self._fill(self._rows[uri])
        self.on_ticked()

    def _tick_selected(self, _event: "tk.Event[tk.Misc]") -> str:
        row = self.selected()
        if row is not None:
            self.tick(row)
        return "break"

    def _tick_at(self, event: "tk.Event[tk.Misc]") -> str:
        row = self._rows.get(self.tree.identify_row(event.y))
        if row is not None:
            self.tree.selection_set(row.uri)
            self.tree.focus(row.uri)
            self.tick(row)
        return "break"

    def _scrolled(self, first: str | float, last: str | float) -> None:
        self._bar.set(first, last)
        if float(last) > NEAR_END:
            self.on_more()

    # Acting

    def selected(self) -> ResourceView | None:
        """The row where the keyboard is."""
        selection = self.tree.selection()
        return self._rows.get(selection[0]) if selection else None

    def _open(self, event: "tk.Event[tk.Misc]") -> str | None:
        is_pointer = str(event.type) == "ButtonPress"
        if is_pointer and not self.tree.identify_row(event.y):
            return None
        row = self.selected()
        if row is not None:
            self.on_open(row)
        return "break"

    def _open_as(self, _event: "tk.Event[tk.Misc]") -> str:
        row = self.selected()
        if row is not None:
            self.on_open_as(row)
        return "break"

    def _menu_at(self, event: "tk.Event[tk.Misc]") -> str:
        row = self._rows.get(self.tree.identify_row(event.y))
        if row is not None:
            self.tree.selection_set(row.uri)
            self.on_menu(row, event.x_root, event.y_root)
        return "break"

    def _menu_key(self, _event: "tk.Event[tk.Misc]") -> str:
        row = self.selected()
        box = self.tree.bbox(row.uri) if row is not None else ""
        if row is not None and box:
            x = self.tree.winfo_rootx() + self._look.dp(40)
            self.on_menu(row, x, self.tree.winfo_rooty() + int(box[1]) + int(box[3]))
        return "break"

    def _go(self, index: int) -> str:
        children = self.tree.get_children()
        if children:
            self.tree.selection_set(children[index])
            self.tree.focus(children[index])
            self.tree.see(children[index])
        return "break"

    def _slash(self, _event: "tk.Event[tk.Misc]") -> str:
        self.on_slash()
        return "break"

    def _hover(self, iid: str) -> None:
        if iid == self._hovered:
            return
        if self._hovered in self._rows:
            self.tree.item(self._hovered, tags=self._tags(self._rows[self._hovered]))
        self._hovered = iid
        if iid in self._rows:
            self.tree.item(iid, tags=(*self._tags(self._rows[iid]), "hover"))

    def places(self) -> list[tuple[str, int, int, int, int]]:
        """Key and place of each visible row."""
        found = []
        for iid in self.tree.get_children():
            box = self.tree.bbox(iid)
            if box:
                left, top, width, height = (int(value) for value in box)
                found.append((iid, left, top, width, height))
        return found
