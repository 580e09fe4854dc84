"""Catches keys before any widget of the main window and runs the actions they mean."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.ui import keymap

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

TAG = "TeletermKeys"


class Keys:
    """A bind tag in front of every widget that gets the keyboard.

    A dialog is another top window, whose keys pass; while the palette is open only its own key
    and those of programs that end run.
    """

    def __init__(self, desk: "Desk", is_palette_open: Callable[[], bool]) -> None:
        self._desk = desk
        self._is_palette_open = is_palette_open
        self._doubles: list[str] = []
        desk.root.bind_class(TAG, "<Key>", self._key)
        desk.root.bind_all("<FocusIn>", self._focused, add=True)
        desk.root.bind_all("<Linefeed>", _as_return, add=True)
        desk.root.bind_class("TEntry", "<Linefeed>", lambda _event: None)  # no text of its own

    def take_settings(self) -> None:
        """Take the table of the settings; say which keys are wanted twice."""
        table, doubles = keymap.table(self._desk.store.settings.keymap)
        self._desk.actions.set_keys(table)
        if doubles and doubles != self._doubles:
            self._desk.notices.show("warning", "A key is set twice", " ".join(doubles))
        self._doubles = doubles

    def _focused(self, event: "tk.Event[tk.Misc]") -> None:
        widget: object = event.widget
        if not isinstance(widget, tk.Misc):  # Tk names widgets of its own by text
            return
        tags = widget.bindtags()
        if TAG not in tags and widget.winfo_toplevel() is self._desk.root:
            widget.bindtags((TAG, *tags))

    def _key(self, event: "tk.Event[tk.Misc]") -> str | None:
        if keymap.is_modifier(event.keysym):
            return None
        names = keymap.spell(event.keysym, int(event.state), event.keycode)
        if not names:
            return None
        action = self._desk.actions.for_keys(names)
        if action is None or (
            self._is_palette_open() and action.name not in {"openSearchBar", "quit"}
        ):
            is_kept = isinstance(event.widget, tk.Canvas) and self._desk.actions.is_kept(names)
            return "break" if is_kept else None
        action.run()
        return "break"


def _as_return(event: "tk.Event[tk.Misc]") -> None:
    """Let Linefeed choose and confirm as Return does: tools that type text send it for a line."""
    event.widget.event_generate("<Return>")
