import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.bridge import framing
from teleterm.bridge.contract import (
    MAX_BODY_BYTES,
    AddCluster,
    Answer,
    Ask,
    BringForward,
    Done,
    Hello,
    OpenTerminal,
    ShellSpec,
    SshSpec,
    Tell,
    Text,
)
from teleterm.bridge.views import DocumentView
from teleterm.model.errors import PeerBroke

ASKS = [
    Ask(ask_id=1, body=Hello(pid=7, seal={"tcl": "cut"})),
    Ask(ask_id=2, body=AddCluster(address="prod.example.com")),
    Ask(
        ask_id=3,
        body=OpenTerminal(
            spec=SshSpec(server_uri="/clusters/a/servers/b", hostname="b", login="root"),
            document=DocumentView(kind="ssh", fields={"login": "root"}),
            cols=80,
            rows=24,
        ),
    ),
    Ask(
        ask_id=4,
        body=OpenTerminal(spec=ShellSpec(), document=DocumentView(kind="shell"), cols=80, rows=24),
    ),
]
NEWS: list[Answer | Tell] = [Answer(ask_id=1, body=Done()), Tell(body=BringForward())]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_any_split_gives_the_same_messages(cuts: list[int]) -> None:
    data = b"".join(framing.pack(ask) for ask in ASKS)
    unpacker = framing.main_unpacker()
    found: list[Ask] = []
    for cut in cuts:
        found += unpacker.feed(data[:cut])
        data = data[cut:]
    found += unpacker.feed(data)
    assert found == ASKS


def test_answers_and_events_keep_their_order() -> None:
    data = b"".join(framing.pack(one) for one in NEWS)
    assert framing.window_unpacker().feed(data) == NEWS


def test_the_length_is_four_bytes_big_endian() -> None:
    data = framing.pack(ASKS[0])
    assert int.from_bytes(data[:4], "big") == len(data) - 4


def body(value: object) -> bytes:
    """A frame around anything."""
    packed = msgspec.msgpack.encode(value)
    return len(packed).to_bytes(4, "big") + packed


@pytest.mark.parametrize(
    "data",
    [
        (MAX_BODY_BYTES + 1).to_bytes(4, "big"),
        b"\0\0\0\0",
        body({"type": "Ask", "ask_id": 1, "body": {"type": "RunAnything"}}),
        body({"type": "Ask", "ask_id": 1, "body": {"type": "Hello", "pid": 1}}),
        body({"type": "Ask", "ask_id": 1, "body": {"type": "Quit", "extra": 1}}),
        body({"type": "Ask", "ask_id": "one", "body": {"type": "Quit"}}),
        body(["Ask"]),
        body({"type": "Tell", "body": {"type": "BringForward"}}),
    ],
)
def test_whatever_is_not_in_the_contract_ends_the_bridge(data: bytes) -> None:
    with pytest.raises(PeerBroke):
        framing.main_unpacker().feed(data)


def test_a_message_over_the_limit_is_not_sent() -> None:
    with pytest.raises(PeerBroke, match="longer"):
        framing.pack(Answer(ask_id=1, body=Text(text="x" * MAX_BODY_BYTES)))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with contextlib.suppress(PeerBroke):
        framing.main_unpacker().feed(data)
    with contextlib.suppress(PeerBroke):
        framing.main_unpacker().feed(len(data).to_bytes(4, "big") + data)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=3))
def test_a_damaged_frame_raises_nothing_else(place: int, junk: bytes) -> None:
    data = framing.pack(ASKS[2])
    place %= len(data)
    with contextlib.suppress(PeerBroke):
        framing.main_unpacker().feed(data[:place] + junk + data[place + len(junk) :])
