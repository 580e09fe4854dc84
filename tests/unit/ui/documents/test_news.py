"""Of what happened in a tab the mark shows what says most."""

import pytest

from teleterm.ui.documents.news import BELL, NOTHING, OUTPUT, News, finished

DONE, FAILED = finished(0), finished(3)


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [
        (NOTHING, OUTPUT, OUTPUT),
        (NOTHING, NOTHING, NOTHING),
        (OUTPUT, BELL, BELL),
        (BELL, OUTPUT, BELL),
        (BELL, NOTHING, BELL),
        (BELL, DONE, DONE),
        (DONE, BELL, DONE),
        (DONE, FAILED, FAILED),
        (FAILED, DONE, DONE),
        (FAILED, OUTPUT, FAILED),
    ],
)
def test_together(before: News, more: News, after: News) -> None:
    assert before.with_more(more) == after


def test_only_a_failure_has_words() -> None:
    assert [bool(news) for news in (NOTHING, OUTPUT, FAILED)] == [False, True, True]
    assert [news.words for news in (OUTPUT, BELL, DONE, FAILED)] == ["", "", "", "3"]
    assert FAILED.icon[0] == "cross"
