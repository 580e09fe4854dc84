"""Which cells of the view a selection covers."""

from teleterm.ui.terminal.selecting import Selection, corner_of, point_of, shown

LINES = ((5, 0), (5, 10), (6, 0), (7, 0))


def test_nothing_is_selected_at_first_and_after_a_click() -> None:
    selection = Selection()
    assert selection.is_empty
    selection.begin((5, 3))
    assert selection.is_empty
    assert selection.spans(LINES, 10) == []


def test_a_drag_over_a_wrapped_line() -> None:
    selection = Selection()
    selection.begin((5, 3))
    selection.extend(((6, 0), 4))
    assert selection.spans(LINES, 10) == [(0, 3, 10), (1, 0, 10), (2, 0, 4)]
    assert selection.span() == ((5, 3), (6, 4))


def test_a_drag_backwards() -> None:
    selection = Selection()
    selection.begin((6, 4))
    selection.extend(((5, 10), 2))
    assert selection.spans(LINES, 10) == [(1, 2, 10), (2, 0, 4)]


def test_a_word_stays_selected_when_extended_to_either_side() -> None:
    selection = Selection()
    selection.set((6, 3), (6, 6))
    selection.extend(((6, 0), 9))
    assert selection.span() == ((6, 3), (6, 9))
    selection.extend(((6, 0), 1))
    assert selection.span() == ((6, 1), (6, 6))


def test_a_block_keeps_its_columns() -> None:
    selection = Selection()
    selection.begin_block(((6, 0), 6))
    selection.extend(((7, 0), 2))
    assert selection.spans(LINES, 10) == [(2, 2, 6), (3, 2, 6)]
    assert selection.span() == ((6, 2), (7, 6))
    selection.extend(((7, 0), 6))
    assert selection.is_empty


def test_a_block_takes_the_same_columns_of_every_row_of_a_wrapped_line() -> None:
    selection = Selection()
    selection.begin_block(((5, 0), 3))
    selection.extend(((6, 0), 10))
    assert selection.spans(LINES, 10) == [(0, 3, 10), (1, 3, 10), (2, 3, 10)]
    assert selection.span() == ((5, 3), (6, 10))
    selection.begin_block(((5, 10), 8))
    selection.extend(((5, 0), 10))
    assert selection.spans(LINES, 10) == [(0, 8, 10), (1, 8, 10)]
    assert selection.span() == ((5, 8), (5, 20))


def test_a_block_stays_where_its_text_is_when_rows_begin_elsewhere() -> None:
    selection = Selection()
    selection.begin_block(((5, 10), 1))
    selection.extend(((6, 0), 4))
    assert selection.spans(((5, 0), (5, 15), (6, 0), (7, 0)), 15) == [
        (0, 1, 4),
        (1, 1, 4),
        (2, 1, 4),
    ]
    assert selection.spans(((6, 0), (7, 0)), 10) == [(0, 1, 4)]
    assert selection.spans(((3, 0), (4, 0)), 10) == []


def test_scrolled_out_parts_are_not_shown() -> None:
    assert shown((1, 0), (6, 2), LINES[2:], 10) == [(0, 0, 2)]
    assert shown((8, 0), (9, 0), LINES, 10) == []


def test_places() -> None:
    assert point_of(LINES, 1, 4) == (5, 14)
    assert point_of(LINES, 99, 0) == (7, 0)
    assert corner_of(LINES, 1, 4) == ((5, 10), 4)
    assert point_of((), 0, 0) is None
