"""WebSocket frames: the examples of RFC 6455, section 5.7 and 1.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import PeerBroke
from teleterm.wire import websocket
from teleterm.wire.websocket import Decoder, Frame, Opcode

EXAMPLES = [
    ("8105 48656c6c6f", Frame(Opcode.TEXT, b"Hello")),
    ("8185 37fa213d 7f9f4d5158", Frame(Opcode.TEXT, b"Hello")),
    ("0103 48656c", Frame(Opcode.TEXT, b"Hel", is_last=False)),
    ("8002 6c6f", Frame(Opcode.CONTINUATION, b"lo")),
    ("8905 48656c6c6f", Frame(Opcode.PING, b"Hello")),
    ("827e0100" + "00" * 256, Frame(Opcode.BINARY, bytes(256))),
    ("827f0000000000010000" + "00" * 65536, Frame(Opcode.BINARY, bytes(65536))),
]


@pytest.mark.parametrize(("text", "frame"), EXAMPLES)
def test_reads_the_examples(text: str, frame: Frame) -> None:
    data = bytes.fromhex(text)
    decoder = Decoder()
    assert decoder.feed(data[:-1]) == []
    assert decoder.feed(data[-1:]) == [frame]
    assert decoder.rest() == b""


def test_writes_the_examples() -> None:
    assert websocket.encode(Opcode.TEXT, b"Hello").hex() == "810548656c6c6f"
    mask = bytes.fromhex("37fa213d")
    assert websocket.encode(Opcode.TEXT, b"Hello", mask=mask).hex() == "818537fa213d7f9f4d5158"
    assert websocket.encode(Opcode.BINARY, bytes(256))[:4].hex() == "827e0100"


def test_answers_the_handshake() -> None:
    assert websocket.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize("text", ["c100", "8300", "827f0000000010000000"])
def test_refuses_what_no_correct_peer_sends(text: str) -> None:
    with pytest.raises(PeerBroke):
        Decoder().feed(bytes.fromhex(text))


@given(st.lists(st.binary(max_size=300)), st.binary(min_size=4, max_size=4), st.integers(1, 9))
def test_any_split_gives_the_same_frames(bodies: list[bytes], mask: bytes, step: int) -> None:
    data = b"".join(websocket.encode(Opcode.BINARY, body, mask=mask) for body in bodies)
    decoder = Decoder()
    found = [
        frame.body
        for at in range(0, len(data), step)
        for frame in decoder.feed(data[at : at + step])
    ]
    assert found == bodies
