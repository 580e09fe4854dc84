from datetime import UTC, datetime, timedelta

from teleterm.main.window import Restarts
from teleterm.model.clock import ManualClock


def test_three_starts_again_within_a_minute_and_no_fourth() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    restarts = Restarts(clock, limit=3, within_s=60)
    assert [restarts.may_again() for _ in range(4)] == [True, True, True, False]


def test_old_ones_do_not_count() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    restarts = Restarts(clock, limit=3, within_s=60)
    for _ in range(3):
        assert restarts.may_again()
    clock.move(timedelta(seconds=61))
    assert restarts.may_again()
