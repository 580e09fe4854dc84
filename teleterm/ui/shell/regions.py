"""The parts of the window that the keyboard goes to one after the other."""

import tkinter as tk
from collections.abc import Callable, Sequence

from teleterm.ui.widgets import focus

Region = tuple[str, Callable[[], object] | None]
"""The path of the part, and how it takes the keyboard; None: its first widget that can."""


def go_to_next(root: tk.Misc, regions: Sequence[Region]) -> None:
    """Give the keyboard to the next region that is shown and takes it, the first after the last.

    `regions` are in their order; of two that hold the keyboard the later, inner one counts.
    """
    now = str(root.focus_get() or "")
    holding = [at for at, (path, _) in enumerate(regions) if focus.holds(path, now)]
    start = holding[-1] + 1 if holding else 0
    for path, take in [*regions[start:], *regions[:start]]:
        if take is not None:
            take()
            return
        first = _first_in(root, path)
        if first is not None:
            first.focus_set()
            return


def _first_in(root: tk.Misc, path: str) -> tk.Misc | None:
    try:
        region = root.nametowidget(path)
        first = region.tk_focusNext()
    except (KeyError, tk.TclError):
        return None
    return first if region.winfo_viewable() and focus.holds(path, str(first)) else None
