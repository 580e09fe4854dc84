"""A table of a page: headed columns that share the width, rows told apart by their keys."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from msgspec import Struct

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.scroll import AutoScrollbar


class Line(Struct, frozen=True, kw_only=True):
    """A row: `cells` as they are, cleaned and cut when they are drawn; the first has the icon."""

    key: str
    cells: tuple[str, ...]
    icon: str = ""
    icon_token: str = "muted"
    is_muted: bool = False


class Table(tk.Frame):
    """`.table`; `on_open(key)` by Return or a double click, `on_menu(key, x_root, y_root)`.

    Shape: `columns` are title and share of the width.
    """

    def __init__(
        self, look: Look, parent: tk.Misc, *, name: str, columns: Sequence[tuple[str, int]]
    ) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self._look, self._columns = look, tuple(columns)
        self._lines: dict[str, Line] = {}
        self.on_open: Callable[[str], object] = lambda _key: None
        self.on_menu: Callable[[str, int, int], object] = lambda _key, _x, _y: None
        self.on_delete: Callable[[str], object] = lambda _key: None
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(0, weight=1)
        keys = tuple(str(index) for index in range(1, len(self._columns)))
        self.tree = ttk.Treeview(
            self, name="table", columns=keys, show=("tree", "headings"), selectmode="browse"
        )
        for index, (title, _share) in enumerate(self._columns):
            target = f"#{index}"
            self.tree.heading(target, text="     " + title if not index else title, anchor="w")
            self.tree.column(target, minwidth=look.dp(50), stretch=False, anchor="w")
        self._bar = AutoScrollbar(self, self.tree, surface="surface", row=0, column=1)
        self.tree.configure(yscrollcommand=self._bar.set)
        self.tree.grid(row=0, column=0, sticky="nsew")
        self._bind_keys()
        look.follow(self, self._restyle)

    def _bind_keys(self) -> None:
        for sequence, act in (
            ("<Return>", self._open),
            ("<KP_Enter>", self._open),
            ("<Double-Button-1>", self._open),
            ("<Button-3>", self._menu_at),
            ("<Menu>", self._menu_key),
            ("<Shift-F10>", self._menu_key),
            ("<Delete>", self._delete),
        ):
            self.tree.bind(sequence, act)
        self.tree.bind("<Configure>", lambda _event: self._fit())

    def show(self, lines: Sequence[Line]) -> None:
        """Show these rows; the selection stays with its key."""
        before = self.selected
        self.tree.delete(*self.tree.get_children())
        self._lines = {line.key: line for line in lines}
        for line in self._lines.values():
            tags = ("muted",) if line.is_muted else ("row",)
            self.tree.insert("", "end", iid=line.key, tags=tags)
            self._fill(line)
        chosen = before if before in self._lines else next(iter(self._lines), "")
        if chosen:
            self.tree.selection_set(chosen)
            self.tree.focus(chosen)

    @property
    def selected(self) -> str:
        """The key of the row where the keyboard is, or nothing."""
        selection = self.tree.selection()
        return selection[0] if selection else ""

    def focus_set(self) -> None:
        """Take the keyboard."""
        self.tree.focus_set()

    def _restyle(self) -> None:
        look = self._look
        self.configure(background=look.color("surface"))
        self.tree.tag_configure("row", foreground=look.color("text"))
        self.tree.tag_configure("muted", foreground=look.color("muted"))
        for line in self._lines.values():
            self._fill(line)

    def _fit(self) -> None:
        """Share the width among the columns, and cut the texts to it."""
        room = self.tree.winfo_width()
        if room < self._look.dp(100):
            return
        total = sum(share for _title, share in self._columns)
        for index, (_title, share) in enumerate(self._columns):
            self.tree.column(f"#{index}", width=room * share // total)
        for line in self._lines.values():
            self._fill(line)

    def _fill(self, line: Line) -> None:
        look = self._look
        cells = []
        for index, text in enumerate(line.cells):
            room = int(self.tree.column(f"#{index}", "width")) - look.dp(16 if index else 44)
            cells.append(look.cut(look.clean(text, 300), room))
        image = look.icon(line.icon, 16, line.icon_token) if line.icon else ""
        self.tree.item(line.key, text="  " + cells[0], values=cells[1:], image=image)

    def _open(self, event: "tk.Event[tk.Misc]") -> str | None:
        if str(event.type) == "ButtonPress" and not self.tree.identify_row(event.y):
            return None
        if self.selected:
            self.on_open(self.selected)
        return "break"

    def _delete(self, _event: "tk.Event[tk.Misc]") -> str:
        if self.selected:
            self.on_delete(self.selected)
        return "break"

    def _menu_at(self, event: "tk.Event[tk.Misc]") -> str:
        key = self.tree.identify_row(event.y)
        if key:
            self.tree.selection_set(key)
            self.on_menu(key, event.x_root, event.y_root)
        return "break"

    def _menu_key(self, _event: "tk.Event[tk.Misc]") -> str:
        box = self.tree.bbox(self.selected) if self.selected else ""
        if box:
            x = self.tree.winfo_rootx() + self._look.dp(40)
            self.on_menu(self.selected, x, self.tree.winfo_rooty() + int(box[1]) + int(box[3]))
        return "break"

    def places(self) -> list[tuple[str, int, int, int, int]]:
        """Key and place of each visible row."""
        found = []
        for key in self._lines:
            box = self.tree.bbox(key)
            if box:
                left, top, width, height = (int(value) for value in box)
                found.append((key, left, top, width, height))
        return found
