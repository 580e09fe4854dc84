"""What stands where a terminal will be while it connects."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import button, label

SLOW_MS = 3_000


class Cover(tk.Frame):
    """`.cover`: mono text; what it waits for and `cancel` after a moment."""

    def __init__(
        self, look: Look, parent: tk.Misc, text: str, waits: str, on_cancel: Callable[[], object]
    ) -> None:
        super().__init__(parent, name="cover", borderwidth=0, highlightthickness=0)
        self._look, self._waits, self._on_cancel = look, f"{text}\n{waits}", on_cancel
        self._label = label(look, self, text, font="mono", token="muted", surface="sunken")
        self._label.configure(justify="left")
        self._label.pack(anchor="nw", padx=look.dp(16), pady=look.dp(12))
        self._after = self.after(SLOW_MS, self._is_slow)
        look.follow(self, lambda: self.configure(background=look.color("sunken")))

    def _is_slow(self) -> None:
        self._after = ""
        self._label.configure(text=self._waits)
        cancel = button(
            self._look, self, "Cancel", self._on_cancel, name="cancel", surface="sunken"
        )
        cancel.pack(anchor="nw", padx=self._look.dp(16), pady=self._look.dp(4))

    def destroy(self) -> None:
        """Nothing happens afterwards."""
        if self._after:
            self.after_cancel(self._after)
        super().destroy()
