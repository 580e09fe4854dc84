"""Resumed SSH connections: bytes that a Teleport 18.3 node sent and took, and what breaks."""

import contextlib
import random

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import PeerBroke
from teleterm.wire import resumption
from teleterm.wire.resumption import Agreement, Link

HOST_ID = "381f0aac-c648-41c9-9580-6301daaef271"
# a node's first line, the key it was answered with, and the token under which it then resumed
NEW_LINE = (
    b"SSH-2.0-Teleport resume-v1 BFfXQWGV9dXxEtDL7mFrepxJr6WX6xCjDFZiUgY3VD5iLCfuKc1q3dFZvIUFbZM8"
    b"t0l48AA8Pd697ywCZy6tYVM 381f0aac-c648-41c9-9580-6301daaef271\r\n"
)
NEW_PRIVATE = 0x70DC5B797CBB726EC1F89AD303F5610FD52E7362161E50F13F4CC50820726D37
TOKEN = bytes.fromhex("df5e4d2bb5608cdc72ea93c1fb3b5d4d")
# the same for the connection over which it went on
NEXT_LINE = (
    b"SSH-2.0-Teleport resume-v1 BLNHIyGGWb+W6472P5efbrx4BDI2gW6lPpVrlntloWrwlYMSDR+CVQdntFJMsHVv"
    b"ntYOrNzJxH78JWfoYiepLaU 381f0aac-c648-41c9-9580-6301daaef271\r\n"
)
NEXT_PRIVATE = 0xA75F5FB0C4554DAFEEC6C8BC4C7397A0825EF3A2364D3DFEA835D0B3F55731F9
NEXT_PAD = bytes.fromhex("deb91cd9e344e021377434b3495247b7")
# what the node sent after `SSH-2.0-x\r\n` had been sent to it, cut off in the third frame
FRAMES = bytes.fromhex(
    "00125353482d322e302d54656c65706f72740d0a 0b00 00c005000002bc0f1450a2e194e48a89"
)
HELLO = b"SSH-2.0-Teleport\r\n"
SAID = HELLO + bytes.fromhex("000002bc0f1450a2e194e48a89")
# what it sent on the next connection, which said that 25 bytes had come
NEXT_FRAMES = bytes.fromhex("0b 00b905a2e194e48a89a3a0ec60f9ac904f94")


def with_private(number: int) -> Agreement:
    return Agreement(ec.derive_private_key(number, ec.SECP256R1()))


def taken(link: Link, data: bytes) -> bytes:
    return b"".join(map(bytes, link.feed(data)))


def test_the_line_of_a_node() -> None:
    offer = resumption.decode_offer(NEW_LINE)
    assert offer is not None
    assert offer.host_id == HOST_ID
    assert resumption.encode_offer(offer) == NEW_LINE


@pytest.mark.parametrize(
    "line",
    [b"", b"SSH-2.0-Teleport\r\n", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", NEW_LINE[:-2],
     NEW_LINE.replace(b"BFfX", b"BF\nX"), NEW_LINE.replace(b"v1", b"v2")],
)  # fmt: skip
def test_other_lines_offer_nothing(line: bytes) -> None:
    assert resumption.decode_offer(line) is None


@pytest.mark.parametrize(
    ("line", "private", "pad"),
    [(NEW_LINE, NEW_PRIVATE, TOKEN), (NEXT_LINE, NEXT_PRIVATE, NEXT_PAD)],
)
def test_both_sides_get_the_same_pad(line: bytes, private: int, pad: bytes) -> None:
    offer = resumption.decode_offer(line)
    assert offer is not None
    assert with_private(private).pad(offer.key) == pad


def test_a_token_goes_hidden() -> None:
    assert resumption.hidden(resumption.hidden(TOKEN, NEXT_PAD), NEXT_PAD) == TOKEN


@pytest.mark.parametrize("key", [b"", b"\4" + bytes(64), bytes(65)])
def test_keys_that_are_none(key: bytes) -> None:
    with pytest.raises(PeerBroke):
        Agreement().pad(key)


@pytest.mark.parametrize(
    ("number", "encoded"),
    [(0, "00"), (127, "7f"), (128, "8001"), (704, "c005"), (2**64 - 1, "ffffffffffffffffff01")],
)
def test_numbers(number: int, encoded: str) -> None:
    assert resumption.encode_number(number).hex() == encoded


def test_what_a_node_says_first_and_after_a_break() -> None:
    link = Link()
    link.begin()
    link.write(b"SSH-2.0-x\r\n")
    assert link.outgoing() == b"\x00\x0bSSH-2.0-x\r\n"
    assert taken(link, FRAMES) == SAID
    assert link.unsure_bytes == 0, "the node acknowledged all"
    link.received = 25  # as the recorded connection said
    assert link.resume() == b"\x19"
    assert taken(link, NEXT_FRAMES) == bytes.fromhex("a2e194e48a89a3a0ec60f9ac904f94")


def test_the_end() -> None:
    link = Link()
    link.begin()
    assert taken(link, b"\x00\x01a" + link.end() + b"\x00\x01b") == b"a"
    assert link.is_over
    assert link.end().hex() == "ffffffffffffffffff01"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x01\x00", id="more acknowledged than sent"),
        pytest.param(b"\x00\x81\x80\x08", id="a frame too large"),
        pytest.param(b"\xff" * 10, id="a number too large"),
        pytest.param(b"\xff" * 9 + b"\x02", id="a number of 65 bits"),
    ],
)
def test_what_no_peer_sends(data: bytes) -> None:
    link = Link()
    link.begin()
    with pytest.raises(PeerBroke):
        taken(link, data)


@pytest.mark.parametrize("position", [0, 6])
def test_a_position_that_cannot_be(position: int) -> None:
    link = Link()
    link.begin()
    link.write(b"abcde")
    link.outgoing()
    taken(link, b"\x01\x00")
    link.resume()
    with pytest.raises(PeerBroke):
        taken(link, resumption.encode_number(position))


def test_nothing_is_lost_or_said_twice_however_it_breaks() -> None:
    """Two links, over connections that lose what is under way at any byte."""
    dice = random.Random(5)
    one, two = Link(), Link()
    one.begin()
    two.begin()
    said, heard = {one: b"", two: b""}, {one: b"", two: b""}
    flying = {one: b"", two: b""}
    for _ in range(3000):
        here, there = dice.sample((one, two), 2)
        match dice.randrange(8):
            case 0:
                data = dice.randbytes(dice.randrange(200))
                here.write(data)
                said[here] += data
            case 1 if dice.random() < 0.1:
                flying = {one: one.resume(), two: two.resume()}
            case 2 | 3:
                flying[here] += here.outgoing()
            case _:
                cut = dice.randrange(len(flying[there]) + 1)
                heard[here] += taken(here, flying[there][:cut])
                flying[there] = flying[there][cut:]
    assert max(map(len, heard.values())) > 10_000
    for here, there in ((one, two), (two, one)):
        assert said[there].startswith(heard[here])
        assert len(heard[here]) == here.received


@given(st.lists(st.binary(max_size=40)), st.integers(0, 30), st.booleans())
def test_whatever_comes_in_only_the_peer_is_to_blame(
    pieces: list[bytes],
    written: int,
    is_resumed: bool,  # drawn
) -> None:
    link = Link()
    link.begin()
    link.write(bytes(written))
    link.outgoing()
    if is_resumed:
        link.resume()
    with contextlib.suppress(PeerBroke):
        for piece in pieces:
            taken(link, piece)
    assert 0 <= link.unsure_bytes <= written


@given(st.binary(max_size=300))
def test_whatever_the_line_says(line: bytes) -> None:
    assert resumption.decode_offer(line) is None
