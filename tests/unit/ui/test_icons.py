"""Icons and boxes are pictures that Tk can read, drawn without a display."""

import struct
import zlib

import pytest

from teleterm.ui.theme import icons
from teleterm.ui.theme.png import box


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGBA bytes of one of our own PNGs."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    length = struct.unpack(">I", png[start - 4 : start])[0]
    raw = zlib.decompress(png[start + 4 : start + 4 + length])
    stride = width * 4 + 1
    return width, height, b"".join(raw[y * stride + 1 : (y + 1) * stride] for y in range(height))


@pytest.mark.parametrize("name", icons.ICONS)
def test_every_icon_draws_something_inside_its_square(name: str) -> None:
    width, height, data = pixels(icons.draw(name, 16, "#102030"))
    assert (width, height) == (16, 16)
    alphas = data[3::4]
    assert 5 < sum(alpha > 100 for alpha in alphas) < 200
    assert data[:3] == b"\x10\x20\x30"


def test_an_icon_grows_with_its_size() -> None:
    width, height, _data = pixels(icons.draw("server", 48, "#FFFFFF"))
    assert (width, height) == (48, 48)


def test_a_box_has_round_corners_and_a_line() -> None:
    _width, _height, data = pixels(box(18, 6, "#FF0000", "#00FF00", line_px=1))
    corner, edge, middle = (
        data[:4],
        data[9 * 4 : 10 * 4],
        data[(9 * 18 + 9) * 4 : (9 * 18 + 10) * 4],
    )
    assert corner[3] == 0
    assert edge == b"\x00\xff\x00\xff"
    assert middle == b"\xff\x00\x00\xff"


def test_an_empty_fill_is_transparent() -> None:
    _width, _height, data = pixels(box(18, 6, "", "#00FF00", line_px=1))
    assert data[(9 * 18 + 9) * 4 + 3] == 0
