"""Words that appear half a second after the pointer rests on something."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.theme.look import Look

DELAY_MS = 500
MAX_WIDTH = 360
TAG = "TeletermTooltip"

_tips: dict[str, "tuple[Tip, Callable[[], str]]"] = {}
"""The tooltips of living widgets, by their path."""


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
    """Give a widget a tooltip; `text` is asked each time.

    It listens through a bind tag of its own: Tk runs only the most specific binding of a tag, so
    that a widget's own `<Button-1>` would keep a click from us.
    """
    _tips[str(widget)] = Tip(look, widget), text
    widget.bind("<Destroy>", lambda event: _forget(event.widget), add=True)
    widget.bindtags((TAG, *widget.bindtags()))
    if not widget.bind_class(TAG):
        widget.bind_class(TAG, "<Enter>", _enter)
        for sequence in ("<Leave>", "<ButtonPress>", "<Key>"):
            widget.bind_class(TAG, sequence, _leave)


def _enter(event: "tk.Event[tk.Misc]") -> None:
    found = _tips.get(str(event.widget))
    if found is not None:
        tip, text = found
        tip.soon(text(), event.x_root, event.y_root)


def _leave(event: "tk.Event[tk.Misc]") -> None:
    found = _tips.get(str(event.widget))
    if found is not None:
        found[0].hide()


def _forget(widget: object) -> None:
    _tips.pop(str(widget), None)
