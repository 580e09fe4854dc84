"""The window's end of a terminal's frame channel."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.channel import FrameChannel


class Channel(FrameChannel[frames.ToWindow, frames.ToEngine]):
    """Frames of an engine; what is painted is checked first."""

    def __init__(
        self,
        root: tk.Misc,
        descriptor: int,
        on_message: Callable[[frames.ToWindow], None],
        on_end: Callable[[str], None],
    ) -> None:
        super().__init__(root, descriptor, frames.window_reader(), frames.pack, on_message, on_end)

    def _check(self, message: frames.ToWindow) -> None:
        if isinstance(message, frames.Paint):
            frames.check(message)
