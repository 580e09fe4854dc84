"""Words that appear half a second after the pointer rests on something."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.theme.look import Look

DELAY_MS = 500
MAX_WIDTH = 360


class Tip:
    """One tooltip window, shown near the pointer and gone with any movement out or key."""

    def __init__(self, look: Look, widget: tk.Misc) -> None:
        self._look = look
        self._widget = widget
        self._after = ""
        self._window: tk.Toplevel | None = None
        widget.bind("<Destroy>", lambda _event: self.hide(), add=True)

    def soon(self, text: str, x_root: int, y_root: int) -> None:
        """Show `text` below that point if nothing happens meanwhile."""
        self.hide()
        if text:
            self._after = self._widget.after(DELAY_MS, self._show, text, x_root, y_root)

    def hide(self) -> None:
        """Take it away."""
        if self._after:
            self._widget.after_cancel(self._after)
            self._after = ""
        if self._window is not None:
            self._window.destroy()
            self._window = None

    def _show(self, text: str, x_root: int, y_root: int) -> None:
        self._after = ""
        look, window = self._look, tk.Toplevel(self._widget)
        window.wm_overrideredirect(True)
        window.configure(background=look.color("borderStrong"))
        inside = tk.Label(
            window,
            text=text,
            font=look.font("caption"),
            justify="left",
            wraplength=look.dp(MAX_WIDTH),
            background=look.color("elevated"),
            foreground=look.color("text"),
            padx=look.dp(8),
            pady=look.dp(5),
        )
        inside.pack(padx=1, pady=1)
        window.update_idletasks()
        x = min(x_root, window.winfo_screenwidth() - window.winfo_reqwidth() - look.dp(4))
        y = y_root + look.dp(18)
        if y + window.winfo_reqheight() > window.winfo_screenheight():
            y = y_root - window.winfo_reqheight() - look.dp(8)
        window.wm_geometry(f"+{max(0, x)}+{max(0, y)}")
        self._window = window


def tooltip(look: Look, widget: tk.Misc, text: Callable[[], str]) -> None:
    """Give a widget a tooltip; `text` is asked each time."""
    tip = Tip(look, widget)

    def enter(event: "tk.Event[tk.Misc]") -> None:
        tip.soon(text(), event.x_root, event.y_root)

    def leave(_event: "tk.Event[tk.Misc]") -> None:
        tip.hide()

    widget.bind("<Enter>", enter, add=True)
    for sequence in ("<Leave>", "<ButtonPress>", "<Key>"):
        widget.bind(sequence, leave, add=True)
