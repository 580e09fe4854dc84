"""Time as something handed in, so that tests can move it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The wall clock, in UTC with its zone."""

    def monotonic_s(self) -> float:
        """Seconds that never go back, from an arbitrary start."""


class SystemClock:
    """The computer's own clocks."""

    def now(self) -> datetime:
        """The wall clock, in UTC with its zone."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Seconds that never go back, from an arbitrary start."""
        return time.monotonic()


class AheadClock(SystemClock):
    """The computer's clocks, with the wall clock before its time (or behind, below nought)."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """The wall clock, in UTC with its zone."""
        return datetime.now(UTC) + self._ahead


class ManualClock:
    """A clock that stands still until it is moved (tests, accelerated time)."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic_s = 0.0

    def now(self) -> datetime:
        """The time it was set to."""
        return self._now

    def monotonic_s(self) -> float:
        """The seconds it was moved so far."""
        return self._monotonic_s

    def move(self, step: timedelta) -> None:
        """Let `step` pass."""
        self._now += step
        self._monotonic_s += step.total_seconds()
