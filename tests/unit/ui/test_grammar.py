"""The palette's input: prefixes, tokens, chips and typed commands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.ui.palette.grammar import Command, chip_of, command_of, parse


@pytest.mark.parametrize(
    ("word", "chip"),
    [
        ("s:", ("kind", "servers")),
        ("db:", ("kind", "databases")),
        ("kind:server", ("kind", "servers")),
        ("in:leaf-eu", ("in", "leaf-eu")),
        ("is:live", ("is", "live")),
        ("env=prod", ("label", "env=prod")),
        ("is:green", None),
        ("node1", None),
        ("=x", None),
        ("10.0.0.1:22", None),
    ],
)
def test_tokens(word: str, chip: tuple[str, str] | None) -> None:
    assert chip_of(word) == chip


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("> theme", "commands"),
        ("@prod", "clusters"),
        ("# no", "tabs"),
        ("=x", "predicate"),
        ("?", "help"),
        ("node", ""),
    ],
)
def test_prefixes(text: str, mode: str) -> None:
    assert parse(text).mode == mode


def test_tokens_and_words_are_told_apart() -> None:
    query = parse("db: Orders env=prod in:prod", (("is", "recent"),))
    assert query.kinds == ("databases",)
    assert query.words == ("orders",)
    assert query.labels == (("env", "prod"),)
    assert query.cluster == "prod"
    assert query.states == ("recent",)
    assert query.has_tokens
    assert not parse("orders").has_tokens


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("ssh root@node1", Command(verb="ssh", user="root", target="node1")),
        ("ssh node1", Command(verb="ssh", target="node1")),
        (
            "db alice@orders/shop",
            Command(verb="db", user="alice", target="orders", database="shop"),
        ),
        ("term", Command(verb="term")),
        ("login prod.example.com", Command(verb="login", target="prod.example.com")),
        ("tsh ls -v", Command(verb="tsh", target="ls -v")),
        ("ssh", None),
        ("ssh root@", None),
        ("ssh -L 1:2:3 a", None),
        ("node1", None),
        ("terminal", None),
    ],
)
def test_commands(text: str, command: Command | None) -> None:
    assert command_of(text) == command


@given(st.text(max_size=80))
def test_any_input_is_understood_somehow(text: str) -> None:
    parse(text)
    command_of(text)
