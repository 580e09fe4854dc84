"""The ground under the panes of a tab: dividers to drag, and frames that mark panes."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.panes import layout
from teleterm.ui.panes.layout import Box, Divider
from teleterm.ui.theme.look import Look

LINE, GRAB, FRAME = 1, 6, 3
"""dp: a divider's line, where the mouse takes hold of it, and the frame around a pane."""


class Stage(tk.Canvas):
    """Lays panes out: `on_place(boxes)` is called with where each one goes, after every change."""

    def __init__(self, look: Look, parent: tk.Misc, *, name: str) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0, width=1, height=1)
        self._look = look
        self.on_place: Callable[[dict[int, Box]], object] = lambda _boxes: None
        self.on_settle: Callable[[], object] = lambda: None
        self._layout: layout.Layout | None = None
        self._zoomed: int | None = None
        self._boxes: dict[int, Box] = {}
        self._marked: set[int] = set()
        self._dividers: list[Divider] = []
        self._drag: tuple[Divider, int] | None = None
        self.bind("<Configure>", lambda _event: self._lay(), add=True)
        self.bind("<Motion>", self._hovered, add=True)
        self.bind("<ButtonPress-1>", self._pressed, add=True)
        self.bind("<B1-Motion>", self._dragged, add=True)
        self.bind("<ButtonRelease-1>", self._released, add=True)
        self.bind("<Double-Button-1>", self._evened, add=True)
        look.follow(self, self._paint)

    def show(self, tree: layout.Layout, *, zoomed: int | None) -> None:
        """Lay these panes out, or one of them alone."""
        self._layout, self._zoomed = tree, zoomed
        self._lay()

    def boxes(self) -> list[tuple[str, int, int, int, int]]:
        """Where one can take hold of dividers, for tests from outside."""
        return [
            (f"divider{number}", box.x, box.y, box.width, box.height)
            for number, (box, *_) in enumerate(self._dividers)
        ]

    def pane_boxes(self, tree: layout.Layout) -> dict[int, Box]:
        """Where the panes lie when none is zoomed, frames and all."""
        return tree.boxes(self._area(), self._look.dp(LINE))[0]

    def mark(self, panes: set[int]) -> None:
        """Draw a frame around these panes and no others."""
        self._marked = panes
        self._paint()

    def _area(self) -> Box:
        return Box(0, 0, max(1, self.winfo_width()), max(1, self.winfo_height()))

    def _lay(self) -> None:
        if self._layout is None or self.winfo_width() <= 1:
            return
        if self._zoomed is not None:
            self._boxes, self._dividers = {self._zoomed: self._area()}, []
        else:
            self._boxes, self._dividers = self._layout.boxes(self._area(), self._look.dp(LINE))
        self._paint()
        frame = self._look.dp(FRAME)
        self.on_place(
            {
                number: Box(
                    box.x + frame,
                    box.y + frame,
                    max(1, box.width - 2 * frame),
                    max(1, box.height - 2 * frame),
                )
                for number, box in self._boxes.items()
            }
        )

    def _paint(self) -> None:
        color = self._look.color
        self.configure(background=color("border"))
        self.delete("ground")
        for number, box in self._boxes.items():
            fill = color("danger" if number in self._marked else "sunken")
            self.create_rectangle(
                box.x, box.y, box.x + box.width, box.y + box.height,
                fill=fill, width=0, tags="ground",
            )  # fmt: skip

    # Dividers

    def _divider_at(self, x: int, y: int) -> Divider | None:
        """The divider whose grab area a point is in; panes cover everything else."""
        reach = self._look.dp(GRAB) // 2 + 1
        for divider in self._dividers:
            box = divider.box
            across, along = (x - box.x, y - box.y) if divider.split.is_row else (
                y - box.y, x - box.x)  # fmt: skip
            length = box.height if divider.split.is_row else box.width
            if -reach <= across <= reach and 0 <= along < length:
                return divider
        return None

    def _hovered(self, event: "tk.Event[tk.Misc]") -> None:
        if self._drag is None:
            found = self._divider_at(event.x, event.y)
            ways = {None: "", True: "sb_h_double_arrow", False: "sb_v_double_arrow"}
            self.configure(cursor=ways[found.split.is_row if found is not None else None])

    def _pressed(self, event: "tk.Event[tk.Misc]") -> None:
        found = self._divider_at(event.x, event.y)
        if found is not None:
            self._drag = (found, event.x if found.split.is_row else event.y)

    def _dragged(self, event: "tk.Event[tk.Misc]") -> None:
        if self._drag is None:
            return
        divider, last = self._drag
        now = event.x if divider.split.is_row else event.y
        if now != last:
            layout.move(divider.split, divider.after, (now - last) / divider.length)
            self._drag = (divider, now)
            self._lay()

    def _released(self, _event: "tk.Event[tk.Misc]") -> None:
        if self._drag is not None:
            self._drag = None
            self.on_settle()

    def _evened(self, event: "tk.Event[tk.Misc]") -> None:
        found = self._divider_at(event.x, event.y)
        if found is not None:
            layout.even(found.split)
            self._lay()
            self.on_settle()
