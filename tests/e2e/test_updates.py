"""The installed program replaced by signed versions of itself, good and broken."""

from collections.abc import Iterator

import pytest

from tests.support import installation
from tests.support.bundle import Bundle, bundle  # noqa: F401 - a fixture is among them
from tests.support.installation import Installation, Place

pytestmark = [pytest.mark.bundle, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def place(
    bundle: Bundle,  # noqa: F811 - the fixture's value
    tmp_path_factory: pytest.TempPathFactory,
) -> Place:
    """One for all tests: packing takes seconds."""
    return Place(bundle, tmp_path_factory.mktemp("place"))


@pytest.fixture
def installed(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fresh one; nothing of it is left running."""
    place.take_back()
    made = Installation(place, tmp_path_factory.mktemp("u"))
    try:
        yield made
    finally:
        made.end()


def test_an_update_replaces_the_program_while_a_shell_counts(installed: Installation) -> None:
    installation.update_while_a_shell_counts(installed)


def test_a_version_whose_window_never_comes_is_taken_back(installed: Installation) -> None:
    installation.a_broken_version_is_taken_back(installed)


def test_uninstalling_leaves_what_is_not_ours(installed: Installation) -> None:
    installation.uninstalling_leaves_what_is_not_ours(installed)
