"""The frame channel's bytes: a table of messages and hex, pieces, lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.bridge import frames
from teleterm.model.errors import PeerBroke

PAINT = frames.Paint(
    1,
    4,
    2,
    False,
    0,
    ((0, 0, ((0, "ab", 0, 0),)),),
    (),
    (),
    (2, 0, "block", True, False),
    frames.Modes(),
    ((0, 0), (1, 0)),
    (0, 2, 0),
)

TABLE: list[tuple[frames.ToWindow | frames.ToEngine, str]] = [
    (frames.Rang(), "0000000391a162"),
    (frames.Titled("x"), "0000000592a174a178"),
    (frames.Ended(129, 1), "0000000693a165cc8101"),
    (frames.Painted(7), "0000000492a15007"),
    (frames.Pressed("Up", 5), "0000000894a14ba255700501"),
    (frames.Resized(80, 24), "0000000593a1525018"),
    (frames.Focused(True), "0000000492a146c3"),
]


@pytest.mark.parametrize(("message", "hexed"), TABLE)
def test_bytes(message: frames.ToWindow | frames.ToEngine, hexed: str) -> None:
    assert frames.pack(message).hex() == hexed


def test_any_pieces_give_the_same_messages() -> None:
    data = frames.pack(PAINT) + frames.pack(frames.Rang())
    for size in (1, 2, 3, 7, len(data)):
        reader = frames.window_reader()
        found = [
            message
            for start in range(0, len(data), size)
            for message in reader.feed(data[start : start + size])
        ]
        assert found == [PAINT, frames.Rang()]


@pytest.mark.parametrize(
    "lie",
    [
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x01\xc1",
        frames.pack(frames.Painted(1)),
        b"\x00\x00\x00\x03\x92\xa1t",
    ],
)
def test_lies_are_named_and_nothing_else_is_raised(lie: bytes) -> None:
    with pytest.raises(PeerBroke):
        frames.window_reader().feed(lie)


@given(st.binary(max_size=200))
def test_bytes_of_anybody_raise_nothing_else(data: bytes) -> None:
    for reader in (frames.window_reader(), frames.engine_reader()):
        try:
            reader.feed(len(data).to_bytes(4, "big") + data)
        except PeerBroke:
            continue


def test_a_frame_within_its_size_passes() -> None:
    frames.check(PAINT)


@pytest.mark.parametrize(
    "rows",
    [
        ((2, 0, ()),),
        ((-1, 0, ()),),
        ((0, 0, ((3, "ab", 0, 0),)),),
        ((0, 0, ((-1, "a", 0, 0),)),),
        ((0, 0, ((3, "中", 0, 2),)),),
        ((0, 0, ((0, "a", 0, 3),)),),
    ],
)
def test_a_frame_beyond_its_size_is_refused(rows: tuple[frames.RowDamage, ...]) -> None:
    import msgspec

    with pytest.raises(PeerBroke):
        frames.check(msgspec.structs.replace(PAINT, changed=rows))
