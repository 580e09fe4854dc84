"""The clock of tests moves only when told."""

from datetime import UTC, datetime, timedelta

from teleterm.model.clock import ManualClock, SystemClock


def test_manual_clock_moves_both_times() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = ManualClock(start)
    clock.move(timedelta(minutes=2))
    assert clock.now() == start + timedelta(minutes=2)
    assert clock.monotonic_s() == 120


def test_system_clock_knows_its_zone() -> None:
    assert SystemClock().now().tzinfo is UTC
