"""Pages that change with the access requests that a login has taken."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.documents.document import Document


class AssumedFollower:
    """Calls `on_change` after a request of the document's cluster was assumed or dropped."""

    def __init__(self, document: Document, on_change: Callable[[], object]) -> None:
        self._document, self._store = document, document.desk.store
        self._on_change = on_change
        self._known = self._now()
        self._store.listen("clusters", self._changed)
        document.bind("<Destroy>", self._gone, add=True)

    def _now(self) -> frozenset[str]:
        root = self._store.root_of(self._document.cluster_uri)
        return frozenset(one.id for one in root.assumed) if root is not None else frozenset()

    def _changed(self) -> None:
        now = self._now()
        if now != self._known:
            self._known = now
            self._on_change()

    def _gone(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self._document:
            self._store.unlisten("clusters", self._changed)
