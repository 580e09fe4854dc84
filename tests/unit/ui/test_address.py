"""What is wrong with an address while it is typed."""

import pytest

from teleterm.ui.dialogs.address import problem_of


@pytest.mark.parametrize(
    "address",
    [
        "", "teleport.example.com", "teleport.example.com:3080", "https://teleport.example.com/web/login",
        "tsh login --proxy=teleport.example.com", "https:", "[::1]", "[::1]:443",
    ],
)  # fmt: skip
def test_nothing_is_wrong(address: str) -> None:
    assert problem_of(address) == ""


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("two words", "spaces"),
        ("ftp://host", "ftp://"),
        ("host:", "missing"),
        ("host:99999", "65535"),
        ("host:abc", "65535"),
        ("tsh login prod", "--proxy"),
    ],
)
def test_what_is_wrong_is_named(address: str, word: str) -> None:
    assert word in problem_of(address)
