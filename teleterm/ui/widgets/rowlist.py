"""A list of rows drawn on a canvas: the tree of the sidebar, the palette, pick lists.

Only what is visible is drawn, so that thousands of rows cost no more than a screenful.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.rowpaint import RowPainter
from teleterm.ui.widgets.scroll import AutoScrollbar, bind_wheel
from teleterm.ui.widgets.tooltip import Tip

TYPE_AHEAD_MS = 800


class Row(Struct, frozen=True, kw_only=True):
    """One row; texts are clean already.

    Shape: `key` names it; `mark` is the icon of its state; `hits` the letters of `title` to show
           bold; `fold` whether it has children that are shown; `bar` a `#rrggbb` for its left edge;
           `hint` the tooltip; `has_line` a divider above it.
    """

    key: str
    title: str
    kind: Literal["row", "section", "message"] = "row"
    icon: str = ""
    icon_token: str = "sec"
    mark: str = ""
    mark_token: str = "muted"
    title_token: str = "text"
    is_bold: bool = False
    hits: tuple[int, ...] = ()
    second: str = ""
    right: str = ""
    right_token: str = "muted"
    indent: int = 0
    fold: Literal["", "open", "closed"] = ""
    bar: str = ""
    hint: str = ""
    has_line: bool = False


def _ignore(_key: str) -> None:
    """Nobody listens."""


class RowList(tk.Frame):
    """The list; the selected row is where the keyboard is.

    `on_open(key)` a click or Return; `on_second(key)` a middle click or Control-Return;
    `on_fold(key)` its arrow or Left and Right; `on_menu(key, x_root, y_root)`; `on_delete(key)`;
    `on_select(key)` whenever the selection moves by hand; `on_escape()`.
    """

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        *,
        name: str,
        surface: str = "base",
        row_height: int = 28,
        takes_focus: bool = True,
        opens_on_click: bool = True,
        has_ring: bool = True,
    ) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self.look, self.surface = look, surface
        self.row_px = look.dp(row_height)
        self.rows: list[Row] = []
        self.selected = ""
        self._hovered = -1
        self._opens_on_click = opens_on_click
        self._has_ring = has_ring
        self._typed, self._typed_after = "", ""
        self.on_open: Callable[[str], object] = _ignore
        self.on_second: Callable[[str], object] = _ignore
        self.on_fold: Callable[[str], object] = _ignore
        self.on_delete: Callable[[str], object] = _ignore
        self.on_select: Callable[[str], object] = _ignore
        self.on_menu: Callable[[str, int, int], object] | None = None
        self.on_escape: Callable[[], object] = lambda: None
        self.canvas = tk.Canvas(
            self, name="canvas", borderwidth=0, highlightthickness=0, takefocus=takes_focus,
            width=1, height=1, yscrollincrement=self.row_px,
        )  # fmt: skip
        self._bar = AutoScrollbar(self, self.canvas, surface=surface, row=0, column=1)
        self.canvas.configure(yscrollcommand=self._scrolled)
        self.canvas.grid(row=0, column=0, sticky="nsew")
        self.grid_rowconfigure(0, weight=1)
        self.grid_columnconfigure(0, weight=1)
        self._painter = RowPainter(look, self.canvas, surface, self.row_px)
        self._painter.has_ring = has_ring and takes_focus
        self._tip = Tip(look, self.canvas)
        self._draw_after = ""
        self._bind_keys()
        look.follow(self, self._restyle)

    def _bind_keys(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda _event: self._later())
        canvas.bind("<Button-1>", self._click)
        canvas.bind("<Button-2>", lambda event: self._pointed(event, self.on_second))
        canvas.bind("<Button-3>", self._menu_at)
        canvas.bind("<Motion>", self._moved)
        canvas.bind("<Leave>", self._left)
        canvas.bind("<FocusIn>", lambda _event: self._later())
        canvas.bind("<FocusOut>", lambda _event: self._later())
        canvas.bind("<Key>", self._key)
        bind_wheel(canvas, self._wheel)
        for sequence, step in (("<Up>", -1), ("<Down>", 1), ("<Prior>", -10), ("<Next>", 10)):
            canvas.bind(sequence, self._stepper(step))
        for sequence, step in (("<Home>", -(10**6)), ("<End>", 10**6)):
            canvas.bind(sequence, self._stepper(step))
        for sequence, act in (
            ("<Return>", lambda: self.on_open(self.selected)),
            ("<KP_Enter>", lambda: self.on_open(self.selected)),
            ("<Control-Return>", lambda: self.on_second(self.selected)),
            ("<Delete>", lambda: self.on_delete(self.selected)),
            ("<Left>", lambda: self._fold(wanted="open")),
            ("<Right>", lambda: self._fold(wanted="closed")),
            ("<Escape>", lambda: self.on_escape()),  # noqa: PLW0108 - it is set later
            ("<Menu>", self._menu_key),
            ("<Shift-F10>", self._menu_key),
        ):
            canvas.bind(sequence, self._doer(act))

    def _doer(self, act: Callable[[], object]) -> Callable[["tk.Event[tk.Misc]"], str]:
        def run(_event: "tk.Event[tk.Misc]") -> str:
            act()
            return "break"

        return run

    def _stepper(self, step: int) -> Callable[["tk.Event[tk.Misc]"], str]:
        return self._doer(lambda: self.step(step))

    # What is shown

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the selection stays with its key, else goes to the first row."""
        if list(rows) == self.rows:
            return
        self.rows = list(rows)
        if self.selected and self.index_of(self.selected) < 0:
            self.selected = ""
        height = len(self.rows) * self.row_px
        self.canvas.configure(scrollregion=(0, 0, 1, max(1, height)))
        self._later()

    def index_of(self, key: str) -> int:
        """Where a row is, or -1."""
        return next((i for i, row in enumerate(self.rows) if row.key == key), -1)

    def select(self, key: str, *, is_seen: bool = True) -> None:
        """Move the selection; `is_seen` scrolls there."""
        self.selected = key
        if is_seen:
            self._see(self.index_of(key))
        self._later()

    def select_first(self) -> None:
        """Select the first row that can be."""
        first = next((row.key for row in self.rows if row.kind == "row"), "")
        self.select(first)

    def step(self, step: int) -> None:
        """Move the selection by rows that can be selected, and stop at the ends."""
        keys = [row.key for row in self.rows if row.kind == "row"]
        if not keys:
            return
        if self.selected in keys:
            at = max(0, min(len(keys) - 1, keys.index(self.selected) + step))
        else:
            at = 0 if step > 0 else len(keys) - 1
        self.select(keys[at])
        self.on_select(keys[at])

    def height_px(self) -> int:
        """How high all rows are together."""
        return len(self.rows) * self.row_px

    def focus_set(self) -> None:
        """Take the keyboard."""
        self.canvas.focus_set()
        if not self.selected:
            self.select_first()

    def boxes(self) -> list[tuple[str, int, int, int, int]]:
        """Key, left, top, width and height of each visible row, for tests from outside."""
        first, last = self._visible()
        top = int(self.canvas.canvasy(0))
        width = self.canvas.winfo_width()
        return [
            (self.rows[i].key, 0, i * self.row_px - top, width, self.row_px)
            for i in range(first, last)
        ]

    # Drawing

    def _restyle(self) -> None:
        self.configure(background=self.look.color(self.surface))
        self.canvas.configure(background=self.look.color(self.surface))
        self._later()

    def _scrolled(self, first: str | float, last: str | float) -> None:
        self._bar.set(first, last)
        self._later()

    def _later(self) -> None:
        if not self._draw_after:
            self._draw_after = self.canvas.after_idle(self._draw)

    def _visible(self) -> tuple[int, int]:
        first = max(0, int(self.canvas.canvasy(0)) // self.row_px)
        count = self.canvas.winfo_height() // self.row_px + 2
        return first, min(len(self.rows), first + count)

    def _draw(self) -> None:
        self._draw_after = ""
        if not self.winfo_exists():
            return
        first, last = self._visible()
        self._painter.begin(self.canvas.winfo_width())
        has_focus = self._has_ring and self.focus_get() is self.canvas
        for index in range(first, last):
            row = self.rows[index]
            self._painter.paint(
                row,
                index * self.row_px,
                is_selected=row.key == self.selected and row.kind == "row",
                is_hovered=index == self._hovered,
                has_focus=has_focus,
            )

    def _see(self, index: int) -> None:
        height = self.canvas.winfo_height()
        if index < 0 or height <= 1:
            return
        top, total = self.canvas.canvasy(0), max(1, self.height_px())
        if index * self.row_px < top:
            self.canvas.yview_moveto(index * self.row_px / total)
        elif (index + 1) * self.row_px > top + height:
            self.canvas.yview_moveto(((index + 1) * self.row_px - height) / total)

    # Pointer

    def _at(self, y: int) -> int:
        index = int(self.canvas.canvasy(y)) // self.row_px
        return index if 0 <= index < len(self.rows) else -1

    def _click(self, event: "tk.Event[tk.Misc]") -> None:
        index = self._at(event.y)
        if index < 0 or self.rows[index].kind == "message":
            return
        row = self.rows[index]
        if row.kind == "row":
            self.select(row.key, is_seen=False)
        if row.kind == "section" or (row.fold and event.x < self._painter.fold_right(row)):
            self.on_fold(row.key)
        elif self._opens_on_click:
            self.on_open(row.key)
        else:
            self.on_select(row.key)

    def _pointed(self, event: "tk.Event[tk.Misc]", act: Callable[[str], object]) -> None:
        index = self._at(event.y)
        if index >= 0 and self.rows[index].kind == "row":
            act(self.rows[index].key)

    def _menu_at(self, event: "tk.Event[tk.Misc]") -> None:
        index = self._at(event.y)
        if self.on_menu is not None and index >= 0 and self.rows[index].kind == "row":
            self.select(self.rows[index].key, is_seen=False)
            self.on_menu(self.rows[index].key, event.x_root, event.y_root)

    def _menu_key(self) -> None:
        index = self.index_of(self.selected)
        if self.on_menu is not None and index >= 0:
            x = self.canvas.winfo_rootx() + self.look.dp(32)
            y = self.canvas.winfo_rooty() + (index + 1) * self.row_px - int(self.canvas.canvasy(0))
            self.on_menu(self.selected, x, y)

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        index = self._at(event.y)
        if index != self._hovered:
            self._hovered = index
            self._later()
            row = self.rows[index] if index >= 0 else None
            self._tip.soon(row.hint if row else "", event.x_root, event.y_root)

    def _left(self, _event: "tk.Event[tk.Misc]") -> None:
        self._hovered = -1
        self._tip.hide()
        self._later()

    def _wheel(self, lines: int) -> None:
        if self.height_px() > self.canvas.winfo_height():
            self.canvas.yview_scroll(1 if lines > 0 else -1, "units")

    # Keyboard

    def _fold(self, *, wanted: str) -> None:
        """Left closes an open row or goes to its parent, Right opens a closed one."""
        index = self.index_of(self.selected)
        if index < 0:
            return
        row = self.rows[index]
        if row.fold == wanted:
            self.on_fold(row.key)
        elif wanted == "open":
            above = self.rows[:index]
            parent = next((r for r in reversed(above) if r.indent < row.indent and r.fold), None)
            if parent is not None:
                self.select(parent.key)
        elif row.fold == "open":
            self.step(1)

    def _key(self, event: "tk.Event[tk.Misc]") -> str | None:
        has_modifier = bool(int(event.state) & 0x0004 or int(event.state) & 0x0008)
        if not event.char or not event.char.isprintable() or has_modifier:
            return None
        self._tip.hide()
        self._typed += event.char.lower()
        if self._typed_after:
            self.after_cancel(self._typed_after)
        self._typed_after = self.after(TYPE_AHEAD_MS, self._forget_typed)
        for row in self.rows:
            if row.kind == "row" and row.title.lower().startswith(self._typed):
                self.select(row.key)
                break
        return "break"

    def _forget_typed(self) -> None:
        self._typed, self._typed_after = "", ""
