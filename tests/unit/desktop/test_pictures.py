"""From what a desktop sends to pictures: PNG checked, RemoteFX decoded beside a screenshot."""

import struct
import zlib

import pytest

from teleterm.bridge import desktop_contract as contract
from teleterm.desktop import freerdp
from teleterm.desktop.incoming import Incoming
from teleterm.desktop.outgoing import encoded
from teleterm.model.errors import PeerBroke
from teleterm.wire import fastpath
from teleterm.wire.tdp import files, messages
from teleterm.wire.tdp.codec import Message, encode
from tests.support.pictures import RECORDED, REMOTEFX, REMOTEFX_SIZE, chunks, make_png, pdus

LIBRARY = freerdp.load()
needs_freerdp = pytest.mark.skipif(LIBRARY is None, reason="FreeRDP's library is not installed")
WIDTH, HEIGHT = REMOTEFX_SIZE
FAR = 40
"""How far a colour may be off in a lossy picture, of 255."""


class Session:
    """A session whose window and desktop are lists."""

    def __init__(self, *, has_library: bool = True) -> None:
        self.shown: list[contract.ToWindow] = []
        self.answers: list[Message] = []
        self.incoming = Incoming(
            self.shown.append, self.answers.append, WIDTH, HEIGHT, LIBRARY if has_library else None
        )

    def take(self, *given: Message) -> bool:
        """Give it messages; False when the last one ended it."""
        return [self.incoming.take(encode(one)) for one in given][-1]


def test_a_png_is_handed_on() -> None:
    session = Session()
    data = make_png(4, 3)
    assert session.take(messages.Activated(1003, 1007, 100, 50))
    assert session.take(messages.PngFrame(96, 47, 100, 50, data))
    assert session.take(messages.OldPngFrame(0, 0, 0, 0, data))
    assert session.shown == [
        contract.Size(100, 50),
        contract.Picture(96, 47, 4, 3, "png", data),
        contract.Picture(0, 0, 4, 3, "png", data),
    ]


@pytest.mark.parametrize(
    "frame",
    [
        messages.PngFrame(0, 0, 4, 3, make_png(4, 3, says=(5, 3))),
        messages.PngFrame(WIDTH - 3, 0, WIDTH + 1, 3, make_png(4, 3)),
        messages.PngFrame(0, 0, 4, 3, make_png(4, 3, depth=16)),
        messages.PngFrame(0, 0, 4, 3, b"GIF89a" + bytes(40)),
        messages.PngFrame(0, 0, 0, 0, make_png(4, 3, says=(0, 0))),
        messages.PngFrame(0, 0, 1 << 31, 1 << 31, make_png(4, 3, says=((1 << 31) - 1, 1))),
        messages.Activated(1003, 1007, 0, 50),
        messages.Activated(1003, 1007, 9000, 50),
    ],
)
def test_pictures_that_lie_are_refused(frame: Message) -> None:
    with pytest.raises(PeerBroke):
        Session().take(frame)


def test_words_of_a_desktop() -> None:
    session = Session()
    assert session.take(messages.Alert("careful", 1), messages.Alert("well", 0))
    assert session.take(messages.Clipboard(b"caf\xc3\xa9"), messages.Latency(3, 4))
    assert session.take(files.Acknowledge(0, 1), files.Acknowledge(1, 1))
    assert not session.take(messages.Alert("over", 2))
    assert not session.take(messages.OldError("over"))
    assert session.shown == [
        contract.Notice("careful", is_warning=True),
        contract.Notice("well", is_warning=False),
        contract.Copied("café"),
        contract.Delay(7),
        contract.FolderTaken(is_ok=True),
        contract.FolderTaken(is_ok=False),
        contract.Ended("over"),
        contract.Ended("over"),
    ]


def test_without_a_decoder_a_sentence_says_what_to_do() -> None:
    session = Session(has_library=False)
    session.take(messages.Activated(1003, 1007, WIDTH, HEIGHT))
    assert not session.take(messages.FastPath(REMOTEFX.read_bytes()))
    ended = session.shown[-1]
    assert isinstance(ended, contract.Ended)
    assert "FreeRDP" in ended.message
    assert "libfreerdp" in ended.hint


def drawn(session: Session) -> bytearray:
    """The desktop as the window would draw it, red green blue."""
    pixels = bytearray(WIDTH * HEIGHT * 3)
    for one in session.shown:
        if isinstance(one, contract.Picture):
            body = one.data[len(one.data) - one.width * one.height * 3 :]
            assert one.data.startswith(b"P6 %d %d 255\n" % (one.width, one.height))
            for y in range(one.height):
                start = ((one.top + y) * WIDTH + one.left) * 3
                row = body[y * one.width * 3 : (y + 1) * one.width * 3]
                pixels[start : start + len(row)] = row
    return pixels


def _decoded(data: bytes) -> bytes:
    """Red, green and blue of a PNG of 8 bits a channel."""
    parts = chunks(data)
    width, height, depth, color = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert (width, height, depth) == (WIDTH, HEIGHT, 8)
    step = {0: 1, 2: 3, 3: 1, 6: 4}[color]
    rows = _unfiltered(zlib.decompress(parts[b"IDAT"]), width * step, step)
    if color == 3:
        palette = parts[b"PLTE"]
        return b"".join(palette[one * 3 : one * 3 + 3] for one in rows)
    return bytes(rows)


def _unfiltered(data: bytes, stride: int, step: int) -> bytearray:
    """Undo the filters of a PNG's rows (PNG 1.2, chapter 6)."""
    found = bytearray()
    before = bytes(stride)
    for start in range(0, len(data), stride + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + stride])
        for at in range(stride):
            left = row[at - step] if at >= step else 0
            corner = before[at - step] if at >= step else 0
            row[at] = (row[at] + _guess(kind, left, before[at], corner)) & 255
        found += row
        before = bytes(row)
    return found


def _guess(kind: int, left: int, above: int, corner: int) -> int:
    if kind < 3:
        return (0, left, above)[kind]
    if kind == 3:
        return (left + above) // 2
    sizes = [abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)]
    return (left, above, corner)[sizes.index(min(sizes))]


@needs_freerdp
def test_a_recorded_session_looks_like_the_screenshot_of_its_server() -> None:
    session = Session()
    session.take(messages.Activated(1003, 1007, WIDTH, HEIGHT))
    for pdu in pdus(REMOTEFX.read_bytes()):
        assert session.take(messages.FastPath(pdu))
    seen = drawn(session)
    wanted = _decoded(RECORDED.joinpath("xrdp-remotefx.png").read_bytes())
    assert max(abs(one - other) for one, other in zip(seen, wanted, strict=True)) < FAR
    assert session.answers == [
        messages.RdpResponse(fastpath.frame_acknowledge(frame, 1003, 1007)) for frame in (1, 2)
    ]


@needs_freerdp
def test_bitmaps_are_drawn() -> None:
    session = Session()
    session.take(messages.Activated(1003, 1007, WIDTH, HEIGHT))
    rows = bytes([1, 2, 3, 0, 4, 5, 6, 0]) + bytes([7, 8, 9, 0, 10, 11, 12, 0])
    rectangle = struct.pack("<HHHHHHHHH", 5, 6, 6, 7, 2, 2, 32, 0, len(rows)) + rows
    body = struct.pack("<HH", 1, 1) + rectangle
    update = bytes([1]) + struct.pack("<H", len(body)) + body
    session.take(messages.FastPath(bytes([0, len(update) + 2]) + update))
    picture = session.shown[-1]
    assert isinstance(picture, contract.Picture)
    assert (picture.left, picture.top) == (5, 6)
    assert picture.data == b"P6 2 2 255\n" + bytes([9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4])
    outside = struct.pack("<HHHHHHHHH", 639, 6, 640, 7, 2, 2, 32, 0, len(rows)) + rows
    body = struct.pack("<HH", 1, 1) + outside
    update = bytes([1]) + struct.pack("<H", len(body)) + body
    with pytest.raises(PeerBroke, match="outside"):
        session.take(messages.FastPath(bytes([0, len(update) + 2]) + update))


def test_what_a_person_does() -> None:
    def sent(given: contract.FromWindow) -> list[Message]:
        return list(encoded(given))

    assert sent(contract.Moved(5, -3)) == [messages.MouseMove(5, 0)]
    assert sent(contract.Button(2, is_down=True)) == [messages.MouseButton(2, 1)]
    assert sent(contract.Button(7, is_down=True)) == []
    assert sent(contract.Wheel(is_vertical=False, delta=-120)) == [messages.Wheel(1, -120)]
    assert sent(contract.Key(9, is_down=True)) == [messages.Key(1, 1)]
    assert sent(contract.Key(38, is_down=False)) == [messages.Key(0x1E, 0)]
    assert sent(contract.Key(105, is_down=True)) == [messages.Key(0xE01D, 1)]
    assert sent(contract.Key(113, is_down=True)) == [messages.Key(0xE04B, 1)]
    assert sent(contract.Key(5, is_down=True)) == []
    assert sent(contract.Scancode(0xE053, is_down=True)) == [messages.Key(0xE053, 1)]
    assert sent(contract.Resize(1, 20000)) == [messages.ScreenSpec(64, 8192)]
    assert sent(contract.Announce("x" * 300)) == [files.Announce(1, "x" * 64)]
    assert sent(contract.Copied("é")) == [messages.Clipboard(b"\xc3\xa9")]
    assert sent(contract.Copied("é" * (1 << 20))) == []
