"""Filter expressions of resource lists."""

import pytest

from teleterm.demo.predicate import BadPredicate, Subject, compile_predicate

NODE = Subject(name="0a1b", hostname="web-1", labels={"env": "demo", "team/name": "shop"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ('name == "web-1"', True),
        ('resource.metadata.name == "0a1b"', True),
        ('resource.spec.hostname == "web-1"', True),
        ('labels["env"] == "demo"', True),
        ("labels[`env`] == `demo`", True),
        ("labels.env == `demo`", True),
        ('resource.metadata.labels["team/name"] == "shop"', True),
        ('labels["nope"] == ""', True),
        ('labels["env"] != "demo"', False),
        ('(name == "x") || (labels["teleport.internal/discovered-name"] == "x")', False),
        ('name == "x" || labels.env == "demo"', True),
        ('name == "web-1" && labels.env == "prod"', False),
        ('name == "x" || name == "web-1" && labels.env == "demo"', True),
        ('!(name == "x")', True),
        ('!exists(labels["env"])', False),
        ('hasPrefix(name, "web")', True),
        ('equals(labels.env, "demo")', True),
        ('search("WEB", "demo")', True),
        ('search("env=demo")', True),
        ('search("web", "nope")', False),
        ('name == "a \\"quoted\\" word"', False),
    ],
)
def test_decides(text: str, expected: bool) -> None:
    assert compile_predicate(text)(NODE) is expected


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name ==",
        'name == "x" extra',
        "(name",
        "nope()",
        "nope.nope == `x`",
        "@",
        "!" * 5000,
        "name = `x`",
    ],
)
def test_refuses_nonsense(text: str) -> None:
    with pytest.raises(BadPredicate):
        compile_predicate(text)


def test_labels_match_with_stars() -> None:
    assert NODE.matches_labels({"env": "*", "team/name": "shop"})
    assert not NODE.matches_labels({"env": "demo", "nope": "*"})
