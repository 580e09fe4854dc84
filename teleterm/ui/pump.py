"""Moves bridge messages onto the Tk thread, a few milliseconds at a time.

The only file that ties the bridge to Tk: output and answers can never starve typing.
"""

import sys
import time
import tkinter as tk
from collections import deque
from collections.abc import Callable

from teleterm.bridge.contract import Answer, Tell
from teleterm.bridge.window_end import WindowEnd
from teleterm.model.errors import PeerBroke

SLICE_S = 0.006
POLL_MS = 8


class Pump:
    """Watches the bridge's descriptor; `on_gone(why)` is called once when main is no more."""

    def __init__(self, root: tk.Tk, bridge: WindowEnd, on_gone: Callable[[str], None]) -> None:
        self._root = root
        self._bridge = bridge
        self._on_gone = on_gone
        self._waiting: deque[Answer | Tell] = deque()
        self._after = ""
        self._fd = bridge.fileno()
        self._watch(wants_write=bridge.has_unsent)
        bridge.on_unsent = lambda: self._watch(wants_write=True)

    if sys.platform == "win32":
        # Tk watches no sockets there, so it looks often enough that nobody notices.
        _polling = ""

        def _watch(self, *, wants_write: bool) -> None:
            if not self._polling:
                self._polling = self._root.after(POLL_MS, self._poll)

        def _poll(self) -> None:
            self._polling = self._root.after(POLL_MS, self._poll)
            self._ready(None, tk.READABLE | tk.WRITABLE)

        def _unwatch(self) -> None:
            if self._polling:
                self._root.after_cancel(self._polling)
                self._polling = ""

    else:

        def _watch(self, *, wants_write: bool) -> None:
            mask = tk.READABLE | (tk.WRITABLE if wants_write else 0)
            self._root.tk.createfilehandler(self._fd, mask, self._ready)

        def _unwatch(self) -> None:
            self._root.tk.deletefilehandler(self._fd)

    def stop(self) -> None:
        """Watch no longer."""
        self._unwatch()
        if self._after:
            self._root.after_cancel(self._after)
            self._after = ""

    def _ready(self, _file: object, mask: int) -> None:
        if mask & tk.WRITABLE:
            self._bridge.flush()
            if not self._bridge.has_unsent:
                self._watch(wants_write=False)
        if mask & tk.READABLE:
            self._read()

    def _read(self) -> None:
        try:
            messages = self._bridge.receive()
        except PeerBroke as error:
            self.stop()
            self._on_gone(f"{error.message} {error.details}")
            return
        if messages is None:
            self.stop()
            self._on_gone("")
            return
        self._waiting.extend(messages)
        if not self._after:
            self._deliver()

    def _deliver(self) -> None:
        self._after = ""
        until = time.perf_counter() + SLICE_S
        while self._waiting:
            self._bridge.dispatch(self._waiting.popleft())
            if time.perf_counter() > until:
                break
        if self._waiting and not self._after:
            self._after = self._root.after(1, self._deliver)
