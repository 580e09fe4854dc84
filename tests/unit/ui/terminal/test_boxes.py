"""Lines of neighbouring cells meet, whatever the cell's size."""

import pytest

from teleterm.ui.terminal import boxes

SIZES = [(7, 15), (8, 17), (9, 20), (16, 37)]


def edges(character: str, width: int, height: int, side: str) -> set[tuple[int, int]]:
    """The spans that a character's lines take on one edge of its cell."""
    found = set()
    for left, top, right, bottom in boxes.rects(character, width, height):
        touches = {
            "left": left <= 0,
            "right": right >= width,
            "up": top <= 0,
            "down": bottom >= height,
        }
        if touches[side]:
            found.add((top, bottom) if side in {"left", "right"} else (left, right))
    return found


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(
    ("one", "side", "other", "opposite"),
    [
        ("─", "right", "┐", "left"), ("┌", "right", "┬", "left"), ("│", "down", "└", "up"),
        ("═", "right", "╗", "left"), ("╔", "down", "║", "up"), ("╠", "right", "═", "left"),
        ("━", "right", "┓", "left"), ("┼", "down", "│", "up"), ("╪", "right", "═", "left"),
    ],
)  # fmt: skip
def test_neighbours_meet(
    one: str, side: str, other: str, opposite: str, width: int, height: int
) -> None:
    spans = edges(one, width, height, side)
    assert spans
    assert spans == edges(other, width, height, opposite)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_all_stays_in_the_cell_and_blocks_fill_it(width: int, height: int) -> None:
    for code in range(0x2500, 0x25A0):
        for left, top, right, bottom in boxes.rects(chr(code), width, height):
            assert 0 <= left < right <= width, hex(code)
            assert 0 <= top < bottom <= height, hex(code)
    assert boxes.rects("█", width, height) == ((0, 0, width, height),)


def test_dashes_and_diagonals_are_left_to_the_font() -> None:
    assert not any(boxes.is_box(character) for character in "╱┄a")


@pytest.mark.parametrize(("width", "height"), [(8, 20), (9, 21), (6, 12), (17, 40), (3, 7)])
@pytest.mark.parametrize(
    ("character", "across", "down"),
    [("╭", 1, 1), ("╮", -1, 1), ("╯", -1, -1), ("╰", 1, -1)],
)
def test_rounded_corners_meet_the_lines_beside_them(
    character: str, across: int, down: int, width: int, height: int
) -> None:
    found = boxes.rects(character, width, height)
    [flat] = boxes.rects("─", width, height)[:1]
    [tall] = boxes.rects("│", width, height)[:1]
    cells = {
        (x, y)
        for left, top, right, bottom in found
        for x in range(left, right)
        for y in range(top, bottom)
    }
    edge_x, edge_y = (width - 1 if across > 0 else 0), (height - 1 if down > 0 else 0)
    assert {(edge_x, y) for y in range(flat[1], flat[3])} <= cells
    assert {(x, edge_y) for x in range(tall[0], tall[2])} <= cells
    assert all(0 <= x < width and 0 <= y < height for x, y in cells)
    seen, due = set(), [(edge_x, flat[1])]
    while due:
        x, y = due.pop()
        if (x, y) in cells and (x, y) not in seen:
            seen.add((x, y))
            due += [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    assert seen == cells  # one line, without a gap
