"""The words of a search box."""

import pytest

from teleterm.tshd.services.keywords import split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("  ", ()),
        ("one two", ("one", "two")),
        ('"one two" three', ("one two", "three")),
        ('a"b c"d', ("ab cd",)),
        ('"open end', ("open end",)),
    ],
)
def test_split(text: str, words: tuple[str, ...]) -> None:
    assert split(text) == words
