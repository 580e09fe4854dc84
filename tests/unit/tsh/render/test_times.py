"""Points in time and spans."""

from datetime import UTC, datetime, timedelta

import pytest

from teleterm.tsh.render import times


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "EXPIRED"),
        (0, "EXPIRED"),
        (59, "valid for <1m"),
        (60, "valid for 1m"),
        (600, "valid for 10m"),
        (3600, "valid for 1h0m"),
        (43199, "valid for 11h59m"),
        (43200, "valid for 12h0m"),
    ],
)
def test_remaining(seconds: int, text: str) -> None:
    assert times.remaining(timedelta(seconds=seconds)) == text


def test_rfc3339() -> None:
    assert times.rfc3339(datetime(2026, 11, 23, 16, 52, 47, tzinfo=UTC)) == "2026-11-23T16:52:47Z"
    assert times.rfc3339_parts(1795410598, 539514657) == "2026-11-23T05:09:58.539514657Z"
    assert times.rfc3339_parts(-62135596800, 0) == times.ZERO
    assert times.rfc3339_parts(0, 0) == times.ZERO
