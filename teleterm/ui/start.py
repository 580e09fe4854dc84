"""The window's first steps: Tk, the seal, and the last session's shell before all the rest.

Only what these need is imported here; the rest of the window (teleterm.ui.app) comes after the
first picture.
"""

import os
import sys
import tkinter as tk
from typing import TYPE_CHECKING, NamedTuple

from teleterm.bridge import EXIT_NO_DISPLAY
from teleterm.ui.seal import seal

if TYPE_CHECKING:
    from teleterm.ui.early import EarlyTerminal

TITLE = "teleterm"


class Sight(NamedTuple):
    """What main had at hand when it forked this process: a shell's looks and its frame channel.

    `told` is where main waits for the word that the first prompt is painted.
    """

    data: bytes
    channel: int
    told: int


class App(tk.Tk):
    """The interpreter and its top window."""

    def readprofile(self, baseName: str, className: str) -> None:  # noqa: N803 - Tk's names
        """Read nobody's profile: Tk would run ~/.<name>.py and .tcl here."""


def show_empty(app: App) -> None:
    """Map the window in its colour before anything else is known."""
    from teleterm.ui.theme import tokens

    width, height = app.winfo_screenwidth(), app.winfo_screenheight()
    app.wm_geometry(f"{min(1280, width)}x{min(800, height)}")
    app.configure(background=tokens.tokens("dark")["base"])


def main(bridge: int, sight: Sight | None = None) -> int:
    """Run the window on an inherited bridge descriptor.

    Gives: the exit code; 0 when main closed the bridge in order.
    """
    seal.before_tk()
    try:
        app = App(className=TITLE)
    except tk.TclError as error:
        sys.stderr.write(f"teleterm: the window can't be shown: {error}.\n")
        return EXIT_NO_DISPLAY
    seal.after_tk(app)
    app.wm_title(TITLE)
    app.wm_minsize(640, 400)
    early = _show_shell(app, sight) if sight is not None else None
    if early is None:
        show_empty(app)
    from teleterm.bridge import window_end
    from teleterm.ui.app import Run

    run = Run(window_end.connect(bridge), app, early)
    seal.close()
    return run.live()


def _show_shell(app: App, sight: Sight) -> "EarlyTerminal | None":
    from teleterm.ui import early

    shown = early.show(app, sight.data, sight.channel)
    if shown is not None and shown.wait():
        os.write(sight.told, f"painted {shown.painted_at:.3f}\n".encode())
        shown.wait_for_keyboard()
    os.close(sight.told)
    return shown
