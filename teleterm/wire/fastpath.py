"""RDP's fast path from server to client: updates, and the pictures and frames in them.

Shape:  action (1 byte, 0), length (1 byte, or 2 with the highest bit set), updates; little endian
        within. An update may come in fragments.
Source: MS-RDPBCGR 2.2.9.1.2 and 2.2.9.2; connections.md 5.5.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from teleterm.model.errors import PeerBroke

MAX_UPDATE = 32 << 20
_SINGLE, _LAST, _FIRST, _NEXT = 0, 1, 2, 3
_COMPRESSED = 0x20
_HAS_FLAGS = 2
_SECURED = 0xC0
_SET_SURFACE, _FRAME_MARKER, _STREAM_SURFACE = 1, 4, 6
_HAS_EX_HEADER = 1
_EX_HEADER_BYTES = 24
_SURFACE = struct.Struct("<HHHHBBBBHHI")
_MARKER = struct.Struct("<HI")
_RECTANGLE = struct.Struct("<HHHHHHHHH")
_BITMAP_COMPRESSED = 1
_NO_COMPRESSION_HEADER = 0x400
_COMPRESSION_HEADER_BYTES = 8


class Update(IntEnum):
    """What an update is about."""

    ORDERS = 0
    BITMAP = 1
    PALETTE = 2
    SYNCHRONIZE = 3
    SURFACE = 4
    POINTER_HIDDEN = 5
    POINTER_DEFAULT = 6
    POINTER_POSITION = 8
    POINTER_COLOR = 9
    POINTER_CACHED = 10
    POINTER_NEW = 11
    POINTER_LARGE = 12


@dataclass(frozen=True, slots=True)
class SurfaceBits:
    """A picture for a place of the screen, encoded as `codec` says."""

    left: int
    top: int
    codec: int
    bits: int
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class FrameMarker:
    """The beginning or the end of what belongs together on the screen."""

    is_end: bool
    frame: int


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A picture, its rows from the last to the first; `right` and `bottom` are part of it."""

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int
    bits: int
    is_compressed: bool
    data: bytes


class Reassembler:
    """Puts fragments together again."""

    def __init__(self) -> None:
        self._code = -1
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, pdu: bytes) -> list[tuple[int, bytes]]:
        """Take one PDU, or several, and give the updates that are whole now: code and data.

        Raises: PeerBroke.
        """
        found: list[tuple[int, bytes]] = []
        at = 0
        while at < len(pdu):
            start, end = _bounds(pdu, at)
            found += self._updates(pdu, start, end)
            at = end
        return found

    def _updates(self, pdu: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
        while at < end:
            head = pdu[at]
            at += 1
            if (head >> 6) & _HAS_FLAGS:
                if at >= end or pdu[at] & _COMPRESSED:
                    raise PeerBroke("An RDP update is compressed, which nobody asked for.")
                at += 1
            if at + 2 > end:
                raise PeerBroke("An RDP update ends early.")
            size = int.from_bytes(pdu[at : at + 2], "little")
            at += 2
            if at + size > end:
                raise PeerBroke("An RDP update is longer than its message.")
            yield from self._fragment(head & 15, (head >> 4) & 3, pdu[at : at + size])
            at += size

    def _fragment(self, code: int, kind: int, data: bytes) -> Iterator[tuple[int, bytes]]:
        if kind == _SINGLE:
            yield code, data
            return
        if kind == _FIRST:
            self._code, self._parts, self._size = code, [], 0
        elif code != self._code:
            raise PeerBroke("A fragment of an RDP update belongs to none.")
        self._size += len(data)
        if self._size > MAX_UPDATE:
            raise PeerBroke("An RDP update is longer than it may be.")
        self._parts.append(data)
        if kind == _LAST:
            self._code = -1
            whole, self._parts = b"".join(self._parts), []
            yield code, whole


def _bounds(pdu: bytes, at: int) -> tuple[int, int]:
    """Where the updates of a PDU begin and end."""
    if len(pdu) < at + 2 or pdu[at] & (3 | _SECURED):
        raise PeerBroke("This is no update of an RDP server.")
    size, start = pdu[at + 1], at + 2
    if size & 0x80:
        if len(pdu) < at + 3:
            raise PeerBroke("An RDP message ends early.")
        size, start = (size & 0x7F) << 8 | pdu[at + 2], at + 3
    if not start <= at + size <= len(pdu):
        raise PeerBroke("An RDP message has a wrong length.")
    return start, at + size


def surface_commands(data: bytes) -> Iterator[SurfaceBits | FrameMarker]:
    """What a surface update holds. Raises: PeerBroke."""
    at = 0
    while at < len(data):
        command = int.from_bytes(data[at : at + 2], "little")
        at += 2
        if command == _FRAME_MARKER and at + _MARKER.size <= len(data):
            action, frame = _MARKER.unpack_from(data, at)
            at += _MARKER.size
            yield FrameMarker(action == 1, frame)
        elif command in {_SET_SURFACE, _STREAM_SURFACE} and at + _SURFACE.size <= len(data):
            left, top, _, _, bits, flags, _, codec, width, height, size = _SURFACE.unpack_from(
                data, at
            )
            at += _SURFACE.size + (_EX_HEADER_BYTES if flags & _HAS_EX_HEADER else 0)
            if at + size > len(data):
                raise PeerBroke("A surface of an RDP server is longer than its update.")
            yield SurfaceBits(left, top, codec, bits, width, height, data[at : at + size])
            at += size
        else:
            raise PeerBroke(f"A surface command of an RDP server is none: {command}.")


def bitmaps(data: bytes) -> Iterator[Bitmap]:
    """What a bitmap update holds. Raises: PeerBroke."""
    if len(data) < 4:
        raise PeerBroke("A bitmap update of an RDP server ends early.")
    count, at = int.from_bytes(data[2:4], "little"), 4
    for _ in range(count):
        if at + _RECTANGLE.size > len(data):
            raise PeerBroke("A bitmap update of an RDP server ends early.")
        left, top, right, bottom, width, height, bits, flags, size = _RECTANGLE.unpack_from(
            data, at
        )
        at += _RECTANGLE.size
        if at + size > len(data):
            raise PeerBroke("A bitmap of an RDP server is longer than its update.")
        is_compressed = bool(flags & _BITMAP_COMPRESSED)
        has_header = is_compressed and not flags & _NO_COMPRESSION_HEADER
        skip = min(_COMPRESSION_HEADER_BYTES, size) if has_header else 0
        body = data[at + skip : at + size]
        yield Bitmap(left, top, right, bottom, width, height, bits, is_compressed, body)
        at += size


def frame_acknowledge(frame: int, io_channel: int, user_channel: int) -> bytes:
    """What a client answers to the end of a frame, down to TPKT.

    Source: MS-RDPRFX 2.2.3.1 in the envelopes of MS-RDPBCGR 2.2.8.1.1.1 and T.125.
    """
    body = struct.pack("<I", frame)
    total = 18 + len(body)
    share = struct.pack("<HHH", total, 0x17, user_channel)
    data = struct.pack("<IBBHBBH", 0, 0, 1, total, 0x38, 0, 0)
    inner = share + data + body
    size = struct.pack(">H", 0x8000 | len(inner))
    request = b"\x64" + struct.pack(">HHB", user_channel - 1001, io_channel, 0x70) + size + inner
    packet = b"\x02\xf0\x80" + request
    return struct.pack(">BBH", 3, 0, 4 + len(packet)) + packet
