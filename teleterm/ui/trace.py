"""For tests from outside: tells the log where named widgets and rows are, when asked to."""

import tkinter as tk
from collections.abc import Callable

EVERY_MS = 100


class Trace:
    """Logs `ui: widget <path> x,y WxH` and `ui: row <path> <key> x,y WxH`, root coordinates."""

    def __init__(self, root: tk.Tk, log: Callable[[str], object]) -> None:
        self._root, self._log = root, log
        self._said: dict[str, str] = {}
        self._focus = ""

    def start(self) -> None:
        """Look now and every tenth of a second."""
        self._root.after(EVERY_MS, self.start)
        found: dict[str, str] = {}
        self._walk(self._root, found)
        for name, place in found.items():
            if self._said.get(name) != place:
                self._log(f"ui: {name} {place}")
        for name in self._said.keys() - found.keys():
            self._log(f"ui: gone {name}")
        self._said = found
        focus = str(self._root.focus_get() or "")
        if focus != self._focus:
            self._focus = focus
            self._log(f"ui: focus {focus}")
        self._log("ui: looked")  # who reads this twice knows of all that was there the first time

    def _walk(self, widget: tk.Misc, found: dict[str, str]) -> None:
        for child in widget.winfo_children():
            if not child.winfo_viewable():
                continue
            x, y = child.winfo_rootx(), child.winfo_rooty()
            name = str(child)
            if "!" not in name.rpartition(".")[2] and "#" not in name:
                found[f"widget {name}"] = f"{x},{y} {child.winfo_width()}x{child.winfo_height()}"
                boxes = getattr(child, "boxes", None)
                for key, left, top, width, height in boxes() if boxes is not None else ():
                    place = f"{x + left},{y + top} {width}x{height}"
                    found[f"row {name} {key.replace(' ', '%20')}"] = place
            self._walk(child, found)
