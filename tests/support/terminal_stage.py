"""A terminal's widget in a window of its own, with a real pty host behind it."""

import os
import subprocess
import sys
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from teleterm.bridge import pty_client, pty_contract
from teleterm.bridge.views import SettingsView
from teleterm.model.errors import Unreachable
from teleterm.ui.seal import tclseal
from teleterm.ui.terminal.coloring import Colors
from teleterm.ui.terminal.options import Behaviour
from teleterm.ui.terminal.view import TerminalView
from teleterm.ui.theme import tokens
from teleterm.ui.theme.fonts import MONO_FAMILIES
from teleterm.ui.theme.look import Look

REPOSITORY = Path(__file__).parents[2]
DEADLINE_S = 20.0


def make_behaviour(mode: str = "dark", **changes: object) -> Behaviour:
    """The settings as they come."""
    named = tokens.tokens(mode)
    hit, current_hit, on_current_hit = tokens.search_colors(mode)
    colors = Colors(
        foreground=named["text"], background=named["sunken"], cursor=named["accent"],
        selection=named["selected"], hit=hit, current_hit=current_hit,
        on_current_hit=on_current_hit, palette=tokens.terminal_palette(mode),
    )  # fmt: skip
    fields: dict[str, object] = {"colors": colors, "families": MONO_FAMILIES}
    return Behaviour(**(fields | changes))  # type: ignore[arg-type]


class Stage:
    """The window; `until` runs its loop."""

    def __init__(self, client: pty_client.PtyClient) -> None:
        self.client = client
        self.failures: list[BaseException] = []
        self.root = tk.Tk()
        self.root.report_callback_exception = self._failed
        tclseal.cut(self.root)
        self.root.wm_geometry("820x460+0+0")
        look = Look(self.root, SettingsView(theme="dark", ui_scale=1.0))
        self.view = TerminalView(look, self.root, make_behaviour(), name="term")
        self.view.pack(fill="both", expand=True)
        self.canvas = self.view.nametowidget("screen")
        self.root.update()
        self.canvas.focus_force()
        self.terminal_id = ""

    def _failed(self, kind: type[BaseException], error: BaseException, _trace: object) -> None:
        self.failures.append(error)

    def opens(self, *argv: str) -> None:
        """Start a program and show it."""
        cols, rows = self.view.grid_that_fits()
        env = {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "PS1": "$ ",
            "LC_ALL": "C.UTF-8",
        }
        opened = self.client.open(
            pty_contract.Open(
                argv=argv or ("/bin/sh",), env=env, cwd="/", cols=cols, rows=rows, scrollback=1000
            )
        )
        self.terminal_id = opened.terminal_id
        self.attaches()

    def attaches(self) -> None:
        """Take the terminal's channel (again)."""
        self.view.attach(self.client.attach(self.terminal_id))

    def until(self, seen: Callable[[], object]) -> None:
        """Run the window until something is seen.

        Raises: AssertionError with the screen when it never is, or what a callback raised.
        """
        ends_at = time.monotonic() + DEADLINE_S
        wakes = self.root.after(int(DEADLINE_S * 1000) + 10, lambda: None)
        while not seen():
            assert time.monotonic() < ends_at, f"never seen; the screen shows:\n{self.view.text()}"
            self.root.tk.dooneevent(0)
            if self.failures:
                raise self.failures[0]
        self.root.after_cancel(wakes)

    def shows(self, text: str) -> None:
        """Wait until the screen shows a text."""
        self.until(lambda: text in self.view.text())

    def types(self, text: str) -> None:
        """Press the keys of a text; a newline is Return."""
        names = {"\n": "Return", " ": "space", "-": "minus", "$": "dollar", "(": "parenleft"}
        for sign in text:
            name = names.get(sign) or (sign if sign.isalnum() else _keysym(sign))
            self.canvas.event_generate("<KeyPress>", keysym=name)

    def presses(self, sequence: str) -> None:
        """Generate one event."""
        self.canvas.event_generate(sequence)

    def drags(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag the left button between two points."""
        self.canvas.event_generate("<ButtonPress-1>", x=start[0], y=start[1])
        self.canvas.event_generate("<Motion>", x=end[0], y=end[1], state=0x100)
        self.canvas.event_generate("<ButtonRelease-1>", x=end[0], y=end[1], state=0x100)

    def cell(self, row: int, col: int) -> tuple[int, int]:
        """The middle of a cell's left edge, just inside it."""
        faces, margin = self.view.faces, self.view.margin
        return (
            margin + col * faces.cell_width + 1,
            margin + row * faces.cell_height + faces.cell_height // 2,
        )


def _keysym(sign: str) -> str:
    return {
        ")": "parenright", "*": "asterisk", "/": "slash", ";": "semicolon", ".": "period",
        "'": "apostrophe", '"': "quotedbl", "\\": "backslash", "[": "bracketleft",
        "]": "bracketright", "{": "braceleft", "}": "braceright", "|": "bar", "%": "percent",
        "=": "equal", ",": "comma", "+": "plus", "<": "less", ">": "greater", "_": "underscore",
    }[sign]  # fmt: skip


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A host and a window; both are gone afterwards."""
    # Without a window manager Tk gives up the keyboard when the pointer leaves the window, which it
    # does without moving once the window gets smaller.
    subprocess.run(["xdotool", "mousemove", "1390", "990"], check=True, timeout=20)
    arguments = ["--role", "ptyhost", "--run-folder", str(folder), "--linger", "60"]
    host = subprocess.Popen([sys.executable, "-m", "teleterm", *arguments], cwd=REPOSITORY)
    try:
        with _connected(folder, host) as client:
            made = Stage(client)
            try:
                yield made
                assert made.failures == []
            finally:
                made.root.destroy()
            client.shut_down()
    finally:
        host.terminate()
        host.wait(timeout=20)


def _connected(folder: Path, host: "subprocess.Popen[bytes]") -> pty_client.PtyClient:
    ends_at = time.monotonic() + DEADLINE_S
    while True:
        try:
            return pty_client.connect(folder / pty_contract.SOCKET_NAME)
        except Unreachable:
            if time.monotonic() > ends_at or host.poll() is not None:
                raise
