"""The desktop protocol's messages beside bytes that a Teleport 18.3 program wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import PeerBroke
from teleterm.wire.tdp import codec, files, messages
from teleterm.wire.tdp.files import FileObject

FILE = FileObject(modified=1700000000123, size=4097, kind=1, is_empty=1, path="a/ü.txt")
FILE_HEX = "0000018bcfe5687b0000000000001001000000010100000008612fc3bc2e747874"
RECORDED: list[tuple[codec.Message, str]] = [
    (messages.ScreenSpec(1280, 800), "010000050000000320"),
    (messages.MouseMove(11, 70000), "030000000b00011170"),
    (messages.MouseButton(2, 1), "040201"),
    (messages.Key(0xE01D, 1), "050000e01d01"),
    (messages.Clipboard("héllo\n".encode()), "060000000768c3a96c6c6f0a"),
    (messages.Username("Alice"), "0700000005416c696365"),
    (messages.Wheel(1, -120), "0801ff88"),
    (messages.OldError("gone"), "0900000004676f6e65"),
    (messages.Alert("careful", 1), "1c000000076361726566756c01"),
    (files.Announce(2, "share"), "0b0000000000000002000000057368617265"),
    (files.Acknowledge(0, 2), "0c0000000000000002"),
    (files.InfoRequest(7, 2, "a"), "0d00000007000000020000000161"),
    (files.InfoAnswer(7, 2, FILE), "0e0000000700000002" + FILE_HEX),
    (files.CreateRequest(8, 2, 1, "d"), "0f0000000800000002000000010000000164"),
    (files.CreateAnswer(8, 0, FILE), "100000000800000000" + FILE_HEX),
    (files.DeleteRequest(9, 2, "d"), "1100000009000000020000000164"),
    (files.DeleteAnswer(9, 1), "120000000900000001"),
    (
        files.ReadRequest(10, 2, "f", 1 << 33, 512),
        "130000000a000000020000000166000000020000000000000200",
    ),
    (files.ReadAnswer(10, 0, b"\1\2\3"), "140000000a0000000000000003010203"),
    (
        files.WriteRequest(11, 2, 5, "f", b"\x09\x08"),
        "150000000b000000020000000000000005000000016600000002" + "0908",
    ),
    (files.WriteAnswer(11, 0, 2), "160000000b0000000000000002"),
    (files.MoveRequest(12, 2, "f", "g"), "170000000c0000000200000001660000000167"),
    (files.MoveAnswer(12, 1), "180000000c00000001"),
    (files.ListRequest(13, 2, ""), "190000000d0000000200000000"),
    (files.ListAnswer(13, 0, (FILE, FILE)), "1a0000000d0000000000000002" + FILE_HEX * 2),
    (messages.FastPath(b"\0\5\1\2\3"), "1d000000050005010203"),
    (messages.RdpResponse(b"\3\0"), "1e000000020300"),
    (messages.Activated(1003, 1007, 1280, 800), "1f03eb03ef05000320"),
    (messages.SyncKeys(0, 1, 0, 1), "2000010001"),
    (files.TruncateRequest(14, 2, "f", 77), "210000000e0000000200000001660000004d"),
    (files.TruncateAnswer(14, 0), "220000000e00000000"),
    (messages.Latency(12, 34), "230000000c00000022"),
    (messages.Ping(bytes(16)), "24" + "00" * 16),
    (messages.KeyboardLayout(1031), "250000000400000407"),
]
PNG = (
    codec.PNG_START
    + bytes.fromhex("0000000d49484452000000010000000108020000009077 53de".replace(" ", ""))
    + bytes.fromhex("0000000049454e44ae426082")
)


@pytest.mark.parametrize(("message", "recorded"), RECORDED, ids=lambda one: type(one).__name__)
def test_messages_are_as_recorded(message: codec.Message, recorded: str) -> None:
    data = bytes.fromhex(recorded)
    assert codec.encode(message).hex() == recorded
    assert codec.decode(data, files.ALL) == message


def test_every_type_is_recorded_but_pictures_and_mfa() -> None:
    missing = set(files.ALL) - {message.TYPE for message, _ in RECORDED}
    assert missing == {messages.PngFrame.TYPE, messages.OldPngFrame.TYPE, messages.Mfa.TYPE}


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_a_stream_is_cut_where_messages_end(step: int) -> None:
    wanted = [bytes.fromhex(recorded) for _, recorded in RECORDED]
    wanted.append(codec.encode(messages.OldPngFrame(1, 2, 2, 3, PNG)))
    wanted.append(codec.encode(messages.PngFrame(1, 2, 2, 3, PNG)))
    wanted.append(codec.encode(messages.Mfa(0x6E, b"{}")))
    stream = b"".join(wanted)
    splitter = codec.Splitter(files.ALL, lambda size: pytest.fail(f"{size} bytes left out"))
    found: list[bytes] = []
    for at in range(0, len(stream), step):
        found += splitter.feed(stream[at : at + step])
    assert found == wanted


@pytest.mark.parametrize("step", [1, 4096, 1 << 22])
def test_a_clipboard_that_is_too_long_is_skipped(step: int) -> None:
    size = codec.MAX_DATA + 1
    sizes: list[int] = []
    splitter = codec.Splitter(files.ALL, sizes.append)
    stream = b"\6" + size.to_bytes(4, "big") + bytes(size) + bytes.fromhex("040201")
    found: list[bytes] = []
    if step == 1:  # the head byte by byte, the rest at once
        for at in range(7):
            found += splitter.feed(stream[at : at + 1])
        found += splitter.feed(stream[7:])
    else:
        for at in range(0, len(stream), step):
            found += splitter.feed(stream[at : at + step])
    assert sizes == [size]
    assert found == [bytes.fromhex("040201")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("ff", "no desktop message of type 255"),
        ("0402", "ends early"),
        ("04020100", "1 bytes follow"),
        ("1cffffffff", "holds 4294967295 bytes"),
        ("02" + "00" * 24, "no PNG"),
        ("1a0000000d00000000ffffffff", "list of 4294967295 files"),
        ("2500000005", "holds 5 bytes"),
    ],
)
def test_what_is_no_message_is_refused(data: str, words: str) -> None:
    with pytest.raises(PeerBroke) as caught:
        codec.decode(bytes.fromhex(data), files.ALL)
    assert words in caught.value.message


@given(st.binary(max_size=300), st.integers(1, 40))
def test_any_bytes_give_messages_or_a_named_error(data: bytes, step: int) -> None:
    splitter = codec.Splitter(files.ALL, lambda size: None)
    try:
        for at in range(0, len(data), step):
            for message in splitter.feed(data[at : at + step]):
                codec.decode(message, files.ALL)
    except PeerBroke:
        return
