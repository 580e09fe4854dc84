"""What a program can make the engine keep: beyond its limits more input adds no memory."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from teleterm.terminal.engine import Engine

MOST_MORE = 300_000
"""Bytes that as much input again may add to the most that is held."""

# What comes first, once, and the piece with a number; how many pieces go beyond the limit.
BOMBS: dict[str, tuple[bytes, Callable[[int], bytes], int]] = {
    "an OSC without end": (b"\x1b]2;", lambda _: b"x" * 1000, 500),
    "a DCS without end": (b"\x1bPq", lambda _: b"#" * 1000, 500),
    "a CSI without end": (b"\x1b[", lambda _: b"1;" * 500, 500),
    "marks on one cell": (b"e", lambda _: "\u0301".encode() * 100, 2000),
    "sequences": (b"", lambda at: b"\x1b[?%dh" % at, 17_000),
    "links, each a look": (b"", lambda at: b"\x1b]8;;h:%d\x07\x1b[Hx" % at, 20_500),
    "titles put aside": (b"", lambda _: b"\x1b[22t", 20_000),
    "events": (b"", lambda at: b"\x1b]7;file://host/%d\x07" % at, 4000),
    "keyboards put aside": (b"", lambda _: b"\x1b[>1u", 9000),
    "looks put aside": (b"", lambda _: b"\x1b[#{", 9000),
    "colours put aside": (b"", lambda _: b"\x1b[#P", 9000),
    "colours": (b"", lambda at: b"\x1b]4;%d;#%06x\x07" % (at % 256, at), 3000),
    "modes kept": (b"", lambda at: b"\x1b[?%ds" % (at % 3000), 3000),
    "tab stops": (b"", lambda at: b"\x1b[%dGx\x1bH" % (at % 99), 3000),
    "writes before a look": (b"", lambda at: b"\x1b[%d;9Hxx" % (at % 24 + 1), 20_000),
    "lines inside margins": (b"\x1b[?69h\x1b[3;40s\x1b[99H", lambda _: b"xx\r\n", 5000),
}


@contextmanager
def traced() -> Iterator[Callable[[], int]]:
    """Count what is allocated; gives the most that was held since it was asked last, in bytes."""

    def most() -> int:
        peak = tracemalloc.get_traced_memory()[1]
        gc.collect()
        tracemalloc.reset_peak()
        return peak

    tracemalloc.start()
    try:
        yield most
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_as_much_again_adds_no_memory(name: str) -> None:
    first, piece, count = BOMBS[name]
    halves = [b"".join(map(piece, range(at, at + count))) for at in (0, count)]
    with traced() as most:
        engine = Engine(80, 24, scrollback=500)
        engine.feed(first)
        for at in range(0, len(halves[0]), 50_000):
            engine.feed(halves[0][at : at + 50_000])
        before = most()
        for at in range(0, len(halves[1]), 50_000):
            engine.feed(halves[1][at : at + 50_000])
        assert most() - before < MOST_MORE
        assert engine.cols == 80


def test_a_line_of_looks_of_its_own_weighs_what_they_take() -> None:
    engine = Engine(80, 1, scrollback=10)
    with traced() as most:
        before = most()
        engine.feed(b"".join(b"\x1b]8;;http://host/%d\x07x" % at for at in range(80)) + b"\r\n")
        taken = most() - before
    (block,) = engine.screen.history.blocks()
    assert 15_000 < taken < 4 * block.weight


@pytest.mark.slow
def test_memory_that_grows_is_seen() -> None:
    with traced() as most:
        before = most()
        engine = Engine(80, 24, scrollback=1_000_000)
        engine.feed(b"%040d\r\n" % 7 * 20_000)
        assert most() - before > MOST_MORE
        assert engine.rows == 24
