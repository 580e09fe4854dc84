import array
import asyncio
import os
import socket

import pytest

from teleterm.bridge import framing, main_end
from teleterm.bridge.contract import Answer, Ask, BringForward, Done, Quit, Tell, Text
from teleterm.bridge.contract import TerminalOpened as Opened
from teleterm.bridge.main_end import MainEnd


class Pair:
    """Main's end in a loop, and the other side of its socket."""

    def __init__(self) -> None:
        ours, self.window = socket.socketpair()
        self.window.settimeout(5)
        self.asks: asyncio.Queue[Ask] = asyncio.Queue()
        self.closed = asyncio.Event()
        self.end = MainEnd(ours, on_ask=self.asks.put_nowait, on_closed=self.closed.set)

    async def hear(self, count: int) -> list[Answer | Tell]:
        """The next messages on the window's side."""
        unpacker, found = framing.window_unpacker(), list[Answer | Tell]()
        while len(found) < count:
            found += unpacker.feed(await asyncio.to_thread(self.window.recv, 65536))
        return found

    def close(self) -> None:
        """Close both."""
        self.end.close()
        self.window.close()


def test_asks_arrive_and_answers_leave() -> None:
    async def go() -> None:
        pair = Pair()
        pair.window.sendall(framing.pack(Ask(ask_id=1, body=Quit())))
        assert await asyncio.wait_for(pair.asks.get(), 5) == Ask(ask_id=1, body=Quit())
        pair.end.answer(1, Done())
        pair.end.tell(BringForward())
        assert await pair.hear(2) == [Answer(ask_id=1, body=Done()), Tell(body=BringForward())]
        pair.close()

    asyncio.run(go())


def test_a_descriptor_travels_with_its_answer() -> None:
    async def go() -> None:
        pair = Pair()
        reader, writer = os.pipe()
        pair.end.tell(BringForward())
        pair.end.answer(1, Opened(terminal_id="t1"), descriptor=writer)
        first = framing.pack(Tell(body=BringForward()))
        assert pair.window.recv(len(first)) == first
        data, ancillary, _, _ = pair.window.recvmsg(65536, 64)
        [message] = framing.window_unpacker().feed(data)
        assert message == Answer(ask_id=1, body=Opened(terminal_id="t1"), descriptors=1)
        [(level, kind, body)] = ancillary
        assert (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)
        [received] = array.array("i", body)
        os.write(received, b"through")
        assert os.read(reader, 7) == b"through"
        os.close(received)
        assert os.read(reader, 1) == b""
        os.close(reader)
        pair.close()

    asyncio.run(go())


def test_a_slow_window_gets_everything_in_order() -> None:
    async def go() -> None:
        pair = Pair()
        sent = [Answer(ask_id=n, body=Text(text="x" * 100_000)) for n in range(20)]
        for one in sent:
            pair.end.answer(one.ask_id, one.body)
        assert await pair.hear(20) == sent
        pair.close()

    asyncio.run(go())


def test_a_window_that_never_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_end, "MAX_UNSENT_BYTES", 1_000_000)

    async def go() -> None:
        pair = Pair()
        for number in range(20):
            pair.end.answer(number, Text(text="x" * 100_000))
        await asyncio.wait_for(pair.closed.wait(), 5)
        assert not pair.end.is_open
        pair.close()

    asyncio.run(go())


@pytest.mark.parametrize("data", [b"", b"\xff\xff\xff\xff", b"\0\0\0\1\xc1"])
def test_the_end_or_nonsense_closes_the_bridge(data: bytes) -> None:
    async def go() -> None:
        pair = Pair()
        if data:
            pair.window.sendall(data)
        else:
            pair.window.close()
        await asyncio.wait_for(pair.closed.wait(), 5)
        pair.end.tell(BringForward())
        pair.close()

    asyncio.run(go())


def test_descriptors_that_were_never_sent_are_closed() -> None:
    async def go() -> None:
        pair = Pair()
        reader, writer = os.pipe()
        pair.end.close()
        pair.end.answer(1, Opened(terminal_id="t1"), descriptor=writer)
        assert os.read(reader, 1) == b""
        os.close(reader)
        pair.close()

    asyncio.run(go())
