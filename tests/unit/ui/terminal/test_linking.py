"""Addresses in the text of the screen."""

import pytest

from teleterm.ui.terminal.linking import address_at
from teleterm.ui.terminal.rowing import Cells


def make_rows(*texts: str, wrapped: int = 0) -> list[Cells]:
    rows = []
    for number, text in enumerate(texts):
        cells = Cells()
        cells.runs = ((0, text, 0, 0),)
        cells.is_wrapped = number < wrapped
        rows.append(cells)
    return rows


@pytest.mark.parametrize(
    ("text", "col", "url"),
    [
        ("see https://example.com/a, or", 6, "https://example.com/a"),
        ("(https://example.com/x_(y)).", 3, "https://example.com/x_(y)"),
        ("<http://a.example>", 4, "http://a.example"),
        ("mailto:a@b.example!", 9, "mailto:a@b.example"),
        ("[https://e.example/?q=1&r=2]", 5, "https://e.example/?q=1&r=2"),
    ],
)
def test_an_address_ends_before_the_sentence_does(text: str, col: int, url: str) -> None:
    link = address_at(make_rows(text), 40, 0, col)
    assert link is not None
    assert link.url == url


@pytest.mark.parametrize(
    ("text", "col"),
    [("see https://a.example", 1), ("ftp://a.example", 3), ("javascript:alert(1)", 3)],
)
def test_elsewhere_there_is_none(text: str, col: int) -> None:
    assert address_at(make_rows(text), 40, 0, col) is None


def test_an_address_over_two_rows_is_one() -> None:
    link = address_at(make_rows("https://ex", "ample.com/", wrapped=1), 10, 1, 2)
    assert link is not None
    assert link.url == "https://example.com/"
    assert link.places == ((0, 0, 10), (1, 0, 10))
    assert address_at(make_rows("https://ex", "ample.com/"), 10, 1, 2) is None
