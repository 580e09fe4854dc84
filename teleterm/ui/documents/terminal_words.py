"""What a terminal's tab says over and above its screen: a cover while it connects, a banner."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.ui.documents.cover import Cover
from teleterm.ui.shell.banner import Banner, Choice

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk
    from teleterm.ui.documents.document import Document


class TerminalWords:
    """At most one cover, over the terminal, and one banner, above it."""

    def __init__(self, desk: "Desk", document: "Document", area: tk.Misc) -> None:
        self._desk, self._document, self._area = desk, document, area
        self._banner: Banner | None = None
        self._cover: Cover | None = None
        document.banners.grid_remove()

    @property
    def has_banner(self) -> bool:
        """Whether a banner is there."""
        return self._banner is not None

    def banner(self, level: str, text: str, choices: list[Choice]) -> None:
        """Show a banner instead of the one before."""
        self.hide_banner()
        self._banner = Banner(
            self._desk.look,
            self._document.banners,
            name="ended",
            level=level,
            text=text,
            choices=choices,
        )
        self._banner.grid(row=0, column=0, sticky="ew")
        self._document.banners.grid()

    def set_text(self, text: str) -> None:
        """Change the words of the banner that is there."""
        if self._banner is not None:
            self._banner.set_text(text)

    def hide_banner(self) -> None:
        """Take the banner away."""
        if self._banner is not None:
            self._banner.destroy()
            self._banner = None
            self._document.banners.grid_remove()

    def cover(self, text: str, waits: str, on_cancel: Callable[[], object]) -> None:
        """Say where the terminal will be that it is being connected."""
        self.uncover()
        self._cover = Cover(self._desk.look, self._document, text, waits, on_cancel)
        self._cover.place(in_=self._area, x=0, y=0, relwidth=1, relheight=1)
        self._cover.lift()

    def uncover(self) -> bool | None:
        """Take the cover away; tells whether it had the keyboard, None when there was none."""
        if self._cover is None:
            return None
        had_focus = str(self._desk.root.focus_get() or "").startswith(str(self._cover))
        self._cover.destroy()
        self._cover = None
        return had_focus

    def focus_cover(self) -> bool:
        """Give the keyboard to the cover, if there is one."""
        if self._cover is None or not self._cover.winfo_exists():
            return False
        self._cover.focus_set()
        return True
