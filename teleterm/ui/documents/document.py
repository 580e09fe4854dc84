"""What every document has: a title, a mark for its state, a form that is kept on disk."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.views import DocumentView
from teleterm.ui.documents.identity import icon_of, key_of
from teleterm.ui.documents.news import NOTHING
from teleterm.ui.widgets.basic import frame

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

Mark = tuple[str, str]
"""Icon and token of a state mark."""

MARKS: dict[str, Mark] = {
    "live": ("mark_on", "success"),
    "working": ("mark_half", "accent"),
    "offline": ("mark_ring", "muted"),
    "trouble": ("mark_trouble", "danger"),
    "locked": ("mark_locked", "warning"),
}


class Document(tk.Frame):
    """A page in the notebook; subclasses fill it.

    `on_change` is set by the tabs and called whenever title, mark or kept form changed.
    """

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self.desk = desk
        self._view = view
        self.custom_title = ""
        self.news = NOTHING
        self.on_change: Callable[[], object] = lambda: None
        self.grid_rowconfigure(1, weight=1)
        self.grid_columnconfigure(0, weight=1)
        self.banners = frame(desk.look, self, name="banners")
        self.banners.grid(row=0, column=0, sticky="ew")
        self.banners.grid_columnconfigure(0, weight=1)
        desk.look.follow(self, self._paint)

    def _paint(self) -> None:
        self.configure(background=self.desk.look.color("surface"))

    @property
    def kind(self) -> str:
        """The kind as it is kept."""
        return self._view.kind

    @property
    def key(self) -> str:
        """What makes it the same document as another."""
        return key_of(self._view)

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return icon_of(self._view)

    @property
    def title(self) -> str:
        """What the tab shows."""
        return self.custom_title or self._view.title or self._view.kind

    @property
    def cluster_uri(self) -> str:
        """The cluster it belongs to, or nothing."""
        return self._view.fields.get("cluster", "")

    @property
    def state(self) -> str:
        """One of the names of MARKS, or nothing for pages without a connection."""
        return ""

    @property
    def is_live(self) -> bool:
        """Whether closing it ends something that somebody may miss."""
        return False

    @property
    def live_text(self) -> str:
        """What is lost when it closes."""
        return ""

    def view(self) -> DocumentView:
        """The form that is kept and opened again."""
        return DocumentView(
            kind=self._view.kind, title=self.kept_title, fields=dict(self._view.fields)
        )

    @property
    def kept_title(self) -> str:
        """The title it has when it is opened again."""
        return self.title

    def set_field(self, name: str, value: str) -> None:
        """Change a kept field."""
        fields = dict(self._view.fields)
        fields[name] = value
        self._view = DocumentView(kind=self._view.kind, title=self._view.title, fields=fields)
        self.on_change()

    def field(self, name: str) -> str:
        """A kept field."""
        return self._view.fields.get(name, "")

    @property
    def inner(self) -> "Document":
        """What actions act on: itself, or the active one of several."""
        return self

    def has(self, key: str) -> bool:
        """Whether it is, or holds, the document of that key."""
        return self.key == key

    def reveal(self, key: str) -> None:
        """Bring what it holds under that key to the front of it."""

    def crumbs(self) -> tuple[str, ...]:
        """Where it is, for the status bar."""
        store = self.desk.store
        cluster = store.cluster_of(self.cluster_uri)
        if cluster is None:
            return (self.title,)
        root = store.root_of(cluster.uri)
        names = [root.title] if root is not None and root.uri != cluster.uri else []
        return (*names, cluster.title, self.title)

    def status(self) -> str:
        """What the status bar says about it."""
        return ""

    @property
    def alarm(self) -> str:
        """What the status bar warns of while it is in front."""
        return ""

    def with_kept(self, use: Callable[[int, int], object]) -> None:
        """Call `use` for each terminal in it with the lines it keeps, and their bytes."""

    def shown(self) -> None:
        """It is in front now."""
        self.news = NOTHING
        self.focus_content()

    def hidden(self) -> None:
        """Another one is in front now."""

    def focus_content(self) -> None:
        """Give the keyboard to what one works in."""
        self.focus_set()

    def close(self) -> None:
        """End whatever it holds; it is destroyed afterwards."""
