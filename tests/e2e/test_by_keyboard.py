"""A day with two clusters without the mouse: everything a person does there has its keys."""

from pathlib import Path

import pytest

from tests.support.demo_process import RunningDemo
from tests.support.login import code
from tests.support.person import Person, teleterm
from tests.support.two_demos import FIRST, SECOND, new_home, two_demos

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]


def test_two_clusters_by_keyboard(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    with two_demos(tmp_path) as (first, second, environment):
        with teleterm(home, **environment) as process:
            person = Person(home)
            person.sees("ui: window ready")
            for demo, uri in ((first, FIRST), (second, SECOND)):
                adds(person, demo, uri)
            opens_one_of_each(person)
            splits_and_broadcasts(person)
            searches(person)
            renews(person, second)
            quits(person)
            process.wait(20)
        with teleterm(home, **environment):
            restores(person)
        assert "ui: refused" not in person.log.read(), "the sealed window needed what it gave up"


def commands(person: Person, words: str) -> None:
    """Run a command by the palette, whose own rows are there with the key."""
    mark = person.mark()
    person.key("ctrl+shift+k")
    person.sees("ui: palette shown", after=mark)  # its field has the keys from then on
    person.types(f"{words}\n")


def adds(person: Person, demo: RunningDemo, uri: str) -> None:
    """Add a cluster and log in to it."""
    mark = person.mark()
    commands(person, ">add cluster")
    person.sees("ui: focus .dlg_add.body.address.entry", after=mark)
    person.types(f"{demo.ready.proxy}\n")
    person.sees("ui: focus .dlg_login.body.form.user.entry", after=mark)
    person.types(f"{demo.ready.user}\t{demo.ready.password}\n")
    person.sees("ui: focus .dlg_login.body.factor.code", after=mark)
    person.types(code(demo.ready.totp_secret))
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees(rf"ui: counts shown {uri} servers=3", after=mark)
    person.sees("ui: resources shown servers 3", after=mark)


def opens_one_of_each(person: Person) -> None:
    """A tab of each document, from the palette, which prefers the cluster in front."""
    person.key("alt+1")
    for words, shown in (
        ("web-1\n", "ui: palette asks as whom web-1"),
        ("\n", "ui: terminal live alice@web-1"),
        ("staging\n", "ui: terminal live staging"),
        ("wiki\n", "ui: gateway shown wiki"),
        ("orders\n", "ui: palette asks as whom orders"),
        ("\n", "ui: gateway shown orders"),
        ("studio\n", "ui: desktop live alice@studio"),
        (">Access requests\n", "ui: requests shown 0"),
        (">Tunnels\n", "ui: tunnels shown 3"),
        (">Settings\n", "ui: tab opened kind=settings"),
        (">About\n", "ui: tab opened kind=about"),
    ):
        mark = person.mark()
        if words == "\n":
            person.key("Return")
        else:
            if not words.startswith(">"):
                person.key("alt+1")
            commands(person, words.strip())
        person.sees(shown, after=mark)


def splits_and_broadcasts(person: Person) -> None:
    """Two panes of a local shell that get the same keys."""
    mark = person.mark()
    person.key("ctrl+shift+grave")
    person.sees("ui: terminal live", after=mark)
    person.waits_to_read(r"\$\s*$")
    mark = person.mark()
    person.key("alt+shift+equal")
    person.sees("ui: pane opened, 2 panes", after=mark)
    person.sees("ui: terminal live", after=mark)
    person.waits_to_read(r"\$\s*$")
    mark = person.mark()
    person.key("ctrl+shift+g")
    person.sees("ui: broadcast to 2 panes", after=mark)
    person.types("echo both of $((6 * 7))\n")
    person.waits_to_read(r"\nboth of 42\n")
    mark = person.mark()
    person.key("alt+shift+Left")
    person.sees("ui: pane active 0", after=mark)
    person.waits_to_read(r"\nboth of 42\n")
    mark = person.mark()
    person.key("ctrl+shift+g")
    person.sees("ui: broadcast off", after=mark)


def searches(person: Person) -> None:
    """Find words in what a terminal has printed."""
    mark = person.mark()
    person.key("ctrl+shift+f")
    person.sees(r"ui: focus \S+view\.search\.pattern\.entry", after=mark)
    person.types("both of\n")
    person.sees(r"ui: search \d+ of 2", after=mark)
    mark = person.mark()
    person.key("Escape")
    person.sees(r"ui: focus \S+view\.screen", after=mark)


def renews(person: Person, demo: RunningDemo) -> None:
    """The second cluster's login ends; its page is locked until a new one."""
    person.sees("ui: resources locked Your login on 127.0.0.1")
    mark = person.mark()
    person.key("alt+2")
    person.sees("ui: tab shown kind=resources", after=mark)
    commands(person, ">Renew login")
    person.sees("ui: focus .dlg_login.body.form.password.entry", after=mark)
    person.types(f"{demo.ready.password}\n")
    person.sees("ui: focus .dlg_login.body.factor.code", after=mark)
    person.types(code(demo.ready.totp_secret))
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees("ui: resources shown servers 3", after=mark)


def quits(person: Person) -> None:
    """Leave, though things are open."""
    mark = person.mark()
    person.key("ctrl+shift+q")
    person.sees("ui: focus .dlg_quit.body.buttons.quit", after=mark)
    person.key("Return")


def restores(person: Person) -> None:
    """The tabs of last time are offered, and come back."""
    mark = person.mark()
    person.sees("ui: banner shown restore Reopen 11 tabs from last time", after=mark)
    person.sees(r"ui: focus \.main\.home\.\S+\.(recent|clusters)\.", after=mark)
    person.key("ctrl+F6")
    person.sees(r"ui: focus \.main\.sidebar\.tree", after=mark)
    person.key("ctrl+F6")
    person.sees(r"ui: focus \.main\.banners\.restore\.in\.choices\.choice1", after=mark)
    person.key("Return")
    person.sees("ui: banner hidden restore", after=mark)
    person.sees("ui: tab shown kind=resources", after=mark)
    for chord, shown in (
        ("alt+3", "ui: terminal live alice@web-1"),
        ("alt+5", "ui: gateway shown wiki"),
        ("alt+6", "ui: gateway shown orders"),
    ):
        mark = person.mark()
        person.key(chord)
        person.sees(shown, after=mark)
