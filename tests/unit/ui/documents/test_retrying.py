from collections.abc import Callable

from teleterm.ui.documents.retrying import DELAYS_S, STEADY_MS, Retrying


class Clockwork:
    """Holds what shall happen later; `ring` lets the next thing happen."""

    def __init__(self) -> None:
        self.waiting: dict[str, tuple[int, Callable[[], None]]] = {}
        self._count = 0

    def after(self, ms: int, func: Callable[[], None], /) -> str:
        self._count += 1
        self.waiting[str(self._count)] = (ms, func)
        return str(self._count)

    def after_cancel(self, id: str, /) -> None:
        del self.waiting[id]

    def ring(self) -> int:
        ms, func = self.waiting.pop(next(iter(self.waiting)))
        func()
        return ms


class Watched:
    """A series of tries, and what it said."""

    def __init__(self) -> None:
        self.clockwork = Clockwork()
        self.said: list[int] = []
        self.due = 0
        self.retrying = Retrying(self.clockwork, on_wait=self.said.append, on_due=self._is_due)

    def _is_due(self) -> None:
        self.due += 1

    def run_down(self) -> None:
        due = self.due
        while self.due == due:
            assert self.clockwork.ring() == 1000


def test_it_waits_longer_each_time_and_then_stops() -> None:
    watched = Watched()
    for delay in DELAYS_S:
        assert watched.retrying.lost()
        watched.run_down()
        assert watched.said == list(range(delay, 0, -1))
        watched.said.clear()
    assert not watched.retrying.lost()
    assert not watched.retrying.is_trying
    assert watched.clockwork.waiting == {}


def test_the_second_try_counts_on_when_the_first_did_not_hold() -> None:
    watched = Watched()
    assert watched.retrying.lost()
    watched.run_down()
    watched.retrying.connected()
    assert watched.retrying.lost()
    assert watched.said == [2, 1, 5]


def test_a_connection_that_holds_begins_anew() -> None:
    watched = Watched()
    assert watched.retrying.lost()
    watched.run_down()
    watched.retrying.connected()
    assert watched.clockwork.ring() == STEADY_MS
    assert not watched.retrying.is_trying
    assert watched.retrying.lost()
    assert watched.said == [2, 1, 2]


def test_stopped_means_that_nothing_happens() -> None:
    watched = Watched()
    assert watched.retrying.lost()
    watched.retrying.stop()
    assert watched.clockwork.waiting == {}
    assert not watched.retrying.is_trying
    assert watched.due == 0


def test_a_try_by_hand_ends_the_wait_only() -> None:
    watched = Watched()
    assert watched.retrying.lost()
    watched.retrying.pause()
    assert watched.clockwork.waiting == {}
    assert watched.retrying.is_trying
