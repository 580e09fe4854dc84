"""The keyboard over a terminal: scrolling keys, the menu key, everything else to the engine."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.terminal import keyboard
from teleterm.ui.terminal.options import Callbacks
from teleterm.ui.terminal.painter import Painter


class Typist:
    """Bound to the canvas; `on_typed` is called before a key leaves for the program."""

    def __init__(
        self,
        painter: Painter,
        callbacks: Callbacks,
        send: Callable[[frames.ToEngine], object],
        on_typed: Callable[[], object],
    ) -> None:
        self._painter, self._callbacks = painter, callbacks
        self._send, self._on_typed = send, on_typed
        system = str(painter.canvas.tk.call("tk", "windowingsystem"))
        self._platform = {"aqua": "darwin", "win32": "win32"}.get(system, "linux")
        painter.canvas.bind("<KeyPress>", self._key, add=True)

    def _key(self, event: "tk.Event[tk.Misc]") -> str | None:
        if self._callbacks.entered is None and self._callbacks.composed(
            event.keysym, event.char, int(event.state), self._commit
        ):
            return "break"
        found = keyboard.read(
            event.keysym, event.char, int(event.state), event.keycode, platform=self._platform
        )
        if found is None:
            return None
        if isinstance(found, keyboard.Typed):
            self._commit(found.text)
        elif not self._is_ours(found):
            self._press(found)
        return "break"

    def _press(self, key: keyboard.Key) -> None:
        """A key for the program; after its end there is only Enter."""
        if self._callbacks.entered is None:
            self._on_typed()
            self._send(frames.Pressed(key.key, key.modifiers))
        elif key.key in {"Enter", "KeypadEnter"}:
            self._callbacks.entered()

    def _commit(self, text: str) -> None:
        if self._callbacks.entered is None:
            self._on_typed()
            self._send(frames.Committed(text))

    def _is_ours(self, key: keyboard.Key) -> bool:
        if key.key == "Menu" or (key.key == "F10" and key.modifiers == keyboard.SHIFT):
            canvas = self._painter.canvas
            self._callbacks.menu(canvas.winfo_rootx() + 24, canvas.winfo_rooty() + 24, "")
            return True
        frame = self._painter.frame
        if frame is None or frame.modes.is_alternate:
            return False
        message = _scrolling(key, max(1, frame.rows - 1))
        if message is not None:
            self._send(message)
        return message is not None


def _scrolling(key: keyboard.Key, page: int) -> frames.Scrolled | frames.Sought | None:
    """What a key does to the view; None for keys that are the program's."""
    both = keyboard.SHIFT | keyboard.CTRL
    steps = {
        ("PageUp", keyboard.SHIFT): -page,
        ("PageDown", keyboard.SHIFT): page,
        ("Up", both): -1,
        ("Down", both): 1,
    }
    if (key.key, key.modifiers) in steps:
        return frames.Scrolled(steps[key.key, key.modifiers], is_wheel=False)
    if key.key in {"Home", "End"} and key.modifiers == keyboard.SHIFT:
        return frames.Sought(0.0 if key.key == "Home" else 1.0)
    return None
