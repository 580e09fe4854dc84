"""The scrollbar of a terminal, and where its view stands."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from teleterm.bridge import frames


class Scroller:
    """`<name>.bar`, shown while there is more than fits."""

    def __init__(self, parent: tk.Misc, send: Callable[[frames.ToEngine], object]) -> None:
        self._send = send
        self._above, self._rows, self._total = 0, 1, 1
        self._bar = ttk.Scrollbar(
            parent, name="bar", orient="vertical", style="sunken.Vertical.TScrollbar",
            command=self._moved,
        )  # fmt: skip

    @property
    def is_back(self) -> bool:
        """Whether the view isn't at the end."""
        return self._above + self._rows < self._total

    def show(self, frame: frames.Paint) -> None:
        """Take where a frame stands."""
        self._above, self._total, _new = frame.view
        self._rows = frame.rows
        is_needed = self._total > self._rows
        if is_needed != bool(self._bar.grid_info()):
            if is_needed:
                self._bar.grid(row=0, column=1, sticky="ns")
            else:
                self._bar.grid_remove()
        if is_needed:
            end = min(1.0, (self._above + self._rows) / self._total)
            self._bar.set(self._above / self._total, end)

    def _moved(self, what: str, amount: str, unit: str = "") -> None:
        if what == "moveto":
            room = max(1, self._total - self._rows)
            self._send(frames.Sought(max(0.0, min(1.0, float(amount) * self._total / room))))
        else:
            step = self._rows - 1 if unit.startswith("page") else 1
            self._send(frames.Scrolled(int(float(amount)) * step, is_wheel=False))

    def to_end(self) -> None:
        """Show what is written now."""
        self._send(frames.Sought(1.0))
