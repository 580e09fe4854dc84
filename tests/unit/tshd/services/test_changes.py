"""Changes reach every listener in order, and nobody else."""

import asyncio

from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as pb
from teleterm.tshd.services.changes import Changes
from teleterm.tshd.services.gateways.traffic import Traffic


def closed(name: str) -> pb.Change:
    return pb.Change(gateway_closed=name)


def test_each_listener_gets_each_change() -> None:
    async def listen() -> list[list[str]]:
        changes = Changes()
        changes.tell(closed("before anybody listens"))
        heard = [changes.listen(), changes.listen()]
        waiting = [asyncio.ensure_future(anext(one)) for one in heard]
        await asyncio.sleep(0)  # lets both begin to listen; no time passes
        assert changes.listeners == 2
        changes.tell(closed("a"))
        changes.tell(closed("b"))
        first = [(await one).gateway_closed for one in waiting]
        second = [(await anext(one)).gateway_closed for one in heard]
        for one in heard:
            await one.aclose()  # type: ignore[attr-defined]  # a generator
        assert changes.listeners == 0
        return [first, second]

    assert asyncio.run(listen()) == [["a", "a"], ["b", "b"]]


def test_traffic_counts_and_tells() -> None:
    told: list[int] = []
    traffic = Traffic()
    traffic.changed = lambda: told.append(traffic.open_connections)
    traffic.opened()
    traffic.opened()
    traffic.closed(10, 20)
    traffic.failed()
    assert told == [1, 2, 1, 1]
    assert (traffic.all_connections, traffic.failed_connections) == (2, 1)
    assert (traffic.bytes_up, traffic.bytes_down) == (10, 20)
