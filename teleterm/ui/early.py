"""The last session's shell, shown and typed into while the rest of the window is still loading.

It lies over the place where its tab will be, `.first`, until that tab has painted the same text.
"""

import os
import time
import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames, opening
from teleterm.ui.terminal.channel import Channel
from teleterm.ui.terminal.coloring import Coloring, Colors
from teleterm.ui.terminal.faces import Faces
from teleterm.ui.terminal.options import Callbacks
from teleterm.ui.terminal.painter import Painter
from teleterm.ui.terminal.typist import Typist

Send = Callable[[frames.ToEngine], object]
PATIENCE_S = 0.6
FOCUS_S = 0.1
MAX_KEPT = 1000


class EarlyTerminal:
    """A canvas with a channel, a painter and a keyboard; no scrolling, no selection.

    Keys typed after its channel was taken over by the tab are kept for `hand_over`.
    """

    def __init__(self, root: tk.Tk, glance: opening.Glance, descriptor: int) -> None:
        self._root = root
        self.painted_at = 0.0
        self._kept: list[frames.ToEngine] = []
        self._is_held = False
        self._forward: Send | None = None
        root.configure(background=glance.ground)
        self._canvas = tk.Canvas(
            root, name="first", borderwidth=0, highlightthickness=0, takefocus=True,
            background=glance.background, cursor="xterm",
        )  # fmt: skip
        faces = Faces(root)
        faces.has_emoji_hazard = glance.has_emoji_hazard
        faces.configure((glance.family,), glance.font_px, glance.line_height)
        self._painter = Painter(
            self._canvas, faces, Coloring(_colors(glance), glance.minimum_contrast), self._painted
        )
        self._painter.margin = glance.margin
        self._painter.default_shape = glance.cursor_style
        self._painter.set_focus(has_focus=True)
        self._typist = Typist(self._painter, Callbacks(), self._send, lambda: None)
        self._channel: Channel | None = Channel(root, descriptor, self._take, self._ended)
        root.wm_geometry(glance.geometry)
        self._canvas.place(x=glance.left, y=glance.top, width=glance.width, height=glance.height)
        self._canvas.focus_force()

    def wait(self) -> bool:
        """Run Tk until the first frame is on the screen; False when none came.

        Blocks: at most PATIENCE_S.
        """
        self._run_until(lambda: self._channel is None or bool(self.painted_at), PATIENCE_S)
        return bool(self.painted_at)

    def wait_for_keyboard(self) -> None:
        """Run Tk until the display has given us the keyboard: it drops keys that come before.

        Blocks: at most FOCUS_S.
        """
        self._run_until(lambda: self._root.focus_get() is self._canvas, FOCUS_S)

    def _run_until(self, is_done: Callable[[], bool], limit_s: float) -> None:
        ends_at = time.monotonic() + limit_s
        alarm = self._root.after(int(limit_s * 1000), lambda: None)
        while not is_done() and time.monotonic() < ends_at:
            self._root.dooneevent()
        self._root.after_cancel(alarm)

    @property
    def is_alive(self) -> bool:
        """Whether its picture still lies over the window."""
        return bool(self._canvas.winfo_exists())

    def hold(self) -> None:
        """Its tab is about to take the channel: from now on keys wait for `hand_over`.

        A key that is written into a channel which the engine has just left would be lost.
        """
        self._is_held = True

    def hand_over(self, send: Send) -> bool:
        """The tab has the channel now: give it the keys typed since; tells whether we had focus."""
        for message in self._kept:
            send(message)
        self._kept.clear()
        self._forward = send
        return self.is_alive and self._root.focus_get() is self._canvas

    def stay_on_top(self) -> None:
        """Lie over what was built since."""
        tk.Misc.tkraise(self._canvas)  # the canvas has a tkraise of its own, for items

    def leave(self) -> None:
        """Give the window free: the tab has painted, or there is no such tab."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self.is_alive:
            self._painter.stop()
            self._canvas.destroy()

    def _take(self, message: frames.ToWindow) -> None:
        if isinstance(message, frames.Paint):
            self._painter.show(message)

    def _painted(self, serial: int) -> None:
        if not self.painted_at:
            self._root.winfo_pointerx()  # asks the display, so that it has drawn what we sent
            self.painted_at = time.time()
        self._send(frames.Painted(serial))

    def _ended(self, _why: str) -> None:
        self._channel = None
        self._painter.stop()

    def _send(self, message: frames.ToEngine) -> None:
        is_key = not isinstance(message, frames.Painted)
        channel = None if is_key and self._is_held else self._channel
        if (channel is not None and channel.send(message)) or not is_key:
            return
        if self._forward is not None:
            self._forward(message)
        elif len(self._kept) < MAX_KEPT:
            self._kept.append(message)


def show(root: tk.Tk, data: bytes, descriptor: int) -> EarlyTerminal | None:
    """Show the shell that these bytes describe; None, and its channel closed, when they don't."""
    found = opening.read(data)
    if found is None:
        os.close(descriptor)
        return None
    try:
        return EarlyTerminal(root, found.glance, descriptor)
    except tk.TclError:  # a value in the file that Tk can't use
        return None


def _colors(glance: opening.Glance) -> Colors:
    return Colors(
        foreground=glance.foreground,
        background=glance.background,
        cursor=glance.cursor,
        selection=glance.background,
        hit=glance.background,
        current_hit=glance.background,
        on_current_hit=glance.foreground,
        palette=glance.palette,
    )
