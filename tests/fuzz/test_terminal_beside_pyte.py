"""The engine and pyte, fed the same, show the same: on what both support and do alike."""

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleterm.terminal.engine import Engine

COLS, ROWS = 20, 6

# Left out because pyte differs from xterm: text beyond the last column together with LF, BS, TAB or
# erasing (pyte has no due wrap there), ED 3, RIS in margins, and everything it doesn't know.
_TEXT = st.text(alphabet="abcXYZ 0129é─", min_size=1, max_size=4)
_MOVES = st.builds("\x1b[{};{}H{}".format, st.integers(1, ROWS), st.integers(1, COLS - 6), _TEXT)
_SMALL = st.builds("\x1b[{}{}".format, st.integers(1, 4), st.sampled_from("ABCDEFGdLP@X"))
_ERASE = st.sampled_from(["\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[1J", "\x1b[2J"])
_LINES = st.sampled_from(["\r", "\r\n", "\x1bM", "\x1bD", "\x1b7", "\x1b8"])
_LOOKS = st.sampled_from(
    [
        "\x1b[m",
        "\x1b[1m",
        "\x1b[22m",
        "\x1b[4m",
        "\x1b[7m",
        "\x1b[31m",
        "\x1b[42m",
        "\x1b[39;49m",
        "\x1b[95m",
    ]
)
_PLACED = st.builds("\x1b[{}G{}".format, st.integers(1, COLS - 6), _TEXT)
_INPUT = st.lists(st.one_of(_MOVES, _PLACED, _SMALL, _ERASE, _LINES, _LOOKS), max_size=40)

_COLOURS = dict(
    enumerate(["black", "red", "green", "brown", "blue", "magenta", "cyan", "white"])
) | {-1: "default"}


@settings(max_examples=200, deadline=None)
@given(pieces=_INPUT)
@pytest.mark.slow
def test_same_screen(pieces: list[str]) -> None:
    data = "".join(pieces)
    screen = pyte.Screen(COLS, ROWS)
    pyte.Stream(screen).feed(data)
    engine = Engine(COLS, ROWS)
    engine.feed(data.encode())
    ours = ["".join(row.cells) for row in engine.screen.grid.rows]
    assert ours == screen.display
    assert (engine.screen.column, engine.screen.y) == (screen.cursor.x, screen.cursor.y)


@settings(max_examples=100, deadline=None)
@given(pieces=st.lists(st.one_of(_MOVES, _LOOKS), max_size=30))
def test_same_looks(pieces: list[str]) -> None:
    data = "".join(pieces)
    screen = pyte.Screen(COLS, ROWS)
    pyte.Stream(screen).feed(data)
    engine = Engine(COLS, ROWS)
    engine.feed(data.encode())
    for row in range(ROWS):
        for col in range(COLS):
            theirs = screen.buffer[row][col]
            style = engine.screen.grid.rows[row].styles[col]
            assert theirs.bold == bool(style.attrs & 1)
            assert theirs.reverse == bool(style.attrs & 16)
            assert theirs.underscore == bool(style.attrs >> 8 & 7)
            if style.fg < 8:
                assert theirs.fg == _COLOURS[style.fg]
            if style.bg < 8:
                assert theirs.bg == _COLOURS[style.bg]
