"""Resizing the main screen."""

import pytest

from teleterm.terminal.engine import Engine


def rows_of(engine: Engine) -> list[str]:
    return ["".join(row.cells).rstrip(" ") for row in engine.screen.grid.rows]


def test_wrapped_lines_join_and_wrap_anew() -> None:
    engine = Engine(10, 4)
    engine.feed(b"abcdefghijklm\r\n$ ")
    engine.resize(5, 4)
    assert rows_of(engine) == ["abcde", "fghij", "klm", "$"]
    assert (engine.screen.column, engine.screen.y) == (2, 3)
    engine.resize(20, 4)
    assert rows_of(engine) == ["abcdefghijklm", "$", "", ""]
    assert (engine.screen.column, engine.screen.y) == (2, 1)


def test_rows_go_to_the_scrollback_and_come_back() -> None:
    engine = Engine(10, 4)
    engine.feed(b"1\r\n2\r\n3\r\n4")
    engine.resize(10, 2)
    assert rows_of(engine) == ["3", "4"]
    engine.resize(10, 4)
    assert rows_of(engine) == ["1", "2", "3", "4"]
    assert engine.screen.y == 3


def test_blank_rows_below_the_cursor_go_first() -> None:
    engine = Engine(10, 4)
    engine.feed(b"1\r\n2")
    engine.resize(10, 2)
    assert rows_of(engine) == ["1", "2"]


def test_a_line_half_in_the_scrollback_stays_one() -> None:
    engine = Engine(10, 2)
    engine.feed(b"abcdefghijklmnopqrstuvwxyz0123456789")
    engine.resize(12, 2)
    assert engine.text() == "abcdefghijklmnopqrstuvwxyz0123456789"
    engine.resize(10, 4)
    assert engine.text() == "abcdefghijklmnopqrstuvwxyz0123456789"


def test_wide_characters_do_not_split() -> None:
    engine = Engine(10, 3)
    engine.feed("ab漢字漢".encode())
    engine.resize(5, 3)
    assert rows_of(engine) == ["ab漢", "字漢", ""]
    engine.resize(10, 3)
    assert rows_of(engine) == ["ab漢字漢", "", ""]


def test_the_alternate_screen_is_cut_and_the_main_one_behind_reflows() -> None:
    engine = Engine(10, 3)
    engine.feed(b"abcdefghijkl\x1b[?1049h\x1b[Halternate!")
    engine.resize(6, 3)
    assert rows_of(engine)[0] == "altern"
    engine.feed(b"\x1b[?1049l")
    assert rows_of(engine) == ["abcdef", "ghijkl", ""]
    assert (engine.screen.column, engine.screen.y) == (5, 1)


@pytest.mark.parametrize("sequence", [b"\x1b[2;3r", b"\x1b[?69h\x1b[2;5s"])
def test_margins_end_with_a_resize(sequence: bytes) -> None:
    engine = Engine(10, 4)
    engine.feed(sequence)
    engine.resize(8, 3)
    screen = engine.screen
    assert (screen.top, screen.bottom, screen.left, screen.right) == (0, 2, 0, 7)


@pytest.mark.parametrize("clearing", [b"\x1b[2J", b"\x1b[H\x1b[J", b"\x1b[3;5H\x1b[1J", b"\x1b#8"])
def test_a_cleared_screen_does_not_go_on_the_line_above(clearing: bytes) -> None:
    engine = Engine(10, 3)
    engine.feed(b"x" * 35 + clearing + b"\x1b[Hnew\x1b[K")
    assert engine.screen.history.line_count == 1
    engine.resize(20, 3)
    assert engine.text().startswith("x" * 10 + "\nnew")
