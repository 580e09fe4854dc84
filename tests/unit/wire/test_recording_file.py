"""Recordings in files: one that a Teleport 18.3 node wrote, and what is none."""

import contextlib
import gzip
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import BadInput, Refused
from teleterm.wire.recording_file import MAX_RECORD_BYTES, Decoder

RECORDED = Path(__file__).resolve().parents[2] / "recorded" / "session.tar"


def records(data: bytes, step: int = 1 << 20) -> list[bytes]:
    decoder = Decoder()
    found: list[bytes] = []
    for at in range(0, len(data), step):
        found += decoder.feed(data[at : at + step])
    decoder.close()
    return found


def part(*parts: bytes, padding: int = 0, version: int = 1, flags: int = 0) -> bytes:
    plain = b"".join(struct.pack(">I", len(one)) + one for one in parts)
    packed = gzip.compress(plain)
    head = struct.pack(">QQQ", version, len(packed), padding)
    more = struct.pack(">B7x", flags) if version == 2 else b""
    return head + more + packed + bytes(padding)


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_a_nodes_own_file(step: int) -> None:
    found = records(RECORDED.read_bytes(), step)
    assert len(found) > 3
    assert b"session.start" in found[0]
    assert b"one\r\n" in found[1]
    assert b"session.leave" in found[-1] or b"session.end" in found[-1]


@pytest.mark.parametrize("step", [1, 5, 1 << 20])
def test_parts_with_padding_and_of_both_versions(step: int) -> None:
    data = part(b"a", b"b", padding=9) + part(b"c", version=2) + part(padding=3) + part(b"d" * 5000)
    assert records(data, step) == [b"a", b"b", b"c", b"d" * 5000]


def test_an_empty_file_has_nothing() -> None:
    assert records(b"") == []


def test_an_encrypted_one_is_refused() -> None:
    with pytest.raises(Refused, match="encrypted"):
        records(part(b"a", version=2, flags=1))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"ustar\0" * 100, "no recording", id="something else"),
        pytest.param(part(b"a", version=3), "no recording", id="a later version"),
        pytest.param(part(b"abc")[:-1], "cut off", id="cut in a part"),
        pytest.param(part(b"abc")[:10], "cut off", id="cut in a header"),
        pytest.param(part(b"abc", padding=5)[:-2], "cut off", id="cut in the padding"),
        pytest.param(struct.pack(">QQQ", 1, 4, 0) + b"oops", "damaged", id="not packed"),
        pytest.param(part(b""), "damaged", id="an empty record"),
        pytest.param(part(bytes(MAX_RECORD_BYTES + 1)), "damaged", id="too large a record"),
    ],
)
def test_what_is_none(data: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        records(data)


@given(st.integers(0, 704), st.binary(max_size=8))
def test_damaged_files_raise_nothing_else(at: int, other: bytes) -> None:
    data = RECORDED.read_bytes()
    with contextlib.suppress(BadInput, Refused):
        records(data[:at] + other + data[at + len(other) :])
