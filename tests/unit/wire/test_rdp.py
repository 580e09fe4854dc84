"""RDP's connection sequence against the recorded words of a server, and its input."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import PeerBroke
from teleterm.wire import rdp, rdp_capabilities, rdp_input
from teleterm.wire.rdp import Active, Update

CONFIRMED = "030000130ed000001234000201080000000000"
CONFERENCE = (
    "0300006502f0807f665b0a0100020100301a020116020103020100020101020100020101020300fff8020102"
    "0437000500147c00012a14760a01010001c0004d63446e 20 010c08000400080003 0c0800eb030000"
    "020c0c00 0000000000000000"
)
USER = "0300000b02f0802e000003"
JOINED = ("0300000f02f0803e00000303ec03ec", "0300000f02f0803e00000303eb03eb")
LICENSE_ASKED = "03000013 02f080 68 0003 03eb 70 05 8000 3e01 01"
LICENSED = "0300002202f08068000303eb701480001000ff0210000700000002000000 28140000"
DEMAND = "0300001b02f080 68 0003 03eb 70 0d 0d001100ec03 ea030100 040084"
FONT_MAP = (
    "0300002802f08068000303eb701a 1a001700ec03 ea030100 0001 1a00 28 00 0000 0000 0000 0300 0400"
)
WORDS = (CONFIRMED, CONFERENCE, USER, *JOINED, LICENSE_ASKED, LICENSED, DEMAND, FONT_MAP)


def packet(text: str) -> bytes:
    """A TPKT with the right length."""
    data = bytes.fromhex(text)
    return data[:2] + struct.pack(">H", len(data)) + data[4:]


def talk(data: bytes, step: int) -> tuple[list[rdp.Event], list[bytes]]:
    """What a client makes of a server's words that come `step` bytes at a time, and its own."""
    said: list[bytes] = []
    wishes = rdp.Wishes(width=1280, height=800, layout=0x407, user="me", password="any")
    sequence = rdp.Sequence(wishes, said.append)
    sequence.begin()
    found: list[rdp.Event] = []
    for at in range(0, len(data), step):
        found += sequence.feed(data[at : at + step])
    return found, said


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_it_stands_after_the_servers_words(step: int) -> None:
    short, long = bytes.fromhex("0005030000"), bytes.fromhex("008006030000")
    found, said = talk(b"".join(map(packet, WORDS)) + short + long, step)
    assert found == [Active(1003, 1004), Update(short), Update(long)]
    assert all(int.from_bytes(one[2:4], "big") == len(one) for one in said)
    assert [one[7:8].hex() for one in said[1:6]] == ["7f", "04", "28", "38", "38"]
    assert struct.pack("<HH", 1280, 800) in said[1]
    assert "me".encode("utf-16-le") in said[6]
    assert said[7][15:16] == b"\x80"  # about the license
    confirmed = said[8]
    assert confirmed[15:21] == struct.pack("<HHH", len(confirmed) - 15, 0x13, 1004)
    assert len(said) == 13


@pytest.mark.parametrize("number", range(len(WORDS)))
def test_words_that_no_server_says_there(number: int) -> None:
    data = b"".join(map(packet, WORDS[:number])) + packet("03000000 02f08021807f")
    if number < len(WORDS) - 1:
        with pytest.raises(PeerBroke):
            talk(data, 10_000)


@pytest.mark.parametrize("data", [b"\x03\0\0\0", b"\0\0\0\0", b"\0\x80\0\0"])
def test_a_packet_without_a_length(data: bytes) -> None:
    with pytest.raises(PeerBroke, match="without a length"):
        talk(data, 4)


@given(at=st.integers(0, 400), value=st.binary(max_size=6))
def test_damaged_words_are_refused_or_taken(at: int, value: bytes) -> None:
    words = bytearray(b"".join(map(packet, WORDS)))
    words[at : at + len(value)] = value
    with contextlib.suppress(PeerBroke):
        talk(bytes(words), 10_000)


def test_capabilities_have_the_lengths_they_say() -> None:
    count, sets = rdp_capabilities.of_client(640, 480)
    sizes: dict[int, int] = {}
    at = 0
    while at < len(sets):
        kind, size = struct.unpack_from("<HH", sets, at)
        sizes[kind] = size
        at += size
    assert at == len(sets)
    assert len(sizes) == count
    assert (sizes[1], sizes[2], sizes[3], sizes[13], sizes[26]) == (24, 28, 88, 88, 8)


@pytest.mark.parametrize(
    ("made", "wire"),
    [
        (rdp_input.key(0x1E, is_down=True), "0404001e"),
        (rdp_input.key(0x1E, is_down=False), "0404011e"),
        (rdp_input.key(0xE04B, is_down=True), "0404024b"),
        (rdp_input.key(0xE04B, is_down=False), "0404034b"),
        (rdp_input.unit(0x20AC, is_down=True), "040580ac20"),
        (rdp_input.move(256, 5), "04092000080001 0500"),
        (rdp_input.button(2, 1, 2, is_down=True), "04092000a001000200"),
        (rdp_input.button(0, 1, 2, is_down=False), "040920001001000200"),
        (rdp_input.wheel(-120, 0, 0, is_vertical=True), "04092088 0300000000"),
        (rdp_input.wheel(120, 0, 0, is_vertical=False), "04092078 0400000000"),
        (rdp_input.locks(scroll=False, num=True, caps=True, kana=False), "040366"),
    ],
)
def test_input(made: bytes, wire: str) -> None:
    assert made.hex() == wire.replace(" ", "")
