import pytest

from teleterm.bridge.contract import Failed
from teleterm.ui import failures


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        ("", "It failed."),
        ("Allowed: ubuntu, deploy.", "It failed. Allowed: ubuntu, deploy."),
        ("Try again", "It failed."),
    ],
)
def test_a_hint_that_names_a_button_is_not_a_sentence(hint: str, words: str) -> None:
    assert failures.sentence(Failed(code="unknown", message="It failed.", hint=hint)) == words
