"""A page whose login has ended keeps what it shows, muted, below a banner that mends it."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.documents.document import Document
from teleterm.ui.shell.banner import Banner
from teleterm.ui.store import is_usable, locked_text


class PageLock:
    """Follows the login of a document's cluster.

    `on_locked` and `on_unlocked` change its looks, `on_again` loads it anew after a login.
    """

    def __init__(
        self,
        document: Document,
        on_again: Callable[[], object],
        on_locked: Callable[[], object],
        on_unlocked: Callable[[], object],
    ) -> None:
        self._document, self._desk = document, document.desk
        self._on_again, self._on_locked, self._on_unlocked = on_again, on_locked, on_unlocked
        self._banner: Banner | None = None
        self._desk.store.listen("clusters", self._clusters_changed)
        document.bind("<Destroy>", self._gone, add=True)

    def _gone(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self._document:
            self._desk.store.unlisten("clusters", self._clusters_changed)

    def is_open(self) -> bool:
        """Whether there is a login; shows and hides the banner accordingly."""
        if not self._is_usable():
            self.close()
            return False
        if self._banner is not None:
            self._banner.destroy()
            self._banner = None
            self._document.banners.configure(height=1)
        self._on_unlocked()
        return True

    def close(self) -> None:
        """Lock the page."""
        if self._banner is not None:
            return
        desk, uri = self._desk, self._document.cluster_uri
        root = desk.store.root_of(uri)
        title = desk.look.clean(root.title, 80) if root is not None else "the cluster"
        text = locked_text(root, desk.now(), title)
        self._banner = Banner(
            desk.look, self._document.banners, name="locked", level="warning", text=text,
            choices=[("Log in", lambda: desk.dialogs.login(uri, on_done=self._on_again))],
        )  # fmt: skip
        self._banner.grid(row=0, column=0, sticky="ew")
        self._on_locked()
        desk.say(f"ui: {self._document.kind} locked {text}")

    def _is_usable(self) -> bool:
        desk = self._desk
        return is_usable(desk.store.root_of(self._document.cluster_uri), desk.now())

    def _clusters_changed(self) -> None:
        usable = self._is_usable()
        if usable and self._banner is not None:
            self._on_again()
        elif not usable and self._banner is None:
            self.close()
