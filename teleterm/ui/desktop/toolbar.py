"""The line above a desktop: what can be done with the session as a whole."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.ui.widgets.basic import button, label

if TYPE_CHECKING:
    from tkinter import ttk

    from teleterm.ui.theme.look import Look

Act = Callable[[], object]
HINT_FREE = "Click into the desktop to type there."
HINT_CAUGHT = "Right Ctrl gives the keyboard back."


class Toolbar(tk.Frame):
    """`.bar`: `attention`, `share`, `clipboard`, `shot`, `full`; a hint and the delay."""

    def __init__(
        self,
        look: "Look",
        parent: tk.Misc,
        *,
        attention: Act,
        share: Act,
        clipboard: Act,
        shot: Act,
        full: Act,
    ) -> None:
        super().__init__(parent, name="bar", borderwidth=0, highlightthickness=0)
        self._look = look
        self._buttons: dict[str, ttk.Button] = {}
        for name, text, act in (
            ("attention", "Ctrl+Alt+Del", attention),
            ("share", "Share a folder…", share),
            ("clipboard", "Clipboard: on", clipboard),
            ("shot", "Screenshot", shot),
            ("full", "Full screen", full),
        ):
            made = button(look, self, text, act, name=name, kind="Ghost")
            made.pack(side="left", padx=(look.dp(4), 0), pady=look.dp(4))
            self._buttons[name] = made
        self._delay = label(look, self, "", token="muted", name="delay")
        self._delay.pack(side="right", padx=look.dp(12))
        self._hint = label(look, self, HINT_FREE, token="muted", name="hint")
        self._hint.pack(side="right")
        look.follow(self, lambda: self.configure(background=look.color("surface")))

    def set_enabled(self, *, is_enabled: bool) -> None:
        """Whether there is a session to do it with."""
        for made in self._buttons.values():
            made.state(["!disabled" if is_enabled else "disabled"])
        self._hint.configure(text=HINT_FREE if is_enabled else "")
        self._delay.configure(text="")

    def set_captured(self, *, is_captured: bool) -> None:
        """Say whose the keyboard is."""
        self._hint.configure(text=HINT_CAUGHT if is_captured else HINT_FREE)

    def set_clipboard(self, *, is_on: bool) -> None:
        """Say whether copied texts travel."""
        self._buttons["clipboard"].configure(text=f"Clipboard: {'on' if is_on else 'off'}")

    def set_delay(self, ms: int) -> None:
        """Show how far away the desktop is."""
        self._delay.configure(text=f"{ms} ms")

    def focus_first(self) -> None:
        """The keyboard goes to the first button."""
        self._buttons["attention"].focus_set()
