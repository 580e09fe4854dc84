"""Scrollbars that show only when needed, and a page that scrolls."""

import sys
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import frame

AROUND = 30
"""Design pixels that stay visible above and below what the Tab key reached."""


class AutoScrollbar:
    """A slim vertical scrollbar in a grid cell, gone while everything fits."""

    def __init__(
        self,
        parent: tk.Misc,
        view: tk.Canvas | tk.Text | ttk.Treeview,
        *,
        surface: str,
        row: int,
        column: int,
    ) -> None:
        self._bar = ttk.Scrollbar(
            parent, orient="vertical", style=f"{surface}.Vertical.TScrollbar", command=view.yview
        )
        self._place = (row, column)
        self._is_shown = False

    def set(self, first: str | float, last: str | float) -> None:
        """Follow the view (a widget's `yscrollcommand`)."""
        is_needed = float(first) > 0.0 or float(last) < 1.0
        if is_needed != self._is_shown:
            self._is_shown = is_needed
            if is_needed:
                self._bar.grid(row=self._place[0], column=self._place[1], sticky="ns")
            else:
                self._bar.grid_remove()
        self._bar.set(first, last)


class ScrolledPage(tk.Frame):
    """A frame whose `body` may be taller than it is; the wheel moves it, and the Tab key.

    Units: `max_width` in design pixels; a narrower body stays at the left.
    """

    def __init__(
        self, look: Look, parent: tk.Misc, *, surface: str = "surface", max_width: int = 0
    ) -> None:
        super().__init__(parent, name="page", borderwidth=0, highlightthickness=0)
        self._look, self._surface, self._max_width = look, surface, max_width
        self._canvas = tk.Canvas(
            self,
            name="view",
            borderwidth=0,
            highlightthickness=0,
            width=1,
            height=1,
            takefocus=False,
        )
        self._canvas.configure(yscrollincrement=look.dp(20))
        bar = AutoScrollbar(self, self._canvas, surface=surface, row=0, column=1)
        self._canvas.configure(yscrollcommand=bar.set)
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self.grid_rowconfigure(0, weight=1)
        self.grid_columnconfigure(0, weight=1)
        self.body = frame(look, self._canvas, surface, name="body")
        self._item = self._canvas.create_window(0, 0, window=self.body, anchor="nw")
        self.body.bind("<Configure>", self._measure, add=True)
        self._canvas.bind("<Configure>", self._fit, add=True)
        look.follow(self, self._paint)
        bind_wheel(self._canvas, self.scroll)

    def _paint(self) -> None:
        self.configure(background=self._look.color(self._surface))
        self._canvas.configure(background=self._look.color(self._surface))

    def _fit(self, event: "tk.Event[tk.Misc]") -> None:
        limit = self._look.dp(self._max_width) if self._max_width else event.width
        self._canvas.itemconfigure(self._item, width=min(event.width, limit))

    def _measure(self, _event: "tk.Event[tk.Misc]") -> None:
        height = max(1, self.body.winfo_reqheight())
        self._canvas.configure(scrollregion=(0, 0, 1, height))

    def settle(self) -> None:
        """Let wheel and Tab key work over everything that is in the body now."""
        self._bind_all(self.body)

    def _bind_all(self, widget: tk.Misc) -> None:
        bind_wheel(widget, self.scroll)
        # Not at a click: what is under the pointer must not move between press and release.
        widget.bind("<<TraverseIn>>", self._reached, add=True)
        for child in widget.winfo_children():
            self._bind_all(child)

    def _reached(self, event: "tk.Event[tk.Misc]") -> None:
        """Bring what has the keyboard now into view, and a little of what is around it."""
        height, around = max(1, self.body.winfo_reqheight()), self._look.dp(AROUND)
        top = event.widget.winfo_rooty() - self.body.winfo_rooty() - around
        bottom = top + event.widget.winfo_height() + 2 * around
        first = self._canvas.canvasy(0)
        last = first + self._canvas.winfo_height()
        if top < first:
            self._canvas.yview_moveto(max(0, top) / height)
        elif bottom > last:
            self._canvas.yview_moveto((first + bottom - last) / height)

    def scroll(self, lines: int) -> None:
        """Move by some lines, if not everything fits."""
        if self.body.winfo_reqheight() > self._canvas.winfo_height():
            self._canvas.yview_scroll(lines, "units")


def bind_wheel(widget: tk.Misc, scroll: Callable[[int], None]) -> None:
    """Call `scroll` with lines down (negative: up) for each turn of the wheel."""

    def turned(event: "tk.Event[tk.Misc]") -> None:
        scroll(-3 if event.delta > 0 else 3)

    widget.bind("<MouseWheel>", turned, add=True)
    if sys.platform not in {"darwin", "win32"}:
        widget.bind("<Button-4>", lambda _event: scroll(-3), add=True)
        widget.bind("<Button-5>", lambda _event: scroll(3), add=True)
