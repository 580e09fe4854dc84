"""Frames of `-ping` connections."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from teleterm.wire import ping_framing


def _payload(decoder: ping_framing.Decoder, data: bytes) -> bytes:
    return b"".join(bytes(piece) for piece in decoder.feed(data))


def test_a_frame_is_its_length_and_its_payload() -> None:
    assert ping_framing.encode(b"abc").hex() == "00000003616263"
    assert ping_framing.encode(b"") == b""
    assert ping_framing.header(70000) + b"" == bytes.fromhex("00011170")


def test_pings_are_left_out() -> None:
    data = ping_framing.PING + ping_framing.encode(b"ab") + ping_framing.PING
    assert _payload(ping_framing.Decoder(), data + ping_framing.encode(b"c")) == b"abc"


@given(
    payloads=st.lists(st.binary(max_size=40), max_size=6),
    cuts=st.lists(st.integers(0, 300), max_size=8),
)
def test_any_split_gives_the_same(payloads: list[bytes], cuts: list[int]) -> None:
    data = b"".join(ping_framing.encode(one) + ping_framing.PING for one in payloads)
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    decoder = ping_framing.Decoder()
    pieces = [data[here:there] for here, there in itertools.pairwise(places)]
    assert b"".join(_payload(decoder, piece) for piece in pieces) == b"".join(payloads)
