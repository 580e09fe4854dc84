"""The bell of a terminal: a strip that flashes, a sound, or the taskbar."""

import tkinter as tk

from teleterm.ui.terminal.timers import Timers

FLASH_MS = 120
REST_MS = 1000


class Bell:
    """Rings at most once a second."""

    def __init__(self, view: tk.Frame, timers: Timers, height_px: int) -> None:
        self._view, self._timers = view, timers
        self.way = "visual"
        self._flash = tk.Frame(view, name="flash", height=height_px, borderwidth=0)

    def paint(self, color: str) -> None:
        """The colour of the strip."""
        self._flash.configure(background=color)

    def ring(self) -> None:
        """Ring as the settings say."""
        if "bell_rest" in self._timers or self.way == "none":
            return
        self._timers.later("bell_rest", REST_MS, lambda: None)
        if self.way == "sound":
            self._view.bell()
        elif self.way == "attention":
            _ask_attention(self._view)
        elif self.way == "visual":
            self._flash.place(x=0, y=0, relwidth=1.0)
            self._flash.lift()
            self._timers.later("bell", FLASH_MS, self._flash.place_forget)


def _ask_attention(view: tk.Misc) -> None:
    """Mark the taskbar's entry, unless the window has the keyboard anyway."""
    top = view.winfo_toplevel()
    if top.focus_displayof() is None and isinstance(top, tk.Tk):
        top.wm_attributes("-topmost", top.wm_attributes("-topmost"))
        top.wm_deiconify()
