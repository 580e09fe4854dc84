"""The window's process from its first line to its last."""

import os
import sys
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, Hello, Reply, Welcome, WindowReady
from teleterm.bridge.window_end import WindowEnd
from teleterm.ui.desk import Desk
from teleterm.ui.pump import Pump
from teleterm.ui.seal import audit, seal
from teleterm.ui.shell.window import Window
from teleterm.ui.start import App
from teleterm.ui.store import Store
from teleterm.ui.theme import app_icon
from teleterm.ui.theme.look import Look
from teleterm.ui.trace import Trace

if TYPE_CHECKING:
    from teleterm.ui.early import EarlyTerminal

EARLY_MS = 1500
"""After this long the tab of a shell that was shown early had every chance to paint."""


ICON_MS = 300
"""The icon is for the window manager; the first picture and the first key come before it."""


class Run:
    """One life of the window: greet main, draw what it welcomes with.

    Shape: `early` is a terminal that is shown already.
    """

    def __init__(self, bridge: WindowEnd, app: App, early: "EarlyTerminal | None") -> None:
        self.bridge, self.app, self._early = bridge, app, early
        self.exit_code = 0
        self._window: Window | None = None
        app.report_callback_exception = self._callback_failed
        audit.on_refusal(lambda event: bridge.log(f"ui: refused {event}", is_warning=True))
        self._pump = Pump(app, bridge, self._gone)

    def live(self) -> int:
        """Greet main, draw what it answers, live until it says so; gives the exit status."""
        self.bridge.ask(Hello(pid=os.getpid(), seal=seal.report()), self._welcomed)
        self.app.mainloop()
        return self.exit_code

    def _welcomed(self, reply: Reply, _descriptor: int) -> None:
        if not isinstance(reply, Welcome):
            words = (
                reply.message if isinstance(reply, Failed) else "an answer that fits no greeting"
            )
            self._gone(f"main refused the window: {words}")
            return
        store = Store()
        store.take(reply)
        look = Look(self.app, reply.settings)
        look.has_emoji_hazard = reply.has_color_emoji_hazard
        desk = Desk(self.app, self.bridge, look, store)
        desk.composer.serve_entries(self.app)
        desk.early = self._early
        if self._early is not None:
            self._early.hold()
        self._window = Window(desk, reply.terminals)
        if self._early is not None:
            self.app.after(EARLY_MS, self._early.leave)
        self.bridge.on_tell = self._window.take
        self.app.update_idletasks()
        self._take_keyboard()
        self.app.after_idle(self._give_keyboard_on)
        self.app.after(ICON_MS, self._give_icon)
        self.bridge.ask(WindowReady())
        self.bridge.log("ui: window ready")
        if os.environ.get("UI_TRACE"):
            Trace(self.app, self.bridge.log).start()

    def _give_icon(self) -> None:
        app_icon.give(self.app)
        self.bridge.log("ui: icon given")

    def _take_keyboard(self) -> None:
        """A new window has the keyboard, also where no window manager gives it one.

        At once, not when idle: Tk puts off giving the keyboard to a widget that isn't mapped yet,
        and a later call for another widget would take the place of one that waits so.
        """
        widget = self.app.focus_lastfor()
        if self._early is not None and self._early.is_alive:
            return
        if widget is not None:
            widget.focus_force()

    def _give_keyboard_on(self) -> None:
        """The document has it, now that it is on the screen, unless something else took it."""
        if self._window is not None and self.app.focus_get() in (None, self.app):
            self._window.focus_document()

    def _callback_failed(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """A mistake of ours: log it and go on (the one crash handler of this process)."""
        text = "".join(traceback.format_exception(kind, error, trace))
        self.bridge.log(f"ui: callback failed: {text[-4000:]}", is_warning=True)
        if os.environ.get("UI_TRACE"):
            sys.stderr.write(text)

    def _gone(self, why: str) -> None:
        """Main is no more, or broke the contract: leave at once."""
        self.exit_code = 1 if why else 0
        if why:
            sys.stderr.write(f"teleterm window: {why}\n")
        self._pump.stop()
        self.app.after_idle(self.app.destroy)
