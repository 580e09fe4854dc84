"""What the window learns of updates: at its start for About, and when a person asks."""

from collections.abc import Iterator

import pytest

from teleterm.bridge.contract import Done, NoticePosted, RunNoticeAction
from tests.support.stand_in import MainUnderTest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
CHECKOUT = "This program isn't installed by its single file, so it doesn't update itself."


@pytest.fixture
def main() -> Iterator[MainUnderTest]:
    """A main process in a home of its own."""
    running = MainUnderTest()
    running.configure('{"update.managingCluster": "/clusters/prod.example.com"}')
    running.start(SHELL="/bin/sh")
    yield running
    running.stop()


def test_about_says_why_there_are_none_and_who_decides(main: MainUnderTest) -> None:
    welcome = main.window().hello()
    assert (welcome.update.state, welcome.update.text) == ("unmanaged", CHECKOUT)
    assert welcome.versions["Updates decided by"] == "/clusters/prod.example.com"


def test_asking_by_the_command_is_answered_in_words(main: MainUnderTest) -> None:
    window = main.window()
    window.hello()
    window.ask(RunNoticeAction(action="check-for-updates"), Done)
    notice = window.event(NoticePosted, lambda event: event.notice.key == "update").notice
    assert (notice.title, notice.text) == ("No update", CHECKOUT)
