"""When a paste is asked about."""

import pytest

from teleterm.ui.terminal import pasting


@pytest.mark.parametrize(
    ("text", "is_bracketed", "warning", "asks"),
    [
        ("ls", False, "auto", False),
        ("ls\n", False, "auto", False),
        ("ls\r\n", False, "auto", False),
        ("ls\npwd", False, "auto", True),
        ("ls\n\n", False, "auto", True),
        ("ls\npwd", True, "auto", False),
        ("x" * 5000, True, "auto", False),
        ("x" * 5001, True, "auto", True),
        ("ls", True, "always", True),
        ("ls\npwd", False, "never", False),
    ],
)
def test_what_is_doubtful(text: str, is_bracketed: bool, warning: str, asks: bool) -> None:
    assert pasting.is_doubtful(text, is_bracketed=is_bracketed, warning=warning) is asks


def test_lines_are_joined_by_blanks() -> None:
    assert pasting.as_one_line("  a \\\n\n b\n") == "a \\ b"


def test_the_question_shows_eight_lines_and_the_size() -> None:
    text = "\n".join(map(str, range(20)))
    assert pasting.preview(text) == tuple("01234567")
    assert pasting.describe(text) == "20 lines, 49 characters"
