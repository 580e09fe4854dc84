"""When to try again by itself to reach what was lost: soon at first, then seldom, then no more."""

from collections.abc import Callable
from typing import Protocol

DELAYS_S = (2, 5, 10, 30, 60)
STEADY_MS = 30_000
"""A connection that lived this long was good: the next loss starts with the shortest delay."""


class Alarm(Protocol):
    """A Tk widget, or a test's stand-in: calls back later on the same thread."""

    def after(self, ms: int, func: Callable[[], None], /) -> str:
        """Call `func` in `ms`; gives a name for `after_cancel`."""

    def after_cancel(self, id: str, /) -> None:
        """Forget a call."""


class Retrying:
    """Counts down to the next try: `on_wait(seconds left)` each second, `on_due()` at its end."""

    def __init__(
        self, alarm: Alarm, *, on_wait: Callable[[int], object], on_due: Callable[[], object]
    ) -> None:
        self._alarm = alarm
        self._on_wait, self._on_due = on_wait, on_due
        self._tried = 0
        self._left_s = 0
        self._after = ""

    @property
    def is_trying(self) -> bool:
        """Whether a connection was lost and the next good one hasn't come about yet."""
        return self._tried > 0

    def lost(self) -> bool:
        """Wait for the next try; False when all were made, and nothing happens any more."""
        self._cancel()
        if self._tried >= len(DELAYS_S):
            self._tried = 0
            return False
        self._left_s = DELAYS_S[self._tried]
        self._tried += 1
        self._tick()
        return True

    def connected(self) -> None:
        """It stands again, for now."""
        self._cancel()
        if self._tried:
            self._after = self._alarm.after(STEADY_MS, self._is_steady)

    def pause(self) -> None:
        """A try begins by another way; what was tried so far counts on."""
        self._cancel()

    def stop(self) -> None:
        """Try no more; the next loss begins anew."""
        self._cancel()
        self._tried = 0

    def _is_steady(self) -> None:
        self._after = ""
        self._tried = 0

    def _tick(self) -> None:
        self._after = ""
        if self._left_s <= 0:
            self._on_due()
            return
        self._on_wait(self._left_s)
        self._left_s -= 1
        self._after = self._alarm.after(1000, self._tick)

    def _cancel(self) -> None:
        if self._after:
            self._alarm.after_cancel(self._after)
            self._after = ""
