"""What a window shows as readable text: widgets in order, names, words, states, colours by token.

Nothing in it depends on the fonts of the machine.
"""

import re
import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

from teleterm.ui.theme.tokens import tokens

GRID = re.compile(r"\b\d+×\d+\b")
COLOURS = ("background", "foreground", "highlightbackground")
WORDS = 70
PADS = ("padx", "pady")
PASSING = {"active", "focus", "hover", "background"}
"""States that come from the pointer and the keyboard."""
SCROLLBAR = "TScrollbar"
"""Whether one is needed depends on the height of the font."""
TERMINAL = "screen"
"""The canvas of a terminal: its contents are tested elsewhere and follow the font's cells."""


class Reader:
    """Reads one window; `scale` is its dp, `high` whether it is the mode of high contrast."""

    def __init__(self, mode: str, *, scale: float = 1.0, is_high: bool = False) -> None:
        self._scale = scale
        self._tokens: dict[str, str] = {}
        for token, colour in tokens(mode, has_high_contrast=is_high).items():
            self._tokens.setdefault(colour.lower(), token)

    def lines(self, root: tk.Misc) -> Iterator[str]:
        """All that is on the screen, one line each, as deep as it lies."""
        yield from self._below(root, 0)

    def _below(self, widget: tk.Misc, depth: int) -> Iterator[str]:
        if depth and not widget.winfo_ismapped():
            return
        if widget.winfo_class() == SCROLLBAR:
            return
        yield "  " * depth + self._line(widget)
        inner = "  " * (depth + 1)
        if isinstance(widget, tk.Canvas) and widget.winfo_name() != TERMINAL:
            yield from (inner + line for line in self._drawn(widget))
        elif isinstance(widget, ttk.Treeview):
            yield from (inner + line for line in _rows(widget))
        for child in sorted(widget.winfo_children(), key=_place):
            yield from self._below(child, depth + 1)

    def _line(self, widget: tk.Misc) -> str:
        name = widget.winfo_name()
        parts = [widget.winfo_class(), "-" if name.startswith("!") else name]
        words = _words(widget)
        if words:
            parts.append(f'"{words}"')
        if isinstance(widget, ttk.Widget):
            states = " ".join(str(one) for one in widget.state() if one not in PASSING)
            parts += [str(widget.cget("style"))] if widget.cget("style") else []
            parts += [f"[{states}]"] if states else []
        parts += self._colours(widget)
        parts += self._pads(widget)
        return " ".join(parts)

    def _colours(self, widget: tk.Misc) -> list[str]:
        if isinstance(widget, ttk.Widget):
            return []
        known = set(widget.keys())
        found = []
        for option in COLOURS:
            if option == "highlightbackground" and not int(
                float(str(widget.cget("highlightthickness")))
            ):
                continue
            if option == "foreground" and not _words(widget):
                continue
            if option in known:
                found.append(self.token(str(widget.cget(option))))
        return ["/".join(found)] if found else []

    def _pads(self, widget: tk.Misc) -> list[str]:
        manager = widget.winfo_manager()
        if manager not in {"grid", "pack"} or not isinstance(widget, tk.Widget):
            return []
        info = widget.grid_info() if manager == "grid" else widget.pack_info()
        shown = []
        for side in PADS:
            value = info.get(side, 0)
            pair = value if isinstance(value, tuple) else (value, value)
            dps = [round(int(str(one)) / self._scale) for one in pair]
            if any(dps):
                shown.append(
                    f"{side}={dps[0]}" if dps[0] == dps[1] else f"{side}={dps[0]},{dps[1]}"
                )
        return shown

    def token(self, colour: str) -> str:
        """The name of a colour, `cluster` for one that isn't in the table of the mode."""
        return self._tokens.get(colour.lower(), "cluster") if colour else ""

    def _drawn(self, canvas: tk.Canvas) -> Iterator[str]:
        for item, words in texts(canvas):
            yield f'text "{_plain(words)}" {self.token(option(canvas, item, "fill"))}'


def texts(canvas: tk.Canvas) -> Iterator[tuple[int, str]]:
    """The items of a canvas that have words, and these."""
    for item in canvas.find_all():
        words = option(canvas, item, "text") if kind(canvas, item) == "text" else ""
        if words:
            yield item, words


def option(canvas: tk.Canvas, item: int, name: str) -> str:
    """An option of an item, as text."""
    return str(canvas.tk.call(canvas, "itemcget", item, f"-{name}"))


def kind(canvas: tk.Canvas, item: int) -> str:
    """What an item is: `text`, `rectangle`…"""
    return str(canvas.tk.call(canvas, "type", item))


def _place(widget: tk.Misc) -> tuple[bool, int]:
    """Windows over the main one come last; else the order they were made in."""
    return (isinstance(widget, tk.Toplevel), 0)


def _plain(words: str) -> str:
    """Without line ends and the size of a terminal, which follows the font."""
    return GRID.sub("C×R", words.replace("\n", " ⏎ "))


def _words(widget: tk.Misc) -> str:
    if isinstance(widget, (tk.Entry, ttk.Entry)):
        mask = str(widget.cget("show"))
        return mask * len(widget.get()) if mask else _plain(widget.get())
    if isinstance(widget, tk.Text):
        return _plain(widget.get("1.0", "end-1c"))
    if "text" in widget.keys():  # noqa: SIM118 - a widget is no mapping
        return _plain(str(widget.cget("text")))
    return ""


def _rows(table: ttk.Treeview) -> Iterator[str]:
    shown = ("#0", *(str(one) for one in table.cget("columns")))
    yield "heads " + " | ".join(str(table.heading(one, "text")) for one in shown)
    for row in table.get_children():
        values = [str(table.item(row, "text")), *map(str, table.item(row, "values"))]
        tags = " ".join(str(one) for one in table.item(row, "tags"))
        yield f"row {_plain(' | '.join(values))} {tags}".rstrip()
