"""Dead keys and the Compose key typed by a person, in a terminal and in a field."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.display import display
from tests.support.person import Person, run, teleterm
from tests.support.shell_home import home_with_a_shell

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A program that starts with one shell, for somebody whose apostrophe is a dead key.

    The screen is one of its own, as its layout is nobody else's. A key that the layout has not
    would be put on a spare one by xdotool for a moment, too short for a slow reader.
    """
    with display("1400x1000", manager="openbox"):
        run("setxkbmap", "us", "-variant", "intl", "-option", "compose:ralt")
        yield home_with_a_shell(tmp_path_factory.mktemp("c") / "h")


def test_sequences_reach_the_shell_and_the_palette(home: Path) -> None:
    with teleterm(home, UI_TRACE="1", LC_ALL="C.UTF-8"):
        person = Person(home)
        person.sees("ui: painted first prompt")
        person.types("echo caf")
        person.key("dead_acute", "e", "space", "Multi_key", "o", "c", "Return")
        person.waits_to_read(r"\ncafé ©")

        mark = person.mark()
        person.key("ctrl+shift+k")
        person.sees("ui: palette shown", after=mark)
        person.types("over")
        person.key("dead_acute", "a")
        person.types("ll")
        person.key("ctrl+slash", "ctrl+c")
        assert run("xclip", "-selection", "clipboard", "-out") == "overáll"
