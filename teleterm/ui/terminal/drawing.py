"""The one crossing into Tcl of a frame, and the items that rows reuse.

Text of a program only ever travels as an argument, never as a part of a script.
"""

import tkinter as tk
from collections.abc import Sequence

Op = tuple[object, ...]
"""A canvas subcommand with its arguments."""

PROCEDURE = "teleterm_paint"
_BODY = "foreach op $ops { $canvas {*}$op }"
OPS_A_TURN = 1500


class Drawer:
    """Collects canvas operations and does them in one call (several turns when there are many)."""

    def __init__(self, canvas: tk.Canvas) -> None:
        self.canvas = canvas
        self._call = canvas.tk.call
        self._path = str(canvas)
        self._ops: list[Op] = []
        if not self._call("info", "commands", f"::{PROCEDURE}"):
            self._call("proc", f"::{PROCEDURE}", "canvas ops", _BODY)
        self.below_text = self._marker()
        self.below_cursor = self._marker()
        self.below_marks = self.below_text
        self.below_marks = self._marker()
        canvas.tag_lower(self.below_marks, self.below_text)

    def _marker(self) -> int:
        return self.canvas.create_line(-9, -9, -9, -9, state="hidden")

    def add(self, *op: object) -> None:
        """Do this at the next flush."""
        self._ops.append(op)

    def create(self, kind: str, coords: Sequence[int], above: int, tag: str) -> int:
        """Make a hidden item below a marker; gives its number."""
        made = int(
            self._call(self._path, "create", kind, *coords, "-state", "hidden", "-tags", tag)
        )
        self._call(self._path, "lower", made, above)
        return made

    def turn(self) -> bool:
        """Do at most OPS_A_TURN of what was collected; True when there is more."""
        ops, self._ops = self._ops[:OPS_A_TURN], self._ops[OPS_A_TURN:]
        if ops:
            self._call(PROCEDURE, self._path, tuple(ops))
        return bool(self._ops)

    def flush(self) -> None:
        """Do all that was collected."""
        while self.turn():
            pass


Look = tuple[tuple[int, ...], tuple[object, ...]]
"""What an item shows: its coordinates in the row, and its options as Tk takes them."""


class Pool:
    """Items of one kind in one row; an item changes only where it differs from what it shows."""

    def __init__(self, drawer: Drawer, kind: str, above: int, tag: str) -> None:
        self._drawer, self._kind, self._above, self._tag = drawer, kind, above, tag
        self._items: list[int] = []
        self._shown: list[Look | None] = []

    def show(self, looks: Sequence[Look], top: int) -> None:
        """Show exactly these, with `top` added to every second coordinate."""
        for place, look in enumerate(looks):
            if place == len(self._items):
                coords = (0, 0) if self._kind == "text" else (0, 0, 0, 0)
                made = self._drawer.create(self._kind, coords, self._above, self._tag)
                if self._kind == "text":
                    self._drawer.add("itemconfigure", made, "-anchor", "nw")
                elif self._kind == "rectangle":
                    self._drawer.add("itemconfigure", made, "-width", 0)
                self._items.append(made)
                self._shown.append(None)
            if self._shown[place] != look:
                self._change(place, look, top)
        for place in range(len(looks), len(self._items)):
            if self._shown[place] is not None:
                self._drawer.add("itemconfigure", self._items[place], "-state", "hidden")
                self._shown[place] = None

    def _change(self, place: int, look: Look, top: int) -> None:
        coords, options = look
        before = self._shown[place]
        item = self._items[place]
        if before is None or before[0] != coords:
            moved = [value + top if odd else value for value, odd in _marked(coords)]
            self._drawer.add("coords", item, *moved)
        if before is None:
            self._drawer.add("itemconfigure", item, *options, "-state", "normal")
        elif before[1] != options:
            self._drawer.add("itemconfigure", item, *options)
        self._shown[place] = look

    def forget(self) -> None:
        """Take everything off the canvas."""
        for item in self._items:
            self._drawer.add("delete", item)
        self._items.clear()
        self._shown.clear()


def _marked(coords: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(value, place & 1) for place, value in enumerate(coords)]
