"""Faults on demand, on a connection in memory."""

import asyncio

import pytest

from teleterm.demo import faults
from teleterm.demo.faults import Faults, FaultyFront
from teleterm.model.errors import BadInput


class Recorder:
    """A connection that gives one word and keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.is_closed = False
        self.peer_host = "127.0.0.1"

    async def read(self) -> bytes:
        return b"word"

    async def write(self, data: bytes) -> None:
        self.told.append(data)

    async def close(self) -> None:
        self.is_closed = True

    def put_back(self, front: bytes) -> None:
        self.told.append(front)


def entered(network: Faults, kind: str) -> tuple[FaultyFront, Recorder]:
    """A connection of a kind, and what is behind it."""
    behind = Recorder()
    front = FaultyFront(behind, network)
    front.enter(kind)
    return front, behind


def test_only_the_kind_that_was_named_is_refused() -> None:
    async def run() -> None:
        network = Faults()
        network.refuse(faults.DATABASE)
        entered(network, faults.SSH)
        with pytest.raises(ConnectionRefusedError):
            entered(network, faults.DATABASE)
        network.heal()
        entered(network, faults.DATABASE)
        network.refuse(faults.ALL)
        with pytest.raises(ConnectionRefusedError):
            entered(network, faults.WEB)

    asyncio.run(run())


def test_what_is_dropped_comes_when_the_network_is_back() -> None:
    async def run() -> None:
        network = Faults()
        front, behind = entered(network, faults.APP)
        network.drop(faults.APP)
        work = [
            asyncio.ensure_future(one) for one in (front.write(b"a"), front.close(), front.read())
        ]
        done, _ = await asyncio.wait(work, timeout=0)
        assert (done, behind.told, behind.is_closed) == (set(), [], False)
        network.heal()
        await asyncio.gather(*work)
        assert (behind.told, behind.is_closed) == ([b"a"], True)

    asyncio.run(run())


def test_late_is_late_and_not_lost() -> None:
    async def run() -> None:
        network = Faults()
        network.delay(faults.WEB, 0.001)
        front, behind = entered(network, faults.WEB)
        await front.write(b"a")
        assert (await front.read(), behind.told) == (b"word", [b"a"])

    asyncio.run(run())


@pytest.mark.parametrize("make", [Faults.refuse, Faults.drop])
def test_unknown_kinds_are_told(make: "object") -> None:
    async def run() -> None:
        assert callable(make)
        with pytest.raises(BadInput):
            make(Faults(), "spoon")

    asyncio.run(run())
