"""What documents, dialogs and bars may use of the window, handed to them at their making."""

import time
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import TellDesktop
from teleterm.bridge.window_end import WindowEnd
from teleterm.ui.actions import Actions
from teleterm.ui.compose import Composer
from teleterm.ui.store import Store
from teleterm.ui.theme.look import Look

if TYPE_CHECKING:
    from teleterm.ui.dialogs.front_desk import FrontDesk
    from teleterm.ui.early import EarlyTerminal
    from teleterm.ui.opener import Opener
    from teleterm.ui.shell.notices import Notices
    from teleterm.ui.shell.tabs import Tabs

DRAWN_MS = 15
"""What was changed now is on the screen after this, since drawing waits for idle time."""


class Desk:
    """The window's services; app.py puts the last four in place before anything is drawn."""

    tabs: "Tabs"
    dialogs: "FrontDesk"
    notices: "Notices"
    opener: "Opener"

    def __init__(self, root: tk.Tk, bridge: WindowEnd, look: Look, store: Store) -> None:
        self.root = root
        self.bridge = bridge
        self.look = look
        self.store = store
        self.actions = Actions()
        self.transfers: dict[str, Callable[[int], None]] = {}
        """Who shows the percents of which transfer."""
        self.composer = Composer(bridge)
        self.early: EarlyTerminal | None = None
        """A terminal that was shown before the window was built, until its tab has painted."""

    def say(self, text: str) -> None:
        """Write to the log what the window shows, once it is drawn."""
        self.root.after(DRAWN_MS, self._said, text)

    def _said(self, text: str) -> None:
        """A timer may come before the idle time in which Tk draws, so have that now."""
        self.root.update_idletasks()
        self.bridge.log(text)

    def tell_desktop(self, request: TellDesktop) -> None:
        """Have the desktop say it too, if no window of ours has the keyboard."""
        try:
            has_keyboard = self.root.focus_displayof() is not None
        except KeyError:  # a widget that Tk made by itself
            has_keyboard = True
        if not has_keyboard:
            self.bridge.ask(request)

    def transfer_moved(self, key: str, percent: int) -> None:
        """Tell whoever shows a transfer how far it is."""
        if key in self.transfers:
            self.transfers[key](percent)

    def now(self) -> float:
        """The wall clock, seconds since 1970."""
        return time.time()
