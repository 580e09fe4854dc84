"""Texts of others are harmless, and cut where it hurts least."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.ui.text import TOFU, clean, clean_lines, cut_end, cut_middle


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("node1", "node1"),
        ("a\x1b[31mb\x07c", "a[31mbc"),
        ("line\nbreak\ttab", "line break tab"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth", "zerowidth"),
        ("Łódź 日本", "Łódź 日本"),
        ("lone\ud800surrogate", "lonesurrogate"),
    ],
)
def test_controls_and_overrides_go(given_text: str, wanted: str) -> None:
    assert clean(given_text) == wanted


def test_emoji_become_boxes_only_where_they_are_dangerous() -> None:
    assert clean("db 🚀") == "db 🚀"
    assert clean("db 🚀✅", has_emoji_hazard=True) == f"db {TOFU}{TOFU}"
    assert clean("👩\u200d💻", has_emoji_hazard=True) == TOFU * 2


def test_a_long_name_is_cut() -> None:
    text = clean("x" * 10_000, limit=50)
    assert len(text) == 50
    assert text.endswith("…")


def test_lines_stay_lines() -> None:
    assert clean_lines("one\r\ntwo\x1b\n\tthree") == "one\ntwo\n    three"


@given(st.text(max_size=400), st.booleans())
def test_what_comes_out_can_always_be_drawn(text: str, hazard: bool) -> None:
    shown = clean(text, limit=80, has_emoji_hazard=hazard)
    assert len(shown) <= 80
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in shown)
    assert clean(shown, limit=80, has_emoji_hazard=hazard) == shown


def test_the_end_is_cut_to_the_width() -> None:
    assert cut_end("short", 10, len) == "short"
    assert cut_end("a longer name", 8, len) == "a longe…"
    assert cut_end("anything", 0, len) == "…"


def test_the_middle_is_cut_so_that_user_and_host_show() -> None:
    assert cut_middle("root@node1", 20, len) == "root@node1"
    shown = cut_middle("administrator@node-with-a-long-name-17", 16, len)
    assert shown.startswith("admin")
    assert shown.endswith("name-17")
    assert len(shown) <= 16


@given(st.text(min_size=1, max_size=60), st.integers(1, 40))
def test_cut_texts_fit(text: str, width: int) -> None:
    assert len(cut_end(text, width, len)) <= max(1, width)
    assert len(cut_middle(text, width, len)) <= max(1, width)
