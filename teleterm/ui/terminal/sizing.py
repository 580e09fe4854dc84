"""How large a terminal's grid is: as much as fits, told once the window has come to rest."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.terminal.painter import Painter
from teleterm.ui.terminal.timers import Timers

REST_MS = 80


class Sizing:
    """Tells the engine; `on_size(is_first)` is called after that."""

    def __init__(
        self, painter: Painter, timers: Timers, send: Callable[[frames.ToEngine], object]
    ) -> None:
        self._painter, self._timers, self._send = painter, timers, send
        self.on_size: Callable[[bool], object] = lambda _is_first: None
        self.size = (0, 0)
        painter.canvas.bind("<Configure>", self._configured, add=True)

    def fitting(self) -> tuple[int, int]:
        """Columns and rows that fit; (0, 0) before the widget has a size."""
        canvas = self._painter.canvas
        width, height = canvas.winfo_width(), canvas.winfo_height()
        return self._painter.grid_for(width, height) if width > 1 else (0, 0)

    def _configured(self, _event: "tk.Event[tk.Misc]") -> None:
        self.fit()

    def start(self) -> None:
        """There is a new engine: tell it now."""
        self.size = (0, 0)
        self._tell()

    def fit(self) -> None:
        """The widget or its letters have another size."""
        if self.fitting() in {(0, 0), self.size}:
            return
        if self.size == (0, 0):
            self._tell()
        else:
            self._timers.later("resize", REST_MS, self._tell)

    def _tell(self) -> None:
        wanted = self.fitting()
        if wanted in {(0, 0), self.size}:
            return
        is_first = self.size == (0, 0)
        self.size = wanted
        self._send(frames.Resized(*wanted))
        self.on_size(is_first)
