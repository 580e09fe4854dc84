"""Durations as Go writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.wire import durations

S = durations.SECOND_NS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0s", 0),
        ("30s", 30 * S),
        ("12h0m0s", 12 * 3600 * S),
        ("1m0s", 60 * S),
        ("1.5s", 3 * S // 2),
        ("1h0m0.25s", 3600 * S + S // 4),
        ("250ms", S // 4),
        ("1.5µs", 1500),
        ("7ns", 7),
        ("-5m0s", -300 * S),
    ],
)
def test_both_ways(text: str, value: int) -> None:
    assert durations.decode_ns(text) == value
    assert durations.encode_ns(value) == text


@pytest.mark.parametrize("text", ["10m", "1h", "1us", "+3s", "0", "0.5h"])
def test_shorter_spellings_are_read(text: str) -> None:
    assert durations.decode_ns(durations.encode_ns(durations.decode_ns(text))) == (
        durations.decode_ns(text)
    )


@pytest.mark.parametrize("text", ["", "12", "h", "1x", "1h!", "s1", " 1s"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        durations.decode_ns(text)


@given(st.integers(-(10**15), 10**15))
def test_whole_range(value: int) -> None:
    assert durations.decode_ns(durations.encode_ns(value)) == value
