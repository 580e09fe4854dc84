"""The window's process: started, heard, started again when it dies."""

import asyncio
import contextlib
import logging
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from teleterm.bridge import EXIT_NO_DISPLAY
from teleterm.bridge.contract import Ask, Event, Reply
from teleterm.bridge.main_end import MainEnd
from teleterm.main import launch
from teleterm.model.clock import Clock
from teleterm.osutil import procs, tasks

_log = logging.getLogger("teleterm.main.window")
RESTARTS = 3
RESTARTS_WITHIN_S = 60.0
EXIT_WAIT_S = 3.0


class Restarts:
    """Counts starts again, so that a window which can't live isn't started forever."""

    def __init__(self, clock: Clock, *, limit: int, within_s: float) -> None:
        self._clock = clock
        self._limit = limit
        self._within_s = within_s
        self._times: deque[float] = deque()

    def may_again(self) -> bool:
        """Count one more; whether it is still allowed."""
        now = self._clock.monotonic_s()
        while self._times and now - self._times[0] > self._within_s:
            self._times.popleft()
        self._times.append(now)
        return len(self._times) <= self._limit


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCallbacks:
    """`on_ask` hears requests; `on_lost` that a window died; `on_given_up` that none will come."""

    on_ask: Callable[[Ask], None]
    on_lost: Callable[[], None]
    on_given_up: Callable[[str], None]


class Window:
    """One window at a time."""

    def __init__(
        self,
        first: tuple[procs.Child, socket.socket],
        callbacks: WindowCallbacks,
        clock: Clock,
        start: Callable[[], tuple[procs.Child, socket.socket]] = launch.window,
    ) -> None:
        self._callbacks = callbacks
        self._start = start
        self._restarts = Restarts(clock, limit=RESTARTS, within_s=RESTARTS_WITHIN_S)
        self._is_leaving = False
        self._process, sock = first
        self._end = self._listen(sock)

    @property
    def pid(self) -> int:
        """The process of the window."""
        return self._process.pid

    def tell(self, event: Event) -> None:
        """Tell the window something."""
        self._end.tell(event)

    def answer(self, ask_id: int, body: Reply, descriptor: int) -> None:
        """Answer the window."""
        self._end.answer(ask_id, body, descriptor=descriptor)

    async def close(self) -> None:
        """Let it leave: it sees the end of its bridge and goes at once."""
        self._is_leaving = True
        self._end.close()
        await asyncio.to_thread(_wait_or_end, self._process)

    def _listen(self, sock: socket.socket) -> MainEnd:
        return MainEnd(sock, on_ask=self._callbacks.on_ask, on_closed=self._closed)

    def _closed(self) -> None:
        if not self._is_leaving:
            self._callbacks.on_lost()
            tasks.spawn(self._again(), name="window again")

    async def _again(self) -> None:
        status = await asyncio.to_thread(_wait_or_end, self._process)
        _log.warning("the window ended with status %s", status)
        if self._is_leaving:
            return
        if status == EXIT_NO_DISPLAY:
            self._callbacks.on_given_up("The display can't be opened.")
            return
        if not self._restarts.may_again():
            text = "The window ended several times in a row. Its terminals live on for a while."
            with contextlib.suppress(Exception):
                launch.alert(text)
            self._callbacks.on_given_up(text)
            return
        self._process, sock = self._start()
        self._end = self._listen(sock)


def _wait_or_end(process: procs.Child) -> int:
    """Wait for a process that should be leaving already; end it when it doesn't."""
    return procs.wait_or_end(process, grace_s=EXIT_WAIT_S)
