"""The keyboard over a terminal: scrolling keys, the menu key, everything else to the engine."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.terminal import keyboard
from teleterm.ui.terminal.options import Callbacks
from teleterm.ui.terminal.painter import Painter

EVENT_TYPES, ALL_KEYS = 2, 8
"""Flags of the kitty keyboard protocol that the window must know."""
PRESS, REPEAT, RELEASE = 1, 2, 3


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
        self._held: dict[int, keyboard.Key] = {}
        self._release = frames.Pressed("", 0, RELEASE)
        self._released: tuple[int, int, str] | None = None
        """Key code, time and idle callback of a release that may be the start of a repeat."""
        painter.canvas.bind("<KeyPress>", self._key, add=True)
        painter.canvas.bind("<KeyRelease>", self._key_up, add=True)
        painter.canvas.bind("<FocusOut>", lambda _event: self._held.clear(), add=True)

    def _key(self, event: "tk.Event[tk.Misc]") -> str | None:
        if self._callbacks.entered is None and self._callbacks.composed(
            event.keysym, event.char, int(event.state), self._commit, lambda: self._take(event)
        ):
            return "break"
        return self._take(event)

    def _take(self, event: "tk.Event[tk.Misc]") -> str | None:
        """Send a key on that is no part of a sequence; "break" says that it was one for us."""
        found = keyboard.read(
            event.keysym, event.char, int(event.state), event.keycode, platform=self._platform
        )
        is_repeat = self._is_repeat(event)
        if found is None and self._flags & ALL_KEYS:
            found = keyboard.modifier_key(event.keysym, int(event.state), is_down=True)
        if found is None:
            return None
        if isinstance(found, keyboard.Typed):
            self._commit(found.text)
        elif not self._is_ours(found):
            self._held[event.keycode] = found
            self._press(found, REPEAT if is_repeat else PRESS)
        return "break"

    # Programs that want to know when a key goes up (kitty keyboard protocol)

    @property
    def _flags(self) -> int:
        frame = self._painter.frame
        return frame.modes.kitty if frame is not None else 0

    def _key_up(self, event: "tk.Event[tk.Misc]") -> None:
        """X11 says that a key that is held goes up and down; the two bear the same time."""
        self._let_up()
        key = self._held.pop(event.keycode, None)
        if key is None or not self._flags & EVENT_TYPES or self._callbacks.entered is not None:
            return
        modifiers = keyboard.modifiers_of(int(event.state), platform=self._platform)
        up = keyboard.modifier_key(event.keysym, int(event.state), is_down=False)
        message = frames.Pressed(key.key, up.modifiers if up else modifiers, RELEASE)
        after = self._painter.canvas.after_idle(self._let_up)
        self._released = (event.keycode, int(event.time), after)
        self._release = message

    def _is_repeat(self, event: "tk.Event[tk.Misc]") -> bool:
        """Whether this press belongs to the release before it, which is no release then."""
        released = self._released
        if released is None:
            return False
        code, time, after = released
        if (code, time) != (event.keycode, int(event.time)):
            self._let_up()
            return False
        self._painter.canvas.after_cancel(after)
        self._released = None
        return True

    def _let_up(self) -> None:
        if self._released is not None:
            self._painter.canvas.after_cancel(self._released[2])
            self._released = None
            self._send(self._release)

    def stop(self) -> None:
        """Forget what was planned."""
        if self._released is not None:
            self._painter.canvas.after_cancel(self._released[2])
            self._released = None

    def _press(self, key: keyboard.Key, kind: int) -> None:
        """A key for the program; after its end there is only Enter."""
        if self._callbacks.entered is None:
            self._on_typed()
            self._send(frames.Pressed(key.key, key.modifiers, kind))
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
