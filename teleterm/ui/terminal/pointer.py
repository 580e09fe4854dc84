"""The mouse over a terminal: selecting, links, the wheel, programs that asked for it."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.terminal import keyboard, linking, selecting
from teleterm.ui.terminal.options import Behaviour, Callbacks
from teleterm.ui.terminal.painter import Painter
from teleterm.ui.terminal.selecting import Selection

SCROLL_MS = 50
_HELD = {1: 0x100, 2: 0x200, 3: 0x400}


class Pointer:
    """Bound to the canvas: `on_select` is called when the marks changed, `on_selected` after."""

    def __init__(
        self,
        painter: Painter,
        selection: Selection,
        callbacks: Callbacks,
        send: Callable[[frames.ToEngine], object],
        ask_span: Callable[[str, frames.Point], object],
    ) -> None:
        self._painter, self._selection, self._callbacks = painter, selection, callbacks
        self._send, self._ask_span = send, ask_span
        self.behaviour: Behaviour | None = None
        self.on_select: Callable[[], object] = lambda: None
        self.on_selected: Callable[[], object] = lambda: None
        self.on_middle: Callable[[], object] = lambda: None
        self.on_right: Callable[[int, int, str], object] = lambda _x, _y, _url: None
        self.on_zoom: Callable[[int], object] = lambda _step: None
        self._is_dragging = False
        self._reported: set[int] = set()
        self._last_place = (-1, -1)
        self._link: linking.Link | None = None
        self._idle = ""
        self._scroll_after = ""
        self._drag_at = (0, 0)
        canvas = painter.canvas
        for button in (1, 2, 3):
            canvas.bind(f"<ButtonPress-{button}>", self._pressed, add=True)
            canvas.bind(f"<ButtonRelease-{button}>", self._released, add=True)
        canvas.bind("<Motion>", self._moved, add=True)
        canvas.bind("<Leave>", lambda _event: self._show_link(None), add=True)
        canvas.bind("<MouseWheel>", self._wheeled, add=True)
        if canvas.tk.call("tk", "windowingsystem") == "x11":
            for button in (4, 5):
                canvas.bind(f"<ButtonPress-{button}>", self._wheeled, add=True)
        for key in ("<KeyPress-Control_L>", "<KeyPress-Control_R>"):
            canvas.bind(key, self._control_down, add=True)
        for key in ("<KeyRelease-Control_L>", "<KeyRelease-Control_R>"):
            canvas.bind(key, lambda _event: self._show_link(None), add=True)

    @property
    def _mouse(self) -> int:
        frame = self._painter.frame
        return frame.modes.mouse if frame is not None else 0

    @property
    def _lines(self) -> tuple[frames.Point, ...]:
        frame = self._painter.frame
        return frame.lines if frame is not None else ()

    def stop(self) -> None:
        """Forget what was planned."""
        for after in (self._idle, self._scroll_after):
            if after:
                self._painter.canvas.after_cancel(after)
        self._idle = self._scroll_after = ""

    # Programs that asked for the mouse

    def _is_reported(self, event: "tk.Event[tk.Misc]") -> bool:
        return bool(self._mouse) and not int(event.state) & 1

    def _report(self, kind: str, button: int, event: "tk.Event[tk.Misc]") -> None:
        row, col = self._painter.cell_at(event.x, event.y)
        modifiers = keyboard.modifiers_of(int(event.state))
        x, y = max(0, event.x - self._painter.margin), max(0, event.y - self._painter.margin)
        self._send(frames.Pointed(kind, button, col, row, modifiers, x, y))

    # Buttons

    def _pressed(self, event: "tk.Event[tk.Misc]") -> str:
        self._painter.canvas.focus_set()
        button = int(event.num)
        if self._is_reported(event):
            self._reported.add(button)
            self._last_place = self._reported_place(event)
            self._report("press", button, event)
        elif button == 1:
            self._left(event)
        elif button == 2:
            self.on_middle()
        else:
            link = self._link_at(event.x, event.y)
            self.on_right(event.x_root, event.y_root, link.url if link is not None else "")
        return "break"

    def _left(self, event: "tk.Event[tk.Misc]") -> None:
        state = int(event.state)
        is_block = bool(
            keyboard.modifiers_of(state) & keyboard.ALT
        )  # with Ctrl where Alt moves windows
        if state & 0x04 and not is_block:
            link = self._link_at(event.x, event.y)
            if link is not None:
                self._callbacks.followed(link.url)
                return
        clicks = self._clicks(event)
        corner = self._corner_at(event.x, event.y)
        if corner is None:
            return
        self._is_dragging = True
        # Where a program has the mouse, Shift only takes it back.
        if state & 0x01 and not self._mouse and not self._selection.is_empty:
            self._selection.extend(corner)
        elif clicks == 1 and is_block:
            self._selection.begin_block(corner)
        elif clicks == 1:
            self._selection.clear()
            self._selection.extend(corner)
        else:
            row, col = self._painter.cell_at(event.x, event.y)
            cell = selecting.point_of(self._lines, row, col)
            if cell is not None:
                self._ask_span("word" if clicks == 2 else "line", cell)
        self.on_select()

    def _corner_at(self, x: int, y: int) -> selecting.Corner | None:
        return selecting.corner_of(self._lines, *self._painter.edge_at(x, y))

    _last_click = (0, -9, -9, 0)

    def _clicks(self, event: "tk.Event[tk.Misc]") -> int:
        """How many clicks in a row this is: 1 to 3, within 400 ms and one cell."""
        time, x, y, count = self._last_click
        is_near = abs(event.x - x) + abs(event.y - y) <= self._painter.faces.cell_width
        count = count % 3 + 1 if is_near and int(event.time) - time < 400 else 1
        self._last_click = (int(event.time), event.x, event.y, count)
        return count

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        button = int(event.num)
        if button in self._reported:
            self._reported.discard(button)
            self._report("release", button, event)
            return
        if button == 1 and self._is_dragging:
            if self._idle:
                self._painter.canvas.after_cancel(self._idle)
                self._extend()
            self._is_dragging = False
            self._stop_scrolling()
            if not self._selection.is_empty:
                self.on_selected()

    # Motion

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        state = int(event.state)
        if self._is_dragging:
            self._drag(event.x, event.y)
            return
        if self._mouse and not state & 1:
            self._report_motion(event, state)
            return
        link = self._link_at(event.x, event.y) if state & 0x04 else None
        self._show_link(link)

    def _report_motion(self, event: "tk.Event[tk.Misc]", state: int) -> None:
        held = next((button for button, mask in _HELD.items() if state & mask), 0)
        is_wanted = self._mouse == 1003 or (self._mouse == 1002 and held)
        place = self._reported_place(event)
        if is_wanted and place != self._last_place:
            self._last_place = place
            self._report("move", held, event)

    def _reported_place(self, event: "tk.Event[tk.Misc]") -> tuple[int, int]:
        """The cell, or the pixel for a program that asked for pixels (mode 1016)."""
        frame = self._painter.frame
        if frame is not None and frame.modes.has_pixel_mouse:
            return event.y, event.x
        return self._painter.cell_at(event.x, event.y)

    def _drag(self, x: int, y: int) -> None:
        self._drag_at = (x, y)
        height = self._painter.canvas.winfo_height()
        if 0 <= y < height:
            self._stop_scrolling()
        elif not self._scroll_after:
            self._scroll_after = self._painter.canvas.after(SCROLL_MS, self._scroll_on)
        if not self._idle:
            self._idle = self._painter.canvas.after_idle(self._extend)

    def _extend(self) -> None:
        self._idle = ""
        corner = self._corner_at(*self._drag_at)
        if corner is not None and self._is_dragging:
            self._selection.extend(corner)
            self.on_select()

    def _scroll_on(self) -> None:
        y, height = self._drag_at[1], self._painter.canvas.winfo_height()
        beyond = y if y < 0 else y - height
        rows = max(1, min(10, abs(beyond) // self._painter.faces.cell_height))
        self._send(frames.Scrolled(-rows if y < 0 else rows, is_wheel=False))
        self._scroll_after = self._painter.canvas.after(SCROLL_MS, self._scroll_on)

    def _stop_scrolling(self) -> None:
        if self._scroll_after:
            self._painter.canvas.after_cancel(self._scroll_after)
            self._scroll_after = ""

    def follow_view(self) -> None:
        """The view moved: a drag goes on at the text below the pointer."""
        if self._is_dragging and self._scroll_after:
            self._extend()

    # Wheel

    def _wheeled(self, event: "tk.Event[tk.Misc]") -> str:
        is_up = int(event.num) == 4 if str(event.num) in {"4", "5"} else event.delta > 0
        state = int(event.state)
        if state & 0x04 and not self._is_reported(event):
            self.on_zoom(1 if is_up else -1)
        elif self._is_reported(event):
            self._report("press", 4 if is_up else 5, event)
        else:
            lines = self.behaviour.wheel_lines if self.behaviour is not None else 3
            self._send(frames.Scrolled(-lines if is_up else lines, is_wheel=True))
        return "break"

    # Links

    def _link_at(self, x: int, y: int) -> linking.Link | None:
        painter = self._painter
        if painter.frame is None or not painter.rows:
            return None
        row, col = painter.cell_at(x, y)
        rows = [items.cells for items in painter.rows]
        style = rows[row].at(col)[2]
        number = painter.coloring.appearance(style).link
        url = painter.links.get(number, "")
        if url:
            return linking.Link(url, linking.named_at(rows, painter.link_of_style, row, style))
        return linking.address_at(rows, painter.cols, row, col)

    def _control_down(self, _event: "tk.Event[tk.Misc]") -> None:
        canvas = self._painter.canvas
        x, y = canvas.winfo_pointerxy()
        self._show_link(self._link_at(x - canvas.winfo_rootx(), y - canvas.winfo_rooty()))

    def _show_link(self, link: linking.Link | None) -> None:
        if link == self._link:
            return
        self._link = link
        self._painter.underline(link.places if link is not None else ())
        self._painter.canvas.configure(cursor="hand2" if link is not None else "xterm")
        self._callbacks.hovered(link.url if link is not None else "")
