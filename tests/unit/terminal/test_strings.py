"""Titles, clipboard, notices and other strings become events."""

import pytest

from teleterm.terminal.engine import Engine
from teleterm.terminal.events import (
    Bell,
    ClipboardWrite,
    DirectoryChanged,
    Event,
    IconNameChanged,
    Notice,
    PointerShape,
    Progress,
    PromptMark,
    ScreenSwitched,
    TitleChanged,
)

CASES: list[tuple[bytes, list[Event]]] = [
    (b"\x07\x07", [Bell()]),
    (b"\x1b]0;a\x07", [TitleChanged("a"), IconNameChanged("a")]),
    (b"\x1b]2;a\tb\xc2\x85c\x1b\\", []),
    (b"\x1b]2;" + b"x" * 500 + b"\x07", [TitleChanged("x" * 120)]),
    (b"\x1b]2;a\x07\x1b[22t\x1b]2;b\x07\x1b[23t", [TitleChanged(text) for text in "aba"]),
    (b"\x1b]7;file://host/tmp\x07", [DirectoryChanged("file://host/tmp")]),
    (b"\x1b]9;done\x07", [Notice("", "done")]),
    (b"\x1b]9;4;1;50\x07", [Progress(1, 50)]),
    (b"\x1b]777;notify;t;b\x07", [Notice("t", "b")]),
    (b"\x1b]22;pointer\x07", [PointerShape("pointer")]),
    (b"\x1b]52;c;aGk=\x07", [ClipboardWrite("c", b"hi")]),
    (b"\x1b]52;;aGk=\x07", [ClipboardWrite("c", b"hi")]),
    (b"\x1b]52;c;?\x07", []),
    (b"\x1b]52;c;!!\x07", []),
    (b"x\r\n\x1b]133;A\x07", [PromptMark("A", 1, None)]),
    (b"\x1b]133;D;7\x07", [PromptMark("D", 0, 7)]),
    (b"\x1b[?1049h", [ScreenSwitched(alternate=True)]),
]


@pytest.mark.parametrize(("data", "events"), CASES)
def test_events_of(data: bytes, events: list[Event]) -> None:
    engine = Engine(10, 4)
    engine.feed(data)
    if b"\xc2\x85" in data:  # a C1 control inside a string ends it
        assert engine.title == ""
        return
    assert [event for event in engine.take_events()] == events
    assert engine.take_events() == []


def test_strings_have_a_limit_and_the_text_after_them_is_seen() -> None:
    engine = Engine(10, 4)
    engine.feed(b"\x1b]2;")
    for _ in range(100):
        engine.feed(b"x" * 50_000)
    engine.feed(b"\x07ok")
    assert engine.take_events() == []
    assert engine.text().endswith("ok")


def test_events_that_nobody_takes_do_not_grow_without_bound() -> None:
    engine = Engine(10, 4)
    engine.feed(b"".join(b"\x1b]9;%d\x07" % number for number in range(50_000)))
    assert len(engine.take_events()) <= 1000
