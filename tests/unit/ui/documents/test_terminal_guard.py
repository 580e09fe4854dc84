"""A rule finds its terminals by title, host or cluster."""

import pytest

from teleterm.bridge.views import RuleView
from teleterm.ui.documents.terminal_guard import rule_for

RULES = (RuleView(match=""), RuleView(match="Prod", tag="P"), RuleView(match="db1", tag="D"))


@pytest.mark.parametrize(
    ("title", "fields", "tag"),
    [
        ("root@PROD-7", {}, "P"),
        ("root@x", {"hostname": "db1.example"}, "D"),
        ("root@x", {"cluster": "/clusters/production"}, "P"),
        ("root@db1", {"cluster": "/clusters/prod"}, "P"),
        ("root@x", {"hostname": "y"}, None),
    ],
)
def test_the_first_rule_that_fits(title: str, fields: dict[str, str], tag: str | None) -> None:
    found = rule_for(RULES, title, fields)
    assert (found.tag if found else None) == tag


@pytest.mark.parametrize(
    ("match", "labels", "fits"),
    [
        ("env=prod", "os=debian\nenv=Prod", True),
        ("env=*", "env=dev", True),
        ("env=prod", "env=production", False),
        ("env=prod", "my-env=prod", False),
        ("env=", "env=", True),
        ("env=prod", "", False),
    ],
)
def test_a_rule_for_a_label(match: str, labels: str, *, fits: bool) -> None:
    found = rule_for((RuleView(match=match),), "root@x", {"labels": labels})
    assert (found is not None) == fits
