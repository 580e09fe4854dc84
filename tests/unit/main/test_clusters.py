"""What is known of the clusters is no older than the question."""

import asyncio

from teleterm.main.clusters import Clusters
from teleterm.osutil import tasks


class Rounds(Clusters):
    """Rounds that the test lets go on, of a daemon whose answer is a number that grows."""

    def __init__(self) -> None:
        self._refreshing = None
        self._following = None
        self.truth = 0
        self.known = -1
        self.begun = 0
        self.may_end = asyncio.Event()

    async def _refresh_once(self) -> None:
        self.begun += 1
        answer = self.truth
        await self.may_end.wait()
        self.known = answer


def test_who_asks_during_a_round_hears_what_changed_since_it_began() -> None:
    async def steps() -> None:
        clusters = Rounds()
        first = tasks.spawn(clusters.refresh(), name="asks")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert clusters.begun == 1
        clusters.truth = 7  # somebody logged in
        others = [tasks.spawn(clusters.refresh(), name="asks") for _ in range(3)]
        await asyncio.sleep(0)
        clusters.may_end.set()
        await asyncio.gather(first, *others)
        assert clusters.known == 7
        assert clusters.begun == 2, "the three share one round"
        await clusters.refresh()
        assert clusters.begun == 3

    asyncio.run(steps())


def test_a_round_that_failed_does_not_stop_the_next() -> None:
    class Failing(Rounds):
        async def _refresh_once(self) -> None:
            await super()._refresh_once()
            if self.begun == 1:
                raise OSError("gone")

    async def steps() -> None:
        clusters = Failing()
        first = tasks.spawn(clusters.refresh(), name="asks")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        second = tasks.spawn(clusters.refresh(), name="asks")
        await asyncio.sleep(0)
        clusters.may_end.set()
        ends = await asyncio.gather(first, second, return_exceptions=True)
        assert isinstance(ends[0], OSError)
        assert ends[1] is None

    asyncio.run(steps())
