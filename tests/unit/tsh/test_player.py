"""Playing a recording, without waiting: every piece is due at once or keys move the position."""

import asyncio
from collections.abc import AsyncIterator

from teleterm.tsh.player import CLEAR, Piece, Player


async def of(*pieces: Piece) -> AsyncIterator[Piece]:
    for piece in pieces:
        yield piece


def shown(player_speed: float, *pieces: Piece, skip_idle: bool = False) -> list[bytes]:
    screen: list[bytes] = []
    player = Player(screen.append, speed=player_speed, skip_idle=skip_idle)
    asyncio.run(player.play(of(*pieces)))
    return screen


def test_everything_in_order() -> None:
    assert shown(1.0, Piece(0, b"a"), Piece(0, b"b")) == [CLEAR, b"a", b"b"]


def test_an_empty_recording_ends() -> None:
    assert shown(1.0) == [CLEAR]


def test_speed_divides_the_waits() -> None:
    # an hour at this speed is 4 ms
    assert shown(1e6, Piece(0, b"a"), Piece(3_600_000, b"b")) == [CLEAR, b"a", b"b"]


def test_arrows_move_and_ctrl_c_leaves() -> None:
    screen: list[bytes] = []

    async def play() -> None:
        player = Player(screen.append)
        waiting = asyncio.Event()

        async def pieces() -> AsyncIterator[Piece]:
            yield Piece(0, b"a")
            yield Piece(9_000, b"b")
            yield Piece(3_600_000, b"c")
            waiting.set()

        playing = asyncio.ensure_future(player.play(pieces()))
        await waiting.wait()
        player.key(b"\x1b[C")
        assert screen == [CLEAR, b"a", b"b"]
        player.key(b"\x1b[D")
        assert screen == [CLEAR, b"a", b"b", CLEAR, b"a"]
        player.key(b"\x03")
        await playing

    asyncio.run(play())


def test_space_stops_until_the_next() -> None:
    screen: list[bytes] = []

    async def play() -> None:
        player = Player(screen.append)
        player.key(b" ")
        playing = asyncio.ensure_future(player.play(of(Piece(0, b"a"))))
        for _ in range(20):
            await asyncio.sleep(0)  # lets the player go as far as it may; no time passes
        assert screen == [CLEAR]
        player.key(b" ")
        await playing

    asyncio.run(play())
    assert screen == [CLEAR, b"a"]


def test_a_failure_while_reading_ends_it() -> None:
    class Broken(Exception):
        pass

    async def pieces() -> AsyncIterator[Piece]:
        yield Piece(0, b"a")
        raise Broken

    async def play() -> list[bytes]:
        screen: list[bytes] = []
        try:
            await Player(screen.append).play(pieces())
        except Broken:
            return screen
        raise AssertionError("the failure was lost")

    assert asyncio.run(play()) == [CLEAR, b"a"]
