"""Copying rectangles, beside a model that copies cell by cell."""

import random

import pytest

from teleterm.terminal.copies import Copying, copy_cells
from teleterm.terminal.engine import Engine
from teleterm.terminal.row import Row
from teleterm.terminal.styles import Style
from teleterm.terminal.widths import width_of

_PIECES = ("abc", "\u6f22\u5b57", "e\u0301x", "z", "\x1b[K", "\x1b#6", "\x1b[1;1;9;9;7$t", "\x1b#8")
_Cells = list[tuple[list[str], list[Style]]]


def _screen(chance: random.Random) -> Engine:
    cols, rows = chance.randint(2, 12), chance.randint(1, 6)
    engine = Engine(cols, rows)
    for _ in range(chance.randint(0, 8)):
        place = f"\x1b[{chance.randint(1, rows)};{chance.randint(1, cols)}H"
        look = f"\x1b[{chance.choice((0, 1, 31, 42))}m"
        engine.feed((place + look + chance.choice(_PIECES)).encode())
    return engine


def _what(chance: random.Random, cols: int, rows: int) -> Copying:
    top, to_row = chance.randrange(rows), chance.randrange(rows)
    left, to_col = chance.randrange(cols), chance.randrange(cols)
    kind = chance.randrange(4)
    if kind == 0:
        to_row = top
    elif kind == 1:
        left = to_col = 0
    height = chance.randint(1, rows - max(top, to_row))
    width = cols if kind == 1 else chance.randint(1, cols - max(left, to_col))
    return Copying(top, left, height, width, to_row, to_col)


def _copied(before: _Cells, what: Copying) -> _Cells:
    """Copy cell by cell; halves of wide characters that are cut become blank."""
    after = [(cells[:], styles[:]) for cells, styles in before]
    start, end = what.to_col, what.to_col + what.width
    for at in range(what.height):
        from_cells, from_styles = before[what.top + at]
        cells, styles = after[what.to_row + at]
        for col in (start, end):
            if 0 < col < len(cells) and not cells[col]:
                cells[col] = cells[col - 1] = " "
        part = from_cells[what.left : what.left + what.width]
        part[0] = part[0] or " "
        if part[-1] and width_of(part[-1]) == 2:
            part[-1] = " "
        cells[start:end] = part
        styles[start:end] = from_styles[what.left : what.left + what.width]
    return after


def _cells(rows: list[Row]) -> _Cells:
    return [(row.cells[:], row.styles[:]) for row in rows]


@pytest.mark.parametrize("part", range(8))
def test_copying_is_what_a_copy_cell_by_cell_is(part: int) -> None:
    chance = random.Random(part)
    for _ in range(60):
        engine = _screen(chance)
        grid = engine.screen.grid
        for _ in range(chance.randint(1, 4)):
            what = _what(chance, engine.cols, engine.rows)
            expected = _copied(_cells(grid.rows), what)
            kept = [(row.is_wrapped, row.size) for row in grid.rows]
            copy_cells(grid, what)
            assert _cells(grid.rows) == expected, what
            assert [(row.is_wrapped, row.size) for row in grid.rows] == kept
            for row in grid.rows:
                assert row.is_special or all(len(cell) == 1 for cell in row.cells)


def test_no_two_rows_have_one_list_after_copying() -> None:
    chance = random.Random(9)
    for _ in range(100):
        engine = _screen(chance)
        copy_cells(engine.screen.grid, _what(chance, engine.cols, engine.rows))
        rows = engine.screen.grid.rows
        lists = {id(row.cells): row for row in rows} | {id(row.styles): row for row in rows}
        assert len(lists) == 2 * len(set(rows))
        assert all(len(row.cells) == len(row.styles) == engine.cols for row in rows)
