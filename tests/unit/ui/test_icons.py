"""Icons and boxes are pictures that Tk can read, drawn without a display."""

import re
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from teleterm.ui.theme import app_icon, icons
from teleterm.ui.theme.png import box
from teleterm.ui.theme.tokens import DARK


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


def test_the_window_has_the_icon_of_the_menu_entry() -> None:
    tree = ElementTree.parse(Path(__file__).parents[3] / "assets" / "icon.svg")
    tag = "{http://www.w3.org/2000/svg}"
    strokes = []
    for path in tree.iter(f"{tag}path"):
        numbers = [float(one) for one in re.findall(r"\d+", path.get("d", ""))]
        if "H" in path.get("d", ""):
            numbers.append(numbers[1])
        points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        strokes.append((path.get("stroke"), float(path.get("stroke-width", "0")), points))
    for circle in tree.iter(f"{tag}circle"):
        cx, cy, radius = (float(circle.get(name, "0")) for name in ("cx", "cy", "r"))
        strokes.append((circle.get("fill"), radius * 2, ((cx, cy),)))
    assert strokes == [(DARK[ink], width, points) for ink, width, points in app_icon.STROKES]
    tile = next(tree.iter(f"{tag}rect"))
    inset, radius, token = app_icon.TILE
    assert (tile.get("x"), tile.get("rx"), tile.get("fill")) == (
        str(inset),
        str(radius),
        DARK[token],
    )


def test_the_windows_icon_has_clear_corners_and_its_colours() -> None:
    width, _height, data = pixels(app_icon.draw(64))
    found = {data[at : at + 4] for at in range(0, len(data), 4)}
    assert data[3] == 0, "a round corner lets through what is behind it"
    for token, *_ in app_icon.STROKES:
        assert bytes.fromhex(DARK[token][1:]) + b"\xff" in found
    middle = (32 * width + 44) * 4
    assert data[middle : middle + 4] == bytes.fromhex(DARK[app_icon.TILE[2]][1:]) + b"\xff"
