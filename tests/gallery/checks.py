"""What must hold in every state: names, the Tab key's way, contrast as drawn, heights."""

import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

from teleterm.ui.theme.tokens import contrast
from tests.gallery.tree import TERMINAL, kind, option, texts

ACTIVE = (
    ttk.Button, ttk.Checkbutton, ttk.Radiobutton, ttk.Menubutton, ttk.Scale, ttk.Treeview,
    tk.Entry, ttk.Entry, tk.Text, tk.Listbox,
)  # fmt: skip
MAX_STEPS = 300
READABLE = 4.5
LOW_STYLES = ("Flat", "Ghost", "Small")
"""Fields without a box, buttons with an icon alone, and those in a line of small text."""


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


def hard_to_read(widget: tk.Misc) -> list[str]:
    """Words that stand out too little from what is drawn behind them."""
    found: list[str] = []
    for one in all_below(widget):
        if isinstance(one, tk.Label) and str(one.cget("text")):
            pairs = [(str(one.cget("text")), str(one.cget("foreground")), _ground(one))]
        elif isinstance(one, tk.Canvas) and one.winfo_name() != TERMINAL:
            pairs = list(_written(one))
        else:
            continue
        found += [
            f"{one}: {words!r} ({ink} on {ground})"
            for words, ink, ground in pairs
            if contrast(ink, ground) < READABLE
        ]
    return found


def _ground(widget: tk.Misc) -> str:
    return str(widget.cget("background"))


def _written(canvas: tk.Canvas) -> Iterator[tuple[str, str, str]]:
    """Each text of a canvas, its colour, and the fill of the topmost box that lies below it."""
    for item, words in texts(canvas):
        ink = option(canvas, item, "fill")
        if not ink or option(canvas, item, "state") == "hidden":
            continue
        left, top, right, bottom = canvas.bbox(item)
        middle = (left + right) // 2, (top + bottom) // 2
        fills = [
            option(canvas, one, "fill")
            for one in canvas.find_overlapping(*middle, *middle)
            if one < item and kind(canvas, one) in {"rectangle", "polygon"}
        ]
        yield words, ink, next((fill for fill in reversed(fills) if fill), _ground(canvas))


def too_low(root: tk.Misc, wanted: int) -> list[str]:
    """Buttons with words and fields that aren't as high as all others."""
    return [
        f"{one} is {one.winfo_reqheight()} high"
        for one in all_below(root)
        if isinstance(one, (ttk.Button, ttk.Entry))
        and not any(style in str(one.cget("style")) for style in LOW_STYLES)
        and one.winfo_reqheight() != wanted
    ]
