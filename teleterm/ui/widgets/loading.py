"""A thin line that moves while something is on its way, shown only if it takes a moment."""

import tkinter as tk

from teleterm.ui.theme.look import Look

SHOW_AFTER_MS = 150
STEP_MS = 33
HEIGHT = 3


class LoadingLine(tk.Canvas):
    """3 dp high; takes its place always, so that nothing jumps."""

    def __init__(self, look: Look, parent: tk.Misc, *, surface: str = "surface") -> None:
        super().__init__(
            parent, name="loading", height=look.dp(HEIGHT), borderwidth=0, highlightthickness=0
        )
        self._look, self._surface = look, surface
        self._after = ""
        self._position = 0.0
        self._bar = self.create_rectangle(0, 0, 0, 0, width=0)
        look.follow(self, self._paint)
        self.bind("<Destroy>", lambda _event: self.stop(), add=True)

    def _paint(self) -> None:
        self.configure(background=self._look.color(self._surface))
        self.itemconfigure(self._bar, fill=self._look.color("accent"))

    def start(self) -> None:
        """Begin after a moment, unless it runs already."""
        if not self._after:
            self._position = 0.0
            self._after = self.after(SHOW_AFTER_MS, self._step)

    def stop(self) -> None:
        """End and vanish."""
        if self._after:
            self.after_cancel(self._after)
            self._after = ""
        if self.winfo_exists():
            self.coords(self._bar, 0, 0, 0, 0)

    def _step(self) -> None:
        width = self.winfo_width()
        length = width // 4
        self._position = (self._position + 0.02) % 1.0
        left = int((width + length) * self._position) - length
        self.coords(self._bar, left, 0, left + length, self._look.dp(HEIGHT))
        if not self._look.settings.ui_animations:
            self.coords(self._bar, 0, 0, width, self._look.dp(HEIGHT))
            return
        self._after = self.after(STEP_MS, self._step)
