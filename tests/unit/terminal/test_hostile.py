"""Hostile input: the work and the memory for each byte are bounded, whatever is written.

Work is counted in lines of our code run, so that a slow machine changes nothing; what lists do
inside one line isn't seen, `tests/bench/engine_hostile.py` measures it in seconds.
"""

import re
import sys
from types import FrameType

import pytest

from teleterm.terminal.engine import Engine
from tests.support import hostile

SIZE = 3000
COLS, ROWS = 80, 24
MAX_LINES_A_BYTE = 70
"""At 0.03 microseconds a line this is about 2 seconds a megabyte."""

MAX_REPLY_BYTES = 1 << 20
MAX_EVENTS = 1000
SAFE_REPLIES = re.compile(rb"(?:\x1b[\[\]P\\]|[ -~]|\x07)*")
"""What ends a line, or anything else that a shell would act on, is never answered."""

ALLOWED = {"narrow margins": 120}
"""A line feed inside left and right margins moves a part of each row."""

NAMES = [*hostile.CASES, *hostile.BYTES]


class Counter:
    """Counts lines run while it traces."""

    def __init__(self) -> None:
        self.lines = 0

    def _line(self, _frame: FrameType, event: str, _argument: object) -> object:
        if event == "line":
            self.lines += 1
        return self._line

    def feed(self, engine: Engine, data: bytes) -> None:
        before = sys.gettrace()
        sys.settrace(self._line)  # type: ignore[arg-type]  # a bound method is a trace function
        try:
            engine.feed(data)
        finally:
            sys.settrace(before)


def lines_a_byte(name: str, cols: int, rows: int) -> float:
    data = hostile.make(name, SIZE)
    engine = Engine(cols, rows)
    engine.feed(data[:SIZE])  # sequences are learnt once
    counter = Counter()
    counter.feed(engine, data)
    return counter.lines / len(data)


@pytest.mark.slow
def test_work_for_each_byte_is_bounded() -> None:
    found = {name: lines_a_byte(name, COLS, ROWS) for name in NAMES}
    too_much = {
        name: round(lines)
        for name, lines in found.items()
        if lines > ALLOWED.get(name, MAX_LINES_A_BYTE)
    }
    assert too_much == {}


def test_counting_sees_work() -> None:
    engine = Engine(COLS, ROWS)
    counter = Counter()
    counter.feed(engine, b"\x1b[H" * 100)
    few = counter.lines
    counter.feed(engine, b"\x1b7\x1b8" * 100)
    assert counter.lines > 3 * few > 0


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_nothing_raises_and_all_is_bounded(part: int) -> None:
    for name in NAMES[part::10]:
        engine = Engine(COLS, ROWS, scrollback=500, replies_window_ops=True, answers_checksums=True)
        data = hostile.make(name, SIZE)
        for number, at in enumerate(range(0, len(data), 700)):
            engine.feed(data[at : at + 700])
            if number % 3 == 1:
                engine.resize(20 + 30 * (number % 5), 3 + 7 * (number % 4))
                engine.frame()
        replies = engine.take_replies()
        assert len(replies) <= MAX_REPLY_BYTES + 1000, name
        assert SAFE_REPLIES.fullmatch(replies), name
        assert len(engine.take_events()) <= MAX_EVENTS, name
        assert len(engine.title) <= 120, name
        engine.feed(b"\x18\x1b\\\x1bc\x1b[Hstill there")
        assert engine.text() == "still there", name


def test_answers_nobody_takes_are_bounded() -> None:
    engine = Engine(COLS, ROWS)
    engine.feed(b"\x1b[c" * 100_000)
    assert len(engine.take_replies()) <= MAX_REPLY_BYTES + 1000


def test_scrollback_is_limited_by_weight_too() -> None:
    engine = Engine(200, 5, scrollback=1_000_000)
    history = engine.screen.history
    most = 0
    for _ in range(12):
        engine.feed(("\u6f22" * 100 + "\x1b[7;1m").encode() * 1300 * 3)
        most = max(most, sum(block.weight for block in history.blocks()))
    assert 40 << 20 < most <= 52 << 20


def test_answers_repeat_no_spelling_of_the_program() -> None:
    engine = Engine(COLS, ROWS)
    engine.feed(b"\x1bP+q54 4e\x1b\\\x1bP+q544e\x1b\\")
    assert engine.take_replies() == b"\x1bP0+r\x1b\\\x1bP1+r544E=787465726D2D323536636F6C6F72\x1b\\"
