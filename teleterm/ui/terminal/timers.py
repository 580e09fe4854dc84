"""Named clocks of a widget: one of each name, all stopped together."""

import tkinter as tk
from collections.abc import Callable


class Timers:
    """What is planned for later on a widget's behalf."""

    def __init__(self, widget: tk.Misc) -> None:
        self._widget = widget
        self._afters: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._afters

    def later(self, name: str, wait_ms: int, act: Callable[[], object]) -> None:
        """Do this after a while, instead of what was planned under the name."""

        def run() -> None:
            self._afters.pop(name, None)
            act()

        self.stop(name)
        self._afters[name] = self._widget.after(wait_ms, run)

    def stop(self, name: str) -> None:
        """Forget what was planned under the name."""
        after = self._afters.pop(name, "")
        if after:
            self._widget.after_cancel(after)

    def stop_all(self) -> None:
        """Forget everything."""
        for name in list(self._afters):
            self.stop(name)
