"""A day with two clusters by the mouse: the keyboard only for words that have to be typed."""

import re
from pathlib import Path

import pytest

from tests.support.demo_process import RunningDemo
from tests.support.login import code
from tests.support.person import Person, Place, teleterm
from tests.support.two_demos import FIRST, SECOND, new_home, two_demos

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]


def test_two_clusters_by_mouse(tmp_path: Path) -> None:
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


def adds(person: Person, demo: RunningDemo, uri: str) -> None:
    """Add a cluster and log in to it."""
    mark = person.mark()
    person.click_row("add", tree=True)
    person.sees("ui: focus .dlg_add.body.address.entry", after=mark)
    person.types(demo.ready.proxy)
    person.click_named("dlg_add.body.buttons.connect")
    person.sees("ui: focus .dlg_login.body.form.user.entry", after=mark)
    person.types(demo.ready.user)
    person.click_named("form.password.entry")
    person.types(demo.ready.password)
    person.click_named("dlg_login.body.buttons.login")
    person.sees("ui: focus .dlg_login.body.factor.code", after=mark)
    person.types(code(demo.ready.totp_secret))
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees(rf"ui: counts shown {uri} servers=3", after=mark)
    person.sees("ui: resources shown servers 3", after=mark)


def box(person: Person, owner: str, key: str, *, after: int = 0) -> Place:
    """Where a row is, once it was told after that moment."""
    pattern = rf"ui: row {owner} {key} (-?\d+),(-?\d+) (\d+)x(\d+)"
    person.sees(pattern, after=after)
    x, y, width, height = (int(word) for word in re.findall(pattern, person.log.read())[-1])
    return Place(x=x, y=y, width=width, height=height)


def chooses(person: Person, title: str, *, after: int) -> None:
    """Click a line of the menu that is open since that moment."""
    line = box(person, r"\.menu\.list", rf"\d+%20{title.replace(' ', '%20')}", after=after)
    person.click_at(*line.middle)


def shows_tab(person: Person, number: int) -> None:
    """Click a tab, which the wheel brings into the strip."""
    mark = person.mark()
    person.click_at(*person.place(".main.tabs").middle, button=4, times=30)
    tab = box(person, r"\.main\.tabs", rf"\.main\.docs\.d{number}", after=mark)
    person.click_at(*tab.middle)


def opens_one_of_each(person: Person) -> None:
    """A tab of each document, from the tree, from tables and from the window's menu.

    Each new connection moves the tree down by a row: the next click waits until that is told.
    """
    since = 0
    for kind, key, shown, recent in (
        ("servers", r"servers/\S+", "ui: terminal live alice@", "ssh"),
        ("kubes", "kubes/staging", "ui: terminal live staging", "kube"),
        ("apps", "apps/wiki", "ui: gateway shown wiki", "gateway_app"),
        ("databases", "dbs/orders", "ui: gateway shown orders", "gateway_db"),
        ("desktops", r"windows_desktops/\S+", "ui: desktop live alice@", "desktop"),
    ):
        mark = person.mark()
        row = box(person, r"\.main\.sidebar\.tree", f"kind:{kind}:{FIRST}", after=since)
        person.click_at(*row.middle)
        shows = (
            "ui: tab shown kind=resources" if kind == "servers" else f"ui: resources shown {kind} "
        )
        person.sees(shows, after=mark)
        line = box(person, r"\.main\.docs\.\S+", f"{FIRST}/{key}", after=mark)
        person.click_at(line.x + 120, line.y + line.height // 2, times=2)
        if kind in {"servers", "databases"}:
            person.sees("ui: picker shown", after=mark)
            person.click_at(*box(person, r"\.picker\.list", "alice", after=mark).middle)
        person.sees(shown, after=mark)
        moved = person.sees(rf"ui: row \.main\.sidebar\.tree recent:{recent}%20", after=mark)
        since = moved.start()
    for key, shown in (
        (f"requests:{FIRST}", "ui: requests shown 0"),
        (f"tunnels:{FIRST}", "ui: tunnels shown 3"),
    ):
        mark = person.mark()
        person.click_at(*box(person, r"\.main\.sidebar\.tree", key, after=since).middle)
        person.sees(shown, after=mark)
    for title, shown in (("Settings", "settings"), ("About", "about"), ("New terminal", "shell")):
        mark = person.mark()
        person.click_named("right.menu")
        chooses(person, title, after=mark)
        person.sees(f"ui: tab opened kind={shown}", after=mark)
    person.sees("ui: terminal live Terminal")


def asks_menu(person: Person, screen: str, title: str) -> None:
    """Choose a line of a terminal's menu, and wait until the keyboard is back from it."""
    mark = person.mark()
    person.click_at(*person.place(screen).middle, button=3)
    person.sees(r"ui: focus \.menu\.list", after=mark)
    chosen = person.mark()
    chooses(person, title, after=mark)
    person.sees(r"ui: gone widget \.menu\n", after=chosen)
    person.sees(r"ui: focus \.main\.docs\.", after=chosen)


def splits_and_broadcasts(person: Person) -> None:
    """Two panes of a local shell that get the same keys."""
    person.waits_to_read(r"\$\s*$")
    mark = person.mark()
    asks_menu(person, ".main.docs.d12.term.view.screen", "Split right")
    person.sees("ui: pane opened, 2 panes", after=mark)
    person.sees("ui: terminal live", after=mark)
    person.waits_to_read(r"\$\s*$")
    asks_menu(person, ".main.docs.d13p1.term.view.screen", "Broadcast to panes")
    person.sees("ui: broadcast to 2 panes", after=mark)
    person.types("echo both of $((6 * 7))\n")
    person.waits_to_read(r"\nboth of 42\n")
    mark = person.mark()
    person.click(".main.docs.d12.term.view.screen")
    person.sees("ui: pane active 0", after=mark)
    person.waits_to_read(r"\nboth of 42\n")
    asks_menu(person, ".main.docs.d12.term.view.screen", "Broadcast to panes")
    person.sees("ui: broadcast off", after=mark)


def searches(person: Person) -> None:
    """Find words in what a terminal has printed."""
    mark = person.mark()
    asks_menu(person, ".main.docs.d12.term.view.screen", "Find…")
    person.sees(r"ui: focus \S+view\.search\.pattern\.entry", after=mark)
    person.types("both of")
    person.sees("ui: search 2 of 2", after=mark)
    mark = person.mark()
    person.click_named("view.search.up")
    person.sees("ui: search 1 of 2", after=mark)
    person.click_named("view.search.close")
    person.sees(r"ui: focus \S+view\.screen", after=mark)


def renews(person: Person, demo: RunningDemo) -> None:
    """The second cluster's login ends; its page is locked until a new one."""
    person.sees("ui: resources locked Your login on 127.0.0.1")
    mark = person.mark()
    shows_tab(person, 2)
    person.sees("ui: tab shown kind=resources", after=mark)
    person.click(".main.docs.d2.banners.locked.in.choices.choice1")
    person.sees("ui: focus .dlg_login.body.form.password.entry", after=mark)
    person.types(demo.ready.password)
    person.click_named("dlg_login.body.buttons.login")
    person.sees("ui: focus .dlg_login.body.factor.code", after=mark)
    person.types(code(demo.ready.totp_secret))
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees("ui: resources shown servers 3", after=mark)


def quits(person: Person) -> None:
    """Leave, though things are open."""
    mark = person.mark()
    person.click_named("right.menu")
    chooses(person, "Quit", after=mark)
    person.sees("ui: focus .dlg_quit.body.buttons.quit", after=mark)
    person.click_named("dlg_quit.body.buttons.quit")


def restores(person: Person) -> None:
    """The tabs of last time are offered, and come back."""
    mark = person.mark()
    person.sees("ui: banner shown restore Reopen 11 tabs from last time", after=mark)
    person.click(".main.banners.restore.in.choices.choice1")
    person.sees("ui: banner hidden restore", after=mark)
    person.sees("ui: tab shown kind=resources", after=mark)
    for number, shown in (
        (3, "ui: terminal live alice@"),
        (5, "ui: gateway shown wiki"),
        (6, "ui: gateway shown orders"),
    ):
        mark = person.mark()
        person.click_at(*box(person, r"\.main\.tabs", rf"\.main\.docs\.d{number}").middle)
        person.sees(shown, after=mark)
