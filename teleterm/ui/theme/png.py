"""Draw small pictures in memory: antialiased strokes, fills and boxes, as PNG bytes."""

import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import hypot

Point = tuple[float, float]


class Coverage:
    """How much of each pixel of a square is covered by ink, 0 to 1."""

    def __init__(self, size_px: int) -> None:
        self.size_px = size_px
        self.cells = [0.0] * (size_px * size_px)

    def stroke(self, points: Sequence[Point], width_px: float) -> None:
        """Lay a round line through `points`."""
        half = width_px / 2
        for start, end in pairwise(points):
            self._segment(start, end, half)
        if len(points) == 1:
            self._segment(points[0], points[0], half)

    def _segment(self, start: Point, end: Point, half: float) -> None:
        size, cells = self.size_px, self.cells
        (ax, ay), (bx, by) = start, end
        reach = half + 1
        left, right = max(0, int(min(ax, bx) - reach)), min(size, int(max(ax, bx) + reach) + 1)
        top, bottom = max(0, int(min(ay, by) - reach)), min(size, int(max(ay, by) + reach) + 1)
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy or 1e-9
        for row in range(top, bottom):
            py = row + 0.5 - ay
            for col in range(left, right):
                px = col + 0.5 - ax
                along = min(1.0, max(0.0, (px * dx + py * dy) / length2))
                ox, oy = px - along * dx, py - along * dy
                covered = half + 0.5 - (ox * ox + oy * oy) ** 0.5
                if covered > cells[row * size + col]:
                    cells[row * size + col] = min(1.0, covered)

    def fill(self, points: Sequence[Point]) -> None:
        """Fill a polygon, 4 by 4 samples a pixel."""
        size, cells = self.size_px, self.cells
        steps = (0.125, 0.375, 0.625, 0.875)
        for row in range(size):
            counts = [0] * size
            for step in steps:
                for left, right in _spans(points, row + step):
                    for col in range(max(0, int(left)), min(size, int(right) + 1)):
                        counts[col] += sum(left <= col + x < right for x in steps)
            for col, count in enumerate(counts):
                if count:
                    at = row * size + col
                    cells[at] = max(cells[at], count / 16)


def _spans(points: Sequence[Point], y: float) -> list[Point]:
    """Where a horizontal line is inside a polygon, as pairs of left and right."""
    hits = []
    for (ax, ay), (bx, by) in zip(points, (*points[1:], points[0]), strict=True):
        if (ay <= y) != (by <= y):
            hits.append(ax + (y - ay) * (bx - ax) / (by - ay))
    hits.sort()
    return list(zip(hits[::2], hits[1::2], strict=False))


def tinted(coverage: Coverage, color: str) -> bytes:
    """A PNG of one colour, as opaque as the coverage."""
    ink = bytes.fromhex(color[1:])
    size = coverage.size_px
    rows = []
    for row in range(size):
        cells = coverage.cells[row * size : (row + 1) * size]
        rows.append(b"".join(ink + bytes((round(cell * 255),)) for cell in cells))
    return encode(size, size, rows)


def layered(layers: Sequence[tuple[Coverage, str]]) -> bytes:
    """A PNG of colours over each other, the first at the bottom; each as opaque as its coverage."""
    size = layers[0][0].size_px
    inks = [(coverage.cells, bytes.fromhex(color[1:])) for coverage, color in layers]
    rows = []
    for row in range(size):
        pixels = bytearray()
        for at in range(row * size, (row + 1) * size):
            color, alpha = (0.0, 0.0, 0.0), 0.0
            for cells, ink in inks:
                over = cells[at]
                if over:
                    under = alpha * (1 - over)
                    alpha = over + under
                    red, green, blue = (
                        (i * over + c * under) / alpha for i, c in zip(ink, color, strict=True)
                    )
                    color = (red, green, blue)
            pixels += bytes((*map(round, color), round(alpha * 255)))
        rows.append(bytes(pixels))
    return encode(size, size, rows)


def encode(width_px: int, height_px: int, rows: Sequence[bytes]) -> bytes:
    """PNG bytes of RGBA rows."""
    raw = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(raw, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def box(
    size_px: int, radius_px: float, fill: str, line: str = "", *, line_px: float = 0.0
) -> bytes:
    """A square with round corners, for stretching: its middle row and column are plain.

    Shape: `fill` and `line` are `#rrggbb`; an empty `fill` is transparent, an empty `line` none.
    """
    inside = bytes.fromhex(fill[1:]) if fill else b"\0\0\0"
    edge = bytes.fromhex(line[1:]) if line else inside
    half = (size_px + 1) // 2
    outer = _quarter(size_px, radius_px, 0.0)
    inner = _quarter(size_px, radius_px, line_px) if line else outer
    rows: list[bytes] = []
    for row in range(half):
        cells = []
        for col in range(half):
            at = row * half + col
            cells.append(_blend(edge, inside, outer[at], inner[at], has_fill=bool(fill)))
        # The other three quarters are this one in mirrors.
        rows.append(b"".join([*cells, *reversed(cells[: size_px - half])]))
    return encode(size_px, size_px, [*rows, *reversed(rows[: size_px - half])])


def box_coverage(size_px: int, radius_px: float, inset_px: float) -> Coverage:
    """A square with round corners, `inset_px` from the edge; `radius_px` is its own."""
    coverage = Coverage(size_px)
    coverage.cells = [
        _inside(col, row, size_px, radius_px + inset_px, inset_px)
        for row in range(size_px)
        for col in range(size_px)
    ]
    return coverage


@lru_cache(maxsize=32)
def _quarter(size: int, radius: float, inset: float) -> tuple[float, ...]:
    """How much of each pixel of the upper left quarter lies in the round box."""
    half = range((size + 1) // 2)
    return tuple(_inside(col, row, size, radius, inset) for row in half for col in half)


def _inside(col: int, row: int, size: int, radius: float, inset: float) -> float:
    """How much of a pixel lies in the round box, `inset` from its edge."""
    half = size / 2 - inset
    corner = max(0.0, radius - inset)
    x = abs(col + 0.5 - size / 2) - (half - corner)
    y = abs(row + 0.5 - size / 2) - (half - corner)
    far = hypot(max(x, 0.0), max(y, 0.0)) + min(max(x, y), 0.0) - corner
    return min(1.0, max(0.0, 0.5 - far))


def _blend(edge: bytes, inside: bytes, outer: float, inner: float, *, has_fill: bool) -> bytes:
    """One RGBA pixel: the line where only `outer` covers, the fill where `inner` does."""
    filled = inner if has_fill else 0.0
    lined = max(0.0, outer - inner)
    alpha = lined + filled
    if alpha <= 0:
        return b"\0\0\0\0"
    color = (round((e * lined + i * filled) / alpha) for e, i in zip(edge, inside, strict=True))
    return bytes((*color, round(min(1.0, alpha) * 255)))
