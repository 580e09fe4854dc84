"""The real window and a made-up main in one process, with a clock that only the stage moves.

Nothing here waits: timers of the window run when `settle` moves the clock past them, and messages
are handed over until neither side has one.
"""

import contextlib
import heapq
import itertools
import os
import select
import socket
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol
from unittest import mock

from teleterm.bridge import contract as c
from teleterm.bridge import window_end
from teleterm.ui.app import Run
from teleterm.ui.desk import Desk
from teleterm.ui.shell.window import Window
from teleterm.ui.start import App, show_empty
from teleterm.ui.theme.fonts import Fonts
from tests.support.fake_main import FakeMain

NOW = 1_780_000_000.0
"""The wall clock of every picture."""
EVEN_PX = 7
"""How wide a letter is taken to be where the text form asks what must be cut."""
IDLE = "idle"


class Act(Protocol):
    """What is called later."""

    def __call__(self, *args: object) -> object: ...


class Timers:
    """What `after` was asked for, run in order when the stage moves its clock."""

    def __init__(self) -> None:
        self.ms = 0
        self._queue: list[tuple[int, int, str, tk.Misc, Callable[[], object]]] = []
        self._gone: set[str] = set()
        self._numbers = itertools.count(1)

    def add(self, widget: tk.Misc, delay_ms: int, act: Callable[[], object]) -> str:
        """Run `act` when the clock is that much later, if the widget is still there."""
        number = next(self._numbers)
        name = f"stage#{number}"
        heapq.heappush(self._queue, (self.ms + delay_ms, number, name, widget, act))
        return name

    def now(self, _desk: Desk | None = None) -> float:
        """The wall clock."""
        return NOW + self.ms / 1000

    def drop(self, name: str) -> None:
        """Don't run it."""
        self._gone.add(name)

    def step(self, until_ms: int) -> bool:
        """Run the next timer that is due by then; False when there is none."""
        if not self._queue or self._queue[0][0] > until_ms:
            self.ms = until_ms
            return False
        due, _number, name, widget, act = heapq.heappop(self._queue)
        self.ms = max(self.ms, due)
        if name not in self._gone and widget.winfo_exists():
            act()
        return True


class InnerMain(FakeMain):
    """A made-up main whose window is in this process."""

    def connect(self) -> window_end.WindowEnd:
        """The window's end of its bridge."""
        self.channels: list[int] = []
        self._socket, theirs = socket.socketpair()
        return window_end.WindowEnd(theirs)

    def disconnect(self) -> None:
        """Close the bridge and the channels."""
        if self._socket is not None:
            self._socket.close()
        for descriptor in self.channels:
            os.close(descriptor)

    def answer(self, ask_id: int, body: c.Reply, descriptor: int = -1) -> None:
        """Answer, and keep a look into the channel that goes along: is it read?"""
        if descriptor >= 0:
            self.channels.append(os.dup(descriptor))
        super().answer(ask_id, body, descriptor)


class Stage:
    """One window; `desk` are its services."""

    def __init__(self, fake: InnerMain, timers: Timers, app: App, run: Run) -> None:
        self.fake, self.timers, self.app, self._run = fake, timers, app, run

    @property
    def window(self) -> Window:
        """The window, once main has welcomed it."""
        assert self._run._window is not None
        return self._run._window

    @property
    def desk(self) -> Desk:
        """What its documents and dialogs may use."""
        return self.window._desk

    def settle(self, ms: int = 700) -> None:
        """Let so much time pass, and all that comes of it."""
        until = self.timers.ms + ms
        self._talk()
        while self.timers.step(until):
            self._talk()
        self._talk()

    def _talk(self) -> None:
        is_moving = True
        while is_moving:
            self._draw()
            is_moving = self.fake.pump(0)
            while select.select([self._run.bridge.fileno(), *self.fake.channels], [], [], 0)[0]:
                is_moving = True
                self.app.dooneevent(0)
                self._draw()

    def _draw(self) -> None:
        for _ in range(3):  # what the display answers may ask the display again
            self.app.update()
            self.app.winfo_pointerx()

    def press(self, sequence: str) -> None:
        """A key for whatever has the keyboard."""
        focus = self.app.focus_get()
        assert focus is not None
        focus.event_generate(sequence)
        self.settle()

    def widget(self, path: str) -> tk.Misc:
        """A widget by its whole name."""
        found: tk.Misc = self.app.nametowidget(path)
        return found


def _after(timers: Timers) -> object:
    real = tk.Misc.after

    def after(self: tk.Misc, ms: "int | str", func: Act | None = None, *args: object) -> str:
        assert func is not None
        if ms == IDLE:
            return real(self, "idle", func, *args)
        return timers.add(self, int(ms), partial(func, *args))

    return after


def _after_cancel(timers: Timers) -> Callable[[tk.Misc, str], None]:
    real = tk.Misc.after_cancel

    def after_cancel(self: tk.Misc, id: str) -> None:
        if id.startswith("stage#"):
            timers.drop(id)
        else:
            real(self, id)

    return after_cancel


def _even_width(_self: Fonts, text: str, _style: str = "body") -> int:
    return EVEN_PX * len(text)


@contextmanager
def shown(fake: InnerMain, *, has_even_letters: bool) -> Iterator[Stage]:
    """The window for a while; a callback that fails is an error."""
    timers = Timers()
    with contextlib.ExitStack() as patches:
        for owner, name, ours in (
            (tk.Misc, "after", _after(timers)),
            (tk.Misc, "after_cancel", _after_cancel(timers)),
            (Desk, "now", timers.now),
        ):
            patches.enter_context(mock.patch.object(owner, name, ours))
        if has_even_letters:
            patches.enter_context(mock.patch.object(Fonts, "width", _even_width))
        yield from _played(fake, timers)


def _played(fake: InnerMain, timers: Timers) -> Iterator[Stage]:
    app = App(className="teleterm")
    try:
        app.wm_title("teleterm")
        show_empty(app)
        run = Run(fake.connect(), app, None)
        stage = Stage(fake, timers, app, run)
        with mock.patch.object(app, "mainloop", stage.settle):
            run.live()
        # the pointer must lie on nothing that it lights up
        app.event_generate("<Motion>", warp=True, x=app.winfo_width() - 1, y=app.winfo_height() - 1)
        stage.settle()
        yield stage
        stage.settle(0)
        failed = [line for line in fake.log if "callback failed" in line or "refused" in line]
        assert failed == [], failed
    finally:
        fake.disconnect()
        app.destroy()
