"""RDP's fast path: the recording of an xrdp session, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import PeerBroke
from teleterm.wire import fastpath, remotefx
from teleterm.wire.fastpath import FrameMarker, SurfaceBits, Update
from tests.support.pictures import REMOTEFX, pdus

RECTANGLE = bytes.fromhex("0500 0600 0600 0800 0200 0200 2000 0000 0400 11223344")
REGION = "c6cc 0f000000 01 00 01 0100"


def updates(data: bytes, step: int) -> list[tuple[int, bytes]]:
    """The updates of PDUs that come `step` at a time."""
    found: list[tuple[int, bytes]] = []
    made = fastpath.Reassembler()
    whole = list(pdus(data))
    for at in range(0, len(whole), step):
        found += made.feed(b"".join(whole[at : at + step]))
    return found


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_a_recorded_session(step: int) -> None:
    found = updates(REMOTEFX.read_bytes(), step)
    codes = [code for code, _ in found]
    assert set(codes) == {Update.SYNCHRONIZE, Update.POINTER_NEW, Update.SURFACE}
    commands = [
        command
        for code, data in found
        if code == Update.SURFACE
        for command in fastpath.surface_commands(data)
    ]
    markers = [one for one in commands if isinstance(one, FrameMarker)]
    assert [(one.is_end, one.frame) for one in markers] == [
        (False, 1), (True, 1), (False, 2), (True, 2),
    ]  # fmt: skip
    bits = [one for one in commands if isinstance(one, SurfaceBits)]
    assert [(one.codec, one.bits, one.width, one.height) for one in bits] == [
        (3, 32, 640, 480), (3, 32, 640, 480),
    ]  # fmt: skip
    for one in bits:
        remotefx.check(one.data, one.left, one.top, 640, 480)
        with pytest.raises(PeerBroke, match=r"outside|larger"):
            remotefx.check(one.data, one.left, one.top, 600, 480)


def test_a_bitmap_update() -> None:
    (one,) = fastpath.bitmaps(bytes.fromhex("01000100") + RECTANGLE)
    assert (one.left, one.top, one.right, one.bottom) == (5, 6, 6, 8)
    assert (one.width, one.height, one.bits, one.is_compressed) == (2, 2, 32, False)
    assert one.data == bytes.fromhex("11223344")


def test_an_acknowledge() -> None:
    # TPKT, X.224, MCS SendDataRequest, share control and data headers, the frame
    wanted = (
        "03000025" "02f080" "6400" "0603eb70" "8016"
        "1600" "1700" "ef03" "00000000" "00" "01" "1600" "38" "00" "0000" "07000000"
    )  # fmt: skip
    made = fastpath.frame_acknowledge(7, 1003, 1007)
    assert made.hex() == wanted
    assert int.from_bytes(made[2:4], "big") == len(made)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("03000008", "no update"),
        ("00", "no update"),
        ("0080", "ends early"),
        ("00ff", "ends early"),
        ("0001", "wrong length"),
        ("0006040900ff", "longer than its message"),
        ("000680200000", "compressed"),
        ("0005140000", "belongs to none"),
        ("000404ff", "ends early"),
    ],
)
def test_what_is_no_update(data: str, words: str) -> None:
    with pytest.raises(PeerBroke, match=words):
        fastpath.Reassembler().feed(bytes.fromhex(data))


@pytest.mark.parametrize(
    "data",
    ["c6cc", "c6cc 05000000", "0000 06000000", "c6cc 10000000 01", REGION, "c2cc 06000000",
     "c2cc 0c000000 01 00 ffff ffff"],
)  # fmt: skip
def test_what_is_no_remotefx(data: str) -> None:
    with pytest.raises(PeerBroke):
        remotefx.check(bytes.fromhex(data), 0, 0, 64, 64)


@given(st.binary(max_size=200))
def test_any_bytes_give_updates_or_a_named_error(data: bytes) -> None:
    for read in (
        lambda: fastpath.Reassembler().feed(data),
        lambda: list(fastpath.surface_commands(data)),
        lambda: list(fastpath.bitmaps(data)),
        lambda: remotefx.check(data, 0, 0, 64, 64),
    ):
        try:
            read()
        except PeerBroke:
            continue
