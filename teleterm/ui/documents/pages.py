"""Pages that only tell: keyboard shortcuts, about."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.views import DocumentView
from teleterm.ui.documents.document import Document
from teleterm.ui.documents.updates import UpdateArea
from teleterm.ui.seal import seal
from teleterm.ui.widgets.basic import frame, label
from teleterm.ui.widgets.scroll import ScrolledPage

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_WIDTH, PADDING = 768, 24


class ListPage(Document):
    """A heading and groups of two columns; subclasses give the `groups`."""

    heading = ""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        look = desk.look
        self._page = ScrolledPage(look, self, max_width=MAX_WIDTH)
        self._page.grid(row=1, column=0, sticky="nsew")
        body = frame(look, self._page.body)
        body.pack(fill="both", expand=True, padx=look.dp(PADDING), pady=look.dp(24))
        label(look, body, self.heading, font="h1").pack(anchor="w", pady=(0, look.dp(16)))
        self.head(body)
        for title, rows in self.groups():
            if title:
                self.group_title(body, title)
            grid = frame(look, body)
            grid.pack(fill="x")
            grid.grid_columnconfigure(0, minsize=look.dp(260))
            for index, (left, right) in enumerate(rows):
                label(look, grid, left, token="text").grid(
                    row=index, column=0, sticky="nw", pady=look.dp(4)
                )
                made = label(look, grid, right, token="sec", wrap=MAX_WIDTH - 340)
                made.grid(row=index, column=1, sticky="w", pady=look.dp(4))
        self._page.settle()
        for sequence, lines in (("<Down>", 2), ("<Up>", -2), ("<Next>", 12), ("<Prior>", -12)):
            self.bind(sequence, self._scroller(lines))

    def head(self, body: tk.Misc) -> None:
        """What stands above the groups: nothing."""

    def group_title(self, body: tk.Misc, words: str) -> None:
        """The title of a group."""
        look = self.desk.look
        made = label(look, body, words, font="strong", token="sec")
        made.pack(anchor="w", pady=(look.dp(12), look.dp(8)))

    def _scroller(self, lines: int) -> "Callable[[tk.Event[tk.Misc]], None]":
        return lambda _event: self._page.scroll(lines)

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Title and rows of each group."""
        return []


class ShortcutsDocument(ListPage):
    """All keys that do something."""

    heading = "Keyboard shortcuts"

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """One group, as the actions are listed."""
        return [("", self.desk.actions.pairs())]


class AboutDocument(ListPage):
    """Versions, and what the window has given up."""

    heading = "About teleterm"

    def head(self, body: tk.Misc) -> None:
        """Where updates stand."""
        self.group_title(body, "Updates")
        UpdateArea(self.desk, body).pack(anchor="w", fill="x", pady=(0, self.desk.look.dp(8)))

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Versions, the seal, a promise."""
        look = self.desk.look
        versions = [
            (look.clean(name, 60), look.clean(value, 200))
            for name, value in self.desk.store.versions.items()
        ]
        tk_version = str(self.tk.call("info", "patchlevel"))
        return [
            ("Versions", [*versions, ("Tk", tk_version)]),
            ("The sealed window", [(name, value) for name, value in seal.report().items()]),
            ("Privacy", [("Usage data", "teleterm sends nothing to anyone.")]),
        ]
