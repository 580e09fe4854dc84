"""Commands that are not here say so, whatever follows them."""

import pytest

from teleterm.model.errors import Refused
from teleterm.tsh.catalogue import GRAMMAR
from teleterm.tsh.catalogue_absent import ABSENT_COMMANDS
from teleterm.tsh.commands import absent


@pytest.mark.parametrize("path", [one.path for one in ABSENT_COMMANDS if one.module])
def test_each_names_itself_and_a_way_on(path: tuple[str, ...]) -> None:
    parsed = GRAMMAR.parse([*path, "-f", "json", "something", "--else"], {})
    with pytest.raises(Refused, match=f"^tsh {' '.join(path)} is not part of this program: ..."):
        absent.run(parsed)


def test_enrolling_with_its_flags() -> None:
    parsed = GRAMMAR.parse(["device", "enroll", "--token=x", "--current-device"], {})
    with pytest.raises(Refused, match="Teleport Enterprise"):
        absent.run(parsed)
