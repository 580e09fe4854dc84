"""What the document about packaging names is there."""

import re

import pytest

from tests.support.person import REPOSITORY

DOCUMENT = (REPOSITORY / "docs" / "packaging.md").read_text("utf-8")
TESTS = re.findall(r"`((?:unit|e2e|conformance|architecture)/\w[\w/]*\.py)(?:::(\w+))?`", DOCUMENT)


def test_it_names_tests() -> None:
    assert len(TESTS) > 50


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_a_test_that_it_names_exists(file: str, name: str) -> None:
    text = (REPOSITORY / "tests" / file).read_text("utf-8")
    assert not name or f"def {name}(" in text
