"""Percents of a transfer, and what it refuses before anything is opened."""

import datetime

from teleterm.model.clock import ManualClock
from teleterm.tshd.services.transfers import Progress

STEP = datetime.timedelta(seconds=0.2)


def shown(progress: Progress) -> list[int | None]:
    """What was sent so far."""
    return [progress.percents.get_nowait() for _ in range(progress.percents.qsize())]


def test_a_percent_is_shown_after_a_pause_and_once() -> None:
    clock = ManualClock(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    progress = Progress(clock)
    progress.copied(b"", b"", 10, 100)
    assert shown(progress) == [], "too early"
    clock.move(STEP)
    progress.copied(b"", b"", 20, 100)
    progress.copied(b"", b"", 30, 100)
    assert shown(progress) == [20]
    clock.move(STEP)
    progress.copied(b"", b"", 20, 100)
    assert shown(progress) == [], "the same number"


def test_an_empty_file_divides_by_nothing() -> None:
    clock = ManualClock(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    progress = Progress(clock)
    clock.move(STEP)
    progress.copied(b"", b"", 0, 0)
    assert shown(progress) == []
