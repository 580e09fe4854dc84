"""PNG files made and read by hand, and the recorded fast path of an xrdp session."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from teleterm.wire.tdp.codec import PNG_START

RECORDED = Path(__file__).parents[1] / "recorded"
REMOTEFX = RECORDED / "xrdp-remotefx.bin"
REMOTEFX_SIZE = (640, 480)


def pdus(data: bytes) -> Iterator[bytes]:
    """Fast-path messages one by one."""
    while data:
        size = data[1] if data[1] < 0x80 else (data[1] & 0x7F) << 8 | data[2]
        yield data[:size]
        data = data[size:]


def make_png(
    width: int,
    height: int,
    *,
    pixels: bytes = b"",
    says: tuple[int, int] | None = None,
    depth: int = 8,
) -> bytes:
    """A picture of these pixels (red, green, blue, row by row), black if none are given.

    `says` is the size in its header, if that isn't to be the true one.
    """
    wide, high = says or (width, height)
    stride = width * 3
    pixels = pixels or bytes(stride * height)
    rows = b"".join(b"\0" + pixels[at : at + stride] for at in range(0, len(pixels), stride))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, depth, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    return PNG_START + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def chunks(png: bytes) -> dict[bytes, bytes]:
    """The parts of a picture by their kinds, those of one kind joined."""
    found: dict[bytes, bytes] = {}
    at = len(PNG_START)
    while at < len(png):
        size, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        found[kind] = found.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += 12 + size
    return found
