"""Widths beside wcwidth's own answers."""

import sys

from wcwidth import wcwidth

from teleterm.terminal.widths import SPECIAL, is_flag, joins_cluster, pieces, width_of


def test_no_special_character_hides_among_the_narrow_blocks() -> None:
    for code in range(0xA0, sys.maxunicode + 1):
        char = chr(code)
        if SPECIAL.match(char) is None and code != 0xAD:
            assert wcwidth(char) == 1, hex(code)


def test_pieces() -> None:
    found = pieces().findall("aé漢字e\u0301\U0001f1e9👍\U0001f3fd")
    assert [next(part for part in piece if part) for piece in found] == [
        *("aé", "漢字", "e", "\u0301", "\U0001f1e9", "👍", "\U0001f3fd")
    ]


def test_widths() -> None:
    assert [width_of(text) for text in ("a", "漢", "❤\ufe0f", "👍🏽", "🇩🇪", "\U0001f1e9")] == [
        *(1, 2, 1, 2, 2, 1)
    ]


def test_joining() -> None:
    assert joins_cluster("👍", "🏽")
    assert joins_cluster("👩\u200d", "👧")
    assert not joins_cluster("a", "🏽")
    assert not joins_cluster("क\u200d", "👧")
    assert is_flag("🇩🇪")
    assert not is_flag("🇩")
