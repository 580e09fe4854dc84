"""Cutting text by its escapes, and writes that wait on their row."""

import pytest

from teleterm.terminal.engine import Engine
from teleterm.terminal.pieces import split
from teleterm.terminal.row import Row
from teleterm.terminal.styles import StyleTable


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain", ["plain"]),
        ("a\x1b[1mb", ["a", "[1mb"]),
        ("a\r\nb\rc\bd", ["a", "\r\nb", "\rc", "\bd"]),
        ("\n\n\na\n", ["", "\n\n\na", "\n"]),
        ("\r\n\r\n\n", ["", "\r\n", "\r\n\n"]),
        ("\x1b[1\x07mx", ["", "[1", "\x07mx"]),
        ("\x1bc\x1bc\x1bcx", ["", "cx"]),
        ("\x1b\x1b[m", ["", "", "[m"]),
        ("\u00e9\x7f\u65e5", ["\u00e9", "\x7f\u65e5"]),
    ],
)
def test_a_piece_is_a_control_and_its_text(text: str, pieces: list[str]) -> None:
    assert split(text) == pieces


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"ab\x1b[1\r;2Hx", "ax||"),  # the control inside acts first
        (b"ab\x1b[2\n;1Hx", "ab|x|"),
        (b"ab\x1b\rDx", "ab|x|"),
        (b"ab\x1b\x0b\x07[3;2Hx", "ab|| x"),
        (b"a\x1b[1\x18mx", "amx||"),  # cancelled
        (b"a\x1b[3\x1b[mx", "ax||"),  # broken off
        (b"a\x1b[1\xc3\xa9x", "a\u00e9x||"),
        (b"a\x1b]0;t\nitle\x07x", "ax||"),
        (b"a\x1b]0;title\x1b[2;1Hx", "a|x|"),  # a string broken off
        (b"a\x1b]0;one\x1b]0;two\x1b\\x", "ax||"),
        (b"a\x1bPq\x07\x07still\x1b\\x", "ax||"),
    ],
)
@pytest.mark.parametrize("is_split", [False, True])
def test_sequences_with_something_inside(data: bytes, shown: str, *, is_split: bool) -> None:
    pieces = [bytes([byte]) for byte in data] if is_split else [data]
    engine = Engine(10, 3)
    for piece in pieces:
        engine.feed(piece)
    rows = ["".join(row.cells).rstrip() for row in engine.screen.grid.rows]
    assert "|".join(rows) == shown


def test_writes_lie_in_their_order_however_many_wait() -> None:
    table = StyleTable()
    plain, bold = table.default, table.after(table.default, "[1")
    for count in (1, 5, 7, 40):
        row, other = Row.blank(12, plain), Row.blank(12, plain)
        for at in range(count):
            start, chars = at * 5 % 11, "abcdefg"[: 12 - at * 5 % 11]
            style = bold if at % 2 else plain
            row.late.append((start, chars.upper() if at % 3 else chars, style))
            other.write(start, chars.upper() if at % 3 else chars, style)
        assert row.cells == other.cells, count
        assert row.styles == other.styles, count
        assert row.late == []


def test_what_waits_on_a_row_is_bounded() -> None:
    engine = Engine(80, 24)
    engine.feed(b"\x1b[5;5H\x1b[Kword" * 10_000)
    engine.feed(b"\rword\x1b[K" * 10_000)
    rows = engine.screen.grid.rows
    assert all(len(row.late) < 400 for row in rows)
    assert "".join(rows[4].cells).rstrip() == "word"
