"""The picture of an X server without a monitor: what has changed of it, as PNG.

Source: the X server writes its screen into a file (`Xvfb -fbdir`), in the format of xwd(1).
"""

import mmap
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from teleterm.wire.tdp.codec import PNG_START

_FIELDS = 25
_HEAD = struct.Struct(f">{_FIELDS}I")
_HEADER_SIZE, _WIDTH, _HEIGHT, _BITS, _STRIDE, _COLORS = 0, 4, 5, 11, 12, 19
_COLOR_BYTES = 12
_BAND = 16
_TILE = 64
_PIXEL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the screen that has changed; `right` and `bottom` are not part of it."""

    left: int
    top: int
    right: int
    bottom: int
    png: bytes


class Screen:
    """Looks at the server's file; `changes` blocks for some milliseconds."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._memory = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        fields = _HEAD.unpack(self._memory[: _HEAD.size])
        if fields[_BITS] != _PIXEL * 8:
            raise ValueError(f"the screen has {fields[_BITS]} bits a pixel")
        self._start = fields[_HEADER_SIZE] + fields[_COLORS] * _COLOR_BYTES
        self._stride = fields[_STRIDE]
        self.width, self.height = fields[_WIDTH], fields[_HEIGHT]

    def close(self) -> None:
        """Look no longer."""
        self._memory.close()

    def look(self, height: int) -> bytes:
        """The upper `height` rows as they are now: blue, green, red and nothing for each pixel."""
        return self._memory[self._start : self._start + self._stride * height]

    def changes(self, before: bytes, now: bytes, width: int, height: int) -> Iterator[Part]:
        """What differs in the upper left `width` times `height`; all, if there is no `before`."""
        if not before:
            yield self._part(now, 0, 0, width, height)
            return
        top, left, right = 0, width, 0
        for band in range(0, height, _BAND):
            bottom = min(band + _BAND, height)
            found = self._changed(before, now, band, bottom, width)
            if found is None:
                if right:
                    yield self._part(now, left, top, right, band)
                top, left, right = bottom, width, 0
            else:
                left, right = min(left, found[0]), max(right, found[1])
        if right:
            yield self._part(now, left, top, right, height)

    def _changed(
        self, before: bytes, now: bytes, top: int, bottom: int, width: int
    ) -> tuple[int, int] | None:
        """From which column to which a band of rows differs, in whole tiles."""
        start, end = top * self._stride, bottom * self._stride
        if before[start:end] == now[start:end]:
            return None
        columns = [
            column
            for column in range(0, width, _TILE)
            if any(
                before[at : at + _TILE * _PIXEL] != now[at : at + _TILE * _PIXEL]
                for at in range(start + column * _PIXEL, end, self._stride)
            )
        ]
        return (columns[0], min(columns[-1] + _TILE, width)) if columns else None

    def _part(self, now: bytes, left: int, top: int, right: int, bottom: int) -> Part:
        rows = [
            now[y * self._stride + left * _PIXEL : y * self._stride + right * _PIXEL]
            for y in range(top, bottom)
        ]
        png = _png(b"".join(rows), right - left, bottom - top)
        return Part(left=left, top=top, right=right, bottom=bottom, png=png)


def _png(pixels: bytes, width: int, height: int) -> bytes:
    colors = bytearray(width * height * 3)
    for at in range(3):
        colors[at::3] = pixels[2 - at :: _PIXEL]
    stride = width * 3
    lines = b"".join(
        b"\0" + colors[start : start + stride] for start in range(0, len(colors), stride)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(lines, 1)
    return PNG_START + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
