"""Labels and keywords of listings."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.tsh import filters, targets
from teleterm.tsh.catalogue import GRAMMAR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1,b=2", {"a": "1", "b": "2"}),
        ('a="x,y",b=z', {"a": "x,y", "b": "z"}),
        ("a=", {"a": ""}),
    ],
)
def test_labels(text: str, expected: dict[str, str]) -> None:
    assert filters.parse_labels(text) == expected


def test_labels_need_an_equals_sign() -> None:
    with pytest.raises(BadInput, match="invalid label spec: 'nope', should be 'key=value'"):
        filters.parse_labels("nope")


def test_a_whole_filter() -> None:
    words = ["ls", "env=prod", '--search=foo,"some words"', "--query=x"]
    found = filters.of(GRAMMAR.parse(words, {}))
    assert found.labels == {"env": "prod"}
    assert found.keywords == ("foo", "some words")
    assert found.expression == "x"


def test_targets() -> None:
    assert targets.parse("bob@web-1", login="root").login == "bob"
    assert targets.parse("web-1", login="root").login == "root"
    assert targets.parse("a@b@web-1").login == "a@b"
    assert targets.parse("bob@env=prod,x=y").labels == {"env": "prod", "x": "y"}
    assert targets.parse("bob@web-1", port=22).port == 22


def test_a_port_needs_its_flag() -> None:
    with pytest.raises(BadInput, match="--port=22"):
        targets.parse("bob@web-1:22")
