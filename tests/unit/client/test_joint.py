"""Two connections joined, over socket pairs."""

import asyncio
import socket

from teleterm.client.joint import End, join
from teleterm.wire import ping_framing


async def _end() -> tuple[End, asyncio.StreamReader, asyncio.StreamWriter]:
    """An end, and streams at the other side of its socket."""
    inner, outer = socket.socketpair()
    loop = asyncio.get_running_loop()
    _, end = await loop.create_connection(End, sock=inner)
    reader, writer = await asyncio.open_connection(sock=outer)
    return end, reader, writer


def test_bytes_flow_both_ways_and_the_end_too() -> None:
    async def scenario() -> None:
        one, left_in, left_out = await _end()
        two, right_in, right_out = await _end()
        left_out.write(b"said before anybody listened")
        join(one, two)
        assert await right_in.readexactly(28) == b"said before anybody listened"
        right_out.write(b"answer")
        assert await left_in.readexactly(6) == b"answer"
        left_out.close()
        assert await right_in.read() == b""
        await asyncio.wait([one.ended, two.ended])
        assert (one.received, two.received) == (28, 6)
        right_out.close()

    asyncio.run(scenario())


def test_much_data_waits_for_a_slow_reader() -> None:
    async def scenario() -> None:
        one, _, left_out = await _end()
        two, right_in, right_out = await _end()
        join(one, two)
        data = bytes(range(256)) * 20_000
        writing = asyncio.ensure_future(_write(left_out, data))
        assert await right_in.readexactly(len(data)) == data
        await writing
        left_out.close()
        right_out.close()
        await asyncio.wait([one.ended, two.ended])

    async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        await writer.drain()

    asyncio.run(scenario())


def test_a_framed_side_speaks_in_frames() -> None:
    async def scenario() -> None:
        one, left_in, left_out = await _end()
        two, right_in, right_out = await _end()
        two.frame()
        join(one, two)
        left_out.write(b"select 1")
        assert await right_in.readexactly(12) == ping_framing.encode(b"select 1")
        right_out.write(ping_framing.PING + ping_framing.encode(b"one row"))
        assert await left_in.readexactly(7) == b"one row"
        assert two.received == 7
        left_out.close()
        right_out.close()
        await asyncio.wait([one.ended, two.ended])

    asyncio.run(scenario())


def test_an_end_that_went_before_takes_the_other_with_it() -> None:
    async def scenario() -> None:
        one, _, left_out = await _end()
        two, right_in, right_out = await _end()
        one.abort()
        await one.ended
        join(one, two)
        assert await right_in.read() == b""
        left_out.close()
        right_out.close()
        one.abort()
        one.close()

    asyncio.run(scenario())
