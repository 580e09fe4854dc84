"""What must hold in every state: names, and a way of the Tab key through all there is."""

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

ACTIVE = (ttk.Button, ttk.Checkbutton, ttk.Radiobutton, tk.Entry, ttk.Entry, ttk.Treeview, tk.Text)
MAX_STEPS = 300


def all_below(widget: tk.Misc) -> Iterator[tk.Misc]:
    """A widget and what is on the screen in it."""
    if not widget.winfo_ismapped():
        return
    yield widget
    for child in widget.winfo_children():
        if not isinstance(child, tk.Toplevel):
            yield from all_below(child)


def is_active(widget: tk.Misc) -> bool:
    """Whether a person may act on it."""
    return isinstance(widget, ACTIVE) or bool(
        widget.winfo_class() == "Canvas" and _focusable(widget)
    )


def _focusable(widget: tk.Misc) -> bool:
    return str(widget.cget("takefocus")) not in {"0", "", "False"}


def _is_enabled(widget: tk.Misc) -> bool:
    if isinstance(widget, ttk.Widget):
        return not widget.instate(("disabled",))
    return "state" not in widget.keys() or str(widget.cget("state")) == "normal"  # noqa: SIM118


def unnamed(root: tk.Misc) -> list[str]:
    """What one may act on and has no name of its own."""
    tops = [root, *(one for one in root.winfo_children() if isinstance(one, tk.Toplevel))]
    return [
        str(one)
        for top in tops
        for one in all_below(top)
        if is_active(one) and one.winfo_name().startswith("!")
    ]


def walk(top: tk.Misc) -> list[str]:
    """The names the Tab key passes in a window, from its first to its last."""
    steps: list[str] = []
    at: tk.Misc | None = top
    for _ in range(MAX_STEPS):
        at = at.tk_focusNext() if at is not None else None
        if at is None or str(at) in steps:
            return steps
        steps.append(str(at))
    raise AssertionError(f"no end of the Tab key's way in {top}")


def _back(top: tk.Misc, first: tk.Misc) -> set[str]:
    """What Shift-Tab passes."""
    steps: set[str] = set()
    at: tk.Misc | None = first
    while at is not None and str(at) not in steps:
        steps.add(str(at))
        at = at.tk_focusPrev()
    return steps


def unreached(top: tk.Misc) -> list[str]:
    """What one may act on, can, and the Tab key never comes to though it should."""
    steps = walk(top)
    wanted = [
        str(one)
        for one in all_below(top)
        if is_active(one) and _is_enabled(one) and _focusable_or_default(one)
    ]
    missed = [name for name in wanted if name not in steps]
    if steps:
        back = _back(top, top.nametowidget(steps[0]))
        missed += [f"{name} (backwards)" for name in steps if name not in back]
    return missed


def _focusable_or_default(widget: tk.Misc) -> bool:
    return str(widget.cget("takefocus")) not in {"0", "False"}


def out_of_order(top: tk.Misc) -> list[str]:
    """Neighbours of one parent that the Tab key takes against the reading order."""
    found = []
    for before, after in zip(steps := walk(top), steps[1:], strict=False):
        one, other = top.nametowidget(before), top.nametowidget(after)
        if one.winfo_parent() != other.winfo_parent():
            continue
        is_above = other.winfo_rooty() + other.winfo_height() <= one.winfo_rooty()
        is_same_line = abs(one.winfo_rooty() - other.winfo_rooty()) < one.winfo_height()
        if is_above or (is_same_line and other.winfo_rootx() < one.winfo_rootx()):
            found.append(f"{before} -> {after}")
    return found
