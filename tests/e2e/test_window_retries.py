"""A shell on a server whose connection breaks: the window tries again, unless it was refused."""

from collections.abc import Iterator

import pytest

from teleterm.bridge import contract as c
from tests.e2e.window import click, press, shown
from tests.support.fake_main import FakeMain, furnished, make_cluster
from tests.support.spoken_channel import open_channel

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LOST = "ERROR: wait: remote command exited without exit status or exit signal"
DENIED = "ERROR: access denied to alice connecting to node1"
BANNER = ".main.docs.d1.banners.ended"
CHOICES = f"{BANNER}.in.choices"


@pytest.fixture
def fake() -> Iterator[FakeMain]:
    with shown(furnished()) as main:
        main.make_channel = lambda _body: open_channel("alice@node1:~$", LOST, status=1)
        yield main


def lose(fake: FakeMain) -> None:
    click(fake, ".main.sidebar.tree recent:r1")
    fake.wait_ask(c.OpenTerminal)
    fake.wait_log("ui: terminal lost alice@node1")
    fake.wait_widget(BANNER)


def test_it_is_tried_again_by_itself_and_lives_on(fake: FakeMain) -> None:
    lose(fake)
    fake.make_channel = lambda _body: open_channel("alice@node1:~$")
    fake.wait_log("ui: terminal tries again alice@node1")
    fake.wait_ask(c.OpenTerminal)
    fake.wait_log("ui: terminal live alice@node1")
    fake.wait_gone(BANNER)
    fake.wait_focus(".main.docs.d1.term.view.screen")


def test_now_does_not_wait_and_stop_stops(fake: FakeMain) -> None:
    lose(fake)
    click(fake, f"{CHOICES}.choice1")
    fake.wait_ask(c.OpenTerminal)
    fake.wait_log("ui: terminal lost alice@node1")
    click(fake, f"{CHOICES}.choice2")
    fake.wait_log("ui: terminal stopped trying alice@node1")
    fake.wait_focus(".main.docs.d1.term.view.screen")
    press("Return")
    fake.wait_ask(c.OpenTerminal)


def test_a_refusal_in_between_ends_the_tries(fake: FakeMain) -> None:
    lose(fake)
    fake.make_channel = lambda _body: open_channel(DENIED, status=1)
    fake.wait_log("ui: terminal failed prod.example.com does not let you log in to node1 as alice.")


def test_a_program_that_ends_with_a_number_has_not_been_lost(fake: FakeMain) -> None:
    said = "ERROR: Process exited with status 3"
    fake.make_channel = lambda _body: open_channel(said, status=3)
    click(fake, ".main.sidebar.tree recent:r1")
    fake.wait_log("ui: terminal ended 3 alice@node1")
    fake.wait_widget(BANNER)
    assert not any("terminal lost" in line for line in fake.log)


def test_without_a_login_it_waits_for_that(fake: FakeMain) -> None:
    def end_login_and_lose(_body: object) -> int:
        fake.set_clusters(make_cluster(expires_at=1), *fake.clusters[1:])
        return open_channel(LOST, status=1)

    before = fake.clusters
    fake.make_channel = end_login_and_lose
    click(fake, ".main.sidebar.tree recent:r1")
    fake.wait_log("ui: terminal failed Your login on prod.example.com has ended.")
    fake.asks.clear()
    fake.make_channel = lambda _body: open_channel("alice@node1:~$")
    fake.set_clusters(*before)
    fake.wait_ask(c.OpenTerminal)
    fake.wait_log("ui: terminal live alice@node1")
