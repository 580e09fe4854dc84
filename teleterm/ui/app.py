"""The window's process from its first line to its last."""

import os
import sys
import tkinter as tk
import traceback
from collections.abc import Callable
from types import TracebackType

from teleterm.bridge.contract import Failed, Hello, Reply, Welcome, WindowReady
from teleterm.bridge.window_end import WindowEnd, connect
from teleterm.ui.desk import Desk
from teleterm.ui.pump import Pump
from teleterm.ui.seal import audit, seal
from teleterm.ui.shell.window import Window
from teleterm.ui.store import Store
from teleterm.ui.theme.look import Look
from teleterm.ui.theme.tokens import tokens
from teleterm.ui.trace import Trace

TITLE = "teleterm"
EXIT_NO_DISPLAY = 69
"""The exit status that tells main not to try again: EX_UNAVAILABLE of sysexits.h."""


class App(tk.Tk):
    """The interpreter and its top window."""

    def readprofile(self, baseName: str, className: str) -> None:  # noqa: N803 - Tk's names
        """Read nobody's profile: Tk would run ~/.<name>.py and .tcl here."""


class Run:
    """One life of the window: connect, show, greet main, draw what it welcomes with."""

    def __init__(self, bridge: WindowEnd, app: App) -> None:
        self.bridge, self.app = bridge, app
        self.exit_code = 0
        self._window: Window | None = None
        app.report_callback_exception = self._callback_failed
        audit.on_refusal(lambda event: bridge.log(f"ui: refused {event}", is_warning=True))
        self._pump = Pump(app, bridge, self._gone)

    def greet(self) -> None:
        """Say who this is; what main answers is drawn."""
        self.bridge.ask(Hello(pid=os.getpid(), seal=seal.report()), self._welcomed)

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
        self._window = Window(desk, reply.terminals)
        self.bridge.on_tell = self._window.take
        self.app.update_idletasks()
        self._take_keyboard()
        self.app.after_idle(self._give_keyboard_on)
        self.bridge.ask(WindowReady())
        self.bridge.log("ui: window ready")
        if os.environ.get("UI_TRACE"):
            Trace(self.app, self.bridge.log).start()

    def _take_keyboard(self) -> None:
        """A new window has the keyboard, also where no window manager gives it one.

        At once, not when idle: Tk puts off giving the keyboard to a widget that isn't mapped yet,
        and a later call for another widget would take the place of one that waits so.
        """
        widget = self.app.focus_lastfor()
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


def show_empty(app: App) -> None:
    """Map the window in its colour before anything else is known."""
    app.wm_title(TITLE)
    app.configure(background=tokens("dark")["base"])
    width, height = app.winfo_screenwidth(), app.winfo_screenheight()
    app.wm_geometry(f"{min(1280, width)}x{min(800, height)}")
    app.wm_minsize(640, 400)


def main(fd: int, closes_seal: Callable[[], None] = seal.close) -> int:
    """Run the window on an inherited bridge descriptor.

    Gives: the exit code; 0 when main closed the bridge in order.
    """
    seal.before_tk()
    bridge = connect(fd)
    try:
        app = App(className="teleterm")
    except tk.TclError as error:
        sys.stderr.write(f"teleterm: the window can't be shown: {error}.\n")
        return EXIT_NO_DISPLAY
    seal.after_tk(app)
    show_empty(app)
    closes_seal()
    run = Run(bridge, app)
    run.greet()
    app.mainloop()
    return run.exit_code
