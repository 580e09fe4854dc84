"""Small words over the terminal: its size, the zoom, new lines below."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.theme.look import Look

STAY_MS = 800


class Overlay:
    """A chip in the middle that goes by itself, and one at the bottom that stays."""

    def __init__(self, look: Look, parent: tk.Misc, on_down: Callable[[], object]) -> None:
        self._look, self._parent = look, parent
        self._size = self._chip("size", "title")
        self._news = self._chip("news", "body")
        self._news.configure(cursor="hand2")
        self._news.bind("<Button-1>", lambda _event: on_down())
        self._news_text = ""
        self._after = ""
        self._size.bind("<Button>", self._make_way)
        look.follow(self._size, self._paint)

    def _chip(self, name: str, font: str) -> tk.Label:
        look = self._look
        return tk.Label(
            self._parent, name=name, font=look.font(font), borderwidth=0, padx=look.dp(12),
            pady=look.dp(4), highlightthickness=look.dp(1),
        )  # fmt: skip

    def _paint(self) -> None:
        color = self._look.color
        for chip in (self._size, self._news):
            chip.configure(
                background=color("elevated"),
                foreground=color("text"),
                highlightbackground=color("edge"),
            )

    def say(self, words: str) -> None:
        """Show words for a moment."""
        self._size.configure(text=words)
        self._size.place(relx=0.5, rely=0.5, anchor="center")
        self._size.lift()
        self.stop()
        self._after = self._parent.after(STAY_MS, self._size.place_forget)

    def _make_way(self, event: "tk.Event[tk.Label]") -> None:
        """Let a click meant for the terminal below through: it goes there again."""
        self.stop()
        self._size.place_forget()
        below = self._size.winfo_containing(event.x_root, event.y_root)
        if below is not None and isinstance(event.num, int):
            x, y = event.x_root - below.winfo_rootx(), event.y_root - below.winfo_rooty()
            below.event_generate(f"<ButtonPress-{event.num}>", x=x, y=y)

    def set_news(self, lines: int) -> None:
        """So many lines came below while looking back; 0 takes the chip away."""
        words = f"↓ {lines} new line{'s' if lines != 1 else ''}" if lines else ""
        if words == self._news_text:
            return
        self._news_text = words
        if words:
            self._news.configure(text=words)
            self._news.place(relx=0.5, rely=1.0, y=-self._look.dp(12), anchor="s")
            self._news.lift()
        else:
            self._news.place_forget()

    def stop(self) -> None:
        """Forget the clock."""
        if self._after:
            self._parent.after_cancel(self._after)
            self._after = ""
