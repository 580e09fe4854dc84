"""Panes lie where they should, and what is done to one is undone by its opposite."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.ui.panes import layout
from teleterm.ui.panes.layout import Box, Layout, Leaf, Split

AREA = Box(0, 0, 1001, 601)


def three() -> Layout:
    """0 at the left, 1 over 2 at the right."""
    made = Layout(Leaf(0))
    made.split(0, 1, is_row=True)
    made.split(1, 2, is_row=False)
    return made


def test_panes_share_the_area_without_the_dividers() -> None:
    boxes, dividers = three().boxes(AREA, 1)
    assert boxes == {
        0: Box(0, 0, 500, 601),
        1: Box(501, 0, 500, 300),
        2: Box(501, 301, 500, 300),
    }
    assert [divider.box for divider in dividers] == [Box(500, 0, 1, 601), Box(501, 300, 500, 1)]


def test_a_split_of_the_same_direction_stays_flat() -> None:
    made = Layout(Leaf(0))
    made.split(0, 1, is_row=True)
    made.split(0, 2, is_row=True)
    assert made.root == Split(True, [Leaf(0), Leaf(2), Leaf(1)], [0.25, 0.25, 0.5])


@pytest.mark.parametrize(
    ("pane", "direction", "found"),
    [
        (0, "right", 1), (0, "left", None), (1, "down", 2), (2, "up", 1),
        (2, "left", 0), (1, "right", None), (0, "down", None),
    ],
)  # fmt: skip
def test_steps_from_pane_to_pane(pane: int, direction: str, found: int | None) -> None:
    boxes, _ = three().boxes(AREA, 1)
    assert layout.neighbour(boxes, pane, direction) == found


def test_a_pane_that_goes_leaves_its_place_to_the_others() -> None:
    made = three()
    made.remove(0)
    assert made.root == Split(False, [Leaf(1), Leaf(2)], [0.5, 0.5])
    made.remove(1)
    made.remove(2)
    assert made.panes() == [2]


def test_a_divider_moves_and_stops_before_a_pane_vanishes() -> None:
    made = three()
    assert made.resize(2, "up", 0.1)
    boxes, _ = made.boxes(AREA, 1)
    assert boxes[1].height == 240
    assert made.resize(0, "right", 9.0)
    boxes, _ = made.boxes(AREA, 1)
    assert boxes[1].width == 50
    assert not made.resize(0, "down", 0.1)


def test_a_double_click_evens_sizes() -> None:
    made = Layout(Leaf(0))
    made.split(0, 1, is_row=True)
    made.split(0, 2, is_row=True)
    assert isinstance(made.root, Split)
    layout.even(made.root)
    assert made.root.shares == [1 / 3, 1 / 3, 1 / 3]


@pytest.mark.parametrize("count", range(1, 10))
def test_a_grid_holds_every_pane_once(count: int) -> None:
    made = layout.grid(range(count))
    assert made.panes() == list(range(count))
    boxes, _ = made.boxes(AREA, 1)
    assert min(box.width for box in boxes.values()) >= 300


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", '{"type":"pane","pane":1}',
        '{"type":"split","is_row":true,"parts":[{"type":"pane","pane":0}],"shares":[1.0]}',
        '{"type":"split","is_row":true,"parts":[{"type":"pane","pane":0},'
        '{"type":"pane","pane":0}],"shares":[0.5,0.5]}',
        '{"type":"split","is_row":true,"parts":[{"type":"pane","pane":0},'
        '{"type":"pane","pane":1}],"shares":[7.0,-6.0]}',
        '{"type":"split","is_row":true,"parts":' * 3000,
    ],
)  # fmt: skip
def test_a_file_that_somebody_spoiled_gives_no_layout(text: str) -> None:
    assert layout.load(text, 2) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), max_size=20))
def test_any_history_covers_the_area_and_survives_the_disk(
    steps: list[tuple[int, bool, bool]],
) -> None:
    made = Layout(Leaf(0))
    for number, (which, is_row, removes) in enumerate(steps, start=1):
        panes = made.panes()
        pane = panes[which % len(panes)]
        if removes:
            made.remove(pane)
        else:
            made.split(pane, number, is_row=is_row)
    panes = made.panes()
    area = Box(0, 0, 4000, 4000)
    boxes, dividers = made.boxes(area, 0)
    assert sorted(boxes) == sorted(panes)
    if all(box.width > 1 and box.height > 1 for box in boxes.values()):
        assert sum(box.width * box.height for box in boxes.values()) == 4000 * 4000
    assert len(dividers) == len(panes) - 1
    again = layout.load(made.dump(), len(panes))
    assert again is not None
    assert again.panes() == list(range(len(panes)))
