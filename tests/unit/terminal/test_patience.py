"""Patterns that explode: known by their look, and stopped while they run."""

import pytest

from teleterm.terminal.engine import Engine, PatternError
from teleterm.terminal.patience import repeats_itself


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "((a*))*", "(?:x?y?){2,}z", "(a{1,9})+"])
def test_exploding_patterns(pattern: str) -> None:
    assert repeats_itself(pattern)


@pytest.mark.parametrize("pattern", ["a+b*", r"\(a+\)+", "[(+]+", "(ab)+", "(a+|b)c", "a{3}", "("])
def test_tame_patterns(pattern: str) -> None:
    assert not repeats_itself(pattern)


@pytest.mark.slow
def test_a_search_that_explodes_is_stopped() -> None:
    engine = Engine(80, 4)
    engine.feed(b"a" * 60 + b"\r\n")
    with pytest.raises(PatternError, match="too long"):
        engine.find("(a+)+b", is_regex=True)
    assert engine.find("a+", is_regex=True) == [(0, 0, 60)]
