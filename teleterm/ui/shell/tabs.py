"""The open documents: one notebook without a tab row of its own, and the strip above it."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import NoteUsed
from teleterm.bridge.views import DocumentView
from teleterm.ui.documents.document import MARKS, Document
from teleterm.ui.documents.identity import key_of
from teleterm.ui.shell.tabstrip import Tab, TabStrip

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

Factory = Callable[["Desk", tk.Misc, DocumentView, str], Document]
MAX_CLOSED = 20
KINDS_NOT_NOTED = {
    "home",
    "settings",
    "about",
    "panes",
    "logs",
    "shortcuts",
    "resources",
    "requests",
    "sessions",
    "tunnels",
}


class Tabs:
    """Opens, shows, orders and closes documents; at most one for each key unless asked."""

    def __init__(
        self,
        desk: "Desk",
        strip: TabStrip,
        notebook: ttk.Notebook,
        factories: dict[str, Factory],
    ) -> None:
        self._desk = desk
        self._strip = strip
        self._notebook = notebook
        self._factories = factories
        self._documents: list[Document] = []
        self._closed: list[DocumentView] = []
        self._count = 0
        self._active: Document | None = None
        self._refresh_after = ""
        self.on_empty: Callable[[], object] = lambda: None
        self.on_layout: Callable[[], object] = lambda: None
        self.confirm_close: Callable[[list[Document], Callable[[], None]], None] = lambda _d, go: (
            go()
        )
        notebook.bind("<<NotebookTabChanged>>", self._notebook_changed)
        strip.on_pick = lambda key: self.show(self.by_path(key))
        strip.on_close = lambda key: self.close(self.by_path(key))
        strip.on_move = self._moved

    # Looking

    @property
    def documents(self) -> list[Document]:
        """All open documents in the order of their tabs."""
        return list(self._documents)

    @property
    def active(self) -> Document | None:
        """The one in front."""
        return self._active

    def by_path(self, path: str) -> Document | None:
        """The document whose widget has this path (the strip's key)."""
        return next((d for d in self._documents if str(d) == path), None)

    def by_key(self, key: str) -> Document | None:
        """The document that is the same as another one with this key."""
        return next((d for d in self._documents if d.has(key)), None)

    # Opening

    def open(
        self, view: DocumentView, *, is_background: bool = False, is_again: bool = False
    ) -> Document | None:
        """Show the document of this view, made anew unless it is open (or `is_again`)."""
        known = self.by_key(key_of(view))
        if known is not None and not is_again:
            if not is_background:
                known.reveal(key_of(view))
                self.show(known)
            return known
        document = self.add(view)
        if document is None:
            return None
        if view.kind not in KINDS_NOT_NOTED and "once" not in view.fields:
            self._desk.bridge.ask(NoteUsed(document=view, cluster_uri=document.cluster_uri))
        if not is_background or len(self._documents) == 1:
            self.show(document)
        self._desk.say(f"ui: tab opened kind={view.kind} title={document.title}")
        return document

    def add(self, view: DocumentView) -> Document | None:
        """Make a document without showing it; None when its kind isn't known here."""
        document = self.make(view)
        if document is None:
            return None
        document.on_change = self._changed
        self._documents.append(document)
        self._notebook.add(document)
        self.refresh()
        return document

    def make(self, view: DocumentView) -> Document | None:
        """Make a document that has no tab yet; None when its kind isn't known here."""
        factory = self._factories.get(view.kind)
        if factory is None:
            return None
        self._count += 1
        return factory(self._desk, self._notebook, view, f"d{self._count}")

    def swap(self, old: Document, new: Document) -> None:
        """Give a document's tab to another one; the old one is alive and without a tab then."""
        at = self._documents.index(old)
        self._documents[at] = new
        new.custom_title, new.on_change = old.custom_title, self._changed
        self._notebook.insert(at, new)
        was_active = self._active is old
        if was_active:
            self._active = new
            self._notebook.select(new)  # type: ignore[no-untyped-call]  # so in typeshed
        self._notebook.forget(old)
        self.refresh()
        self.on_layout()

    def _changed(self) -> None:
        """A document has another title, state or look."""
        self.refresh()
        self.on_layout()

    def show(self, document: Document | None) -> None:
        """Bring a document to the front."""
        if document is None:
            return
        if document is self._active:
            document.focus_content()
        else:
            self._notebook.select(document)  # type: ignore[no-untyped-call]  # so in typeshed
            self._take_active(document)
        self._desk.say(f"ui: tab shown kind={document.kind} title={document.title}")

    def _notebook_changed(self, _event: "tk.Event[tk.Misc]") -> None:
        path = str(self._notebook.select())  # type: ignore[no-untyped-call]  # so in typeshed
        document = self.by_path(path)
        if document is not None:
            self._take_active(document)

    def _take_active(self, document: Document) -> None:
        if document is self._active:
            return
        if self._active is not None and self._active.winfo_exists():
            self._active.hidden()
        self._active = document
        if document.cluster_uri:
            self._desk.store.last_used_cluster = document.cluster_uri
        document.shown()
        self.refresh()
        self.on_layout()

    def step(self, step: int) -> None:
        """Show the next or previous tab, around the end."""
        if self._active in self._documents:
            at = (self._documents.index(self._active) + step) % len(self._documents)
            self.show(self._documents[at])

    def show_number(self, number: int) -> None:
        """Show tab 1 to 8; 9 is the last."""
        if self._documents:
            at = len(self._documents) - 1 if number == 9 else number - 1
            if at < len(self._documents):
                self.show(self._documents[at])

    # Order

    def _moved(self, path: str, index: int) -> None:
        document = self.by_path(path)
        if document is not None:
            self._place(document, index)

    def move_active(self, step: int) -> None:
        """Move the active tab by places."""
        if self._active is not None:
            self._place(self._active, self._documents.index(self._active) + step)

    def _place(self, document: Document, index: int) -> None:
        index = max(0, min(len(self._documents) - 1, index))
        self._documents.remove(document)
        self._documents.insert(index, document)
        self._notebook.insert(index, document)
        self.refresh()
        self.on_layout()

    # Closing

    def close(self, document: Document | None) -> None:
        """Close a tab; asks first if something live would end."""
        if document is not None:
            self.close_all([document])

    def close_all(self, documents: list[Document]) -> None:
        """Close these tabs; asks once if something live would end."""
        live = [document for document in documents if document.is_live]

        def go() -> None:
            for document in documents:
                self.drop(document)

        if live and self._desk.store.settings.tabs_confirm_close:
            self.confirm_close(live, go)
        else:
            go()

    def drop(self, document: Document) -> None:
        """Close a tab without asking."""
        if document not in self._documents:
            return
        at = self._documents.index(document)
        self._closed = [*self._closed[-MAX_CLOSED:], document.view()]
        self._documents.remove(document)
        document.close()
        if document is self._active:
            self._active = None
            if self._documents:
                self.show(self._documents[min(at, len(self._documents) - 1)])
        self._notebook.forget(document)
        document.destroy()
        self._desk.say("ui: tab closed")
        self.refresh()
        self.on_layout()
        if not self._documents:
            self.on_empty()

    @property
    def has_closed(self) -> bool:
        """Whether there is a tab to open again."""
        return bool(self._closed)

    def reopen(self) -> None:
        """Open the tab that was closed last."""
        if self._closed:
            self.open(self._closed.pop(), is_again=True)

    # The strip

    def refresh(self) -> None:
        """Draw the strip anew soon, and tell whoever follows the tabs."""
        if not self._refresh_after:
            self._refresh_after = self._notebook.after_idle(self._refresh)

    def _refresh(self) -> None:
        self._refresh_after = ""
        if not self._notebook.winfo_exists():
            return
        active = str(self._active) if self._active is not None else ""
        self._strip.show([self._tab(document) for document in self._documents], active)
        self._desk.store.changed("tabs")

    def _tab(self, document: Document) -> Tab:
        look, store = self._desk.look, self._desk.store
        cluster = store.root_of(document.cluster_uri) if document.cluster_uri else None
        title = look.clean(document.title, 120)
        hint = " · ".join([title, look.clean(cluster.title)] if cluster else [title])
        return Tab(
            key=str(document),
            title=title,
            icon=document.icon if not document.state else "",
            mark=MARKS.get(document.state),
            color=look.cluster_color(cluster.color) if cluster else "",
            hint=hint,
            news=document.news,
        )
