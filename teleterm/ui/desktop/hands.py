"""Keyboard and mouse for a desktop: what is pressed over its picture goes there.

The keyboard is the desktop's from a click until Right Ctrl, whatever the window's own keys are.
"""

import sys
import tkinter as tk
from collections.abc import Callable

from teleterm.bridge.desktop_contract import Button, FromWindow, Key, Moved, Scancode, Wheel
from teleterm.ui.desktop.screen import Screen

MOVE_MS = 16
NOTCH = 120
RELEASE_KEY = "Control_R"
CTRL, ALT, DELETE = 0x1D, 0x38, 0xE053
_BUTTONS = {1: 0, 2: 1, 3: 2}
_WHEELS = {4: (True, NOTCH), 5: (True, -NOTCH), 6: (False, NOTCH), 7: (False, -NOTCH)}


class Hands:
    """Sends input through `send`; `on_capture(is_captured)` tells whose the keyboard is."""

    def __init__(
        self,
        screen: Screen,
        send: Callable[[FromWindow], object],
        on_capture: Callable[[bool], object],
    ) -> None:
        self._screen, self._send, self._on_capture = screen, send, on_capture
        self._down: set[int] = set()
        self._at: tuple[int, int] | None = None
        self._sent: tuple[int, int] | None = None
        self._after = ""
        self.is_captured = False
        # no tag but its own: neither Tk nor the window acts on these keys
        screen.bindtags((str(screen),))
        screen.bind("<KeyPress>", self._key_down)
        screen.bind("<KeyRelease>", self._key_up)
        screen.bind("<FocusOut>", lambda _event: self.release())
        screen.bind("<Motion>", self._moved)
        screen.bind("<ButtonPress>", self._pressed)
        screen.bind("<ButtonRelease>", self._released)
        if sys.platform in {"win32", "darwin"}:
            screen.bind("<MouseWheel>", self._wheel)
        screen.bind("<Destroy>", lambda _event: self._stop(), add=True)

    def capture(self) -> None:
        """Give the keyboard to the desktop."""
        self._screen.focus_set()
        if not self.is_captured:
            self.is_captured = True
            self._on_capture(True)

    def release(self) -> None:
        """Take the keyboard back; nothing stays pressed there."""
        for code in self._down:
            self._send(Key(code, is_down=False))
        self._down.clear()
        if self.is_captured:
            self.is_captured = False
            self._on_capture(False)

    def secure_attention(self) -> None:
        """Press Ctrl+Alt+Del there."""
        for code in (CTRL, ALT, DELETE):
            self._send(Scancode(code, is_down=True))
        for code in (DELETE, ALT, CTRL):
            self._send(Scancode(code, is_down=False))

    def _stop(self) -> None:
        if self._after:
            self._screen.after_cancel(self._after)
            self._after = ""

    def _key_down(self, event: "tk.Event[tk.Misc]") -> str:
        if event.keysym == RELEASE_KEY:
            self.release()
            following = self._screen.tk_focusNext()
            if following is not None:
                following.focus_set()
            return "break"
        if self.is_captured:
            self._down.add(event.keycode)
            self._send(Key(event.keycode, is_down=True))
        return "break"

    def _key_up(self, event: "tk.Event[tk.Misc]") -> str:
        if event.keycode in self._down:
            self._down.remove(event.keycode)
            self._send(Key(event.keycode, is_down=False))
        return "break"

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        self._at = self._screen.point(event.x, event.y)
        if not self._after:
            self._after = self._screen.after(MOVE_MS, self._move)

    def _move(self) -> None:
        self._after = ""
        if self._at is not None and self._at != self._sent:
            self._sent = self._at
            self._send(Moved(*self._at))

    def _pressed(self, event: "tk.Event[tk.Misc]") -> None:
        self.capture()
        self._button(event, is_down=True)

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        self._button(event, is_down=False)

    def _button(self, event: "tk.Event[tk.Misc]", *, is_down: bool) -> None:
        self._at = self._screen.point(event.x, event.y)
        self._move()
        wheel = _WHEELS.get(event.num)
        if wheel is not None and sys.platform not in {"win32", "darwin"}:
            if is_down:
                self._send(Wheel(*wheel))
        elif event.num in _BUTTONS:
            self._send(Button(_BUTTONS[event.num], is_down=is_down))

    def _wheel(self, event: "tk.Event[tk.Misc]") -> None:
        self._send(Wheel(is_vertical=True, delta=event.delta))
