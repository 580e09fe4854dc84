"""Colours by how they look: X11's rgbi, CIE and TekHVC names, turned into RGB for X11's screen."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable

Triple = tuple[float, float, float]

_NUMBER = r"([-+]?(?:[0-9]{1,9}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:e[-+]?[0-9]{1,2})?)"
_SPEC = re.compile(rf"([a-z]{{4,6}}):{_NUMBER}/{_NUMBER}/{_NUMBER}\Z", re.IGNORECASE)

# Source: X11's colour management, the screen it takes where none is described: the light of its
# three phosphors, and how bright each level is, in millionths; the levels are 0, the first one that
# gives light, less one, that one, and every fifth up to 255.
_TO_XYZ = (
    (0.38106149108714790, 0.32025712365352110, 0.24834578525933100),
    (0.20729745115140850, 0.68054638776373240, 0.11215616108485920),
    (0.02133944350088028, 0.14297193020246480, 1.24172892629665500),
)
_FROM_XYZ = (
    (3.48340481253539000, -1.52176374927285200, -0.55923133354049780),
    (-1.07152751306193600, 1.96593795204372400, 0.03673691339553462),
    (0.06351179790497788, -0.20020501000496480, 0.81070942031648220),
)
_RED = (
    *(0, 0, 936, 1481, 2329, 3529, 5127, 7169, 9699, 12759, 16392, 20637, 25533, 31119, 37431),
    *(44504, 52373, 61069, 70624, 81070, 92433, 104744, 118026, 132307, 147610, 163958, 181371),
    *(199871, 219475, 240202, 262069, 285089, 309278, 334647, 361208, 388971, 417945, 448138),
    *(479555, 512202, 546082, 581199, 617552, 655144, 693971, 734031, 775322, 817837, 861571),
    *(906515, 952662, 1000000),
)
_GREEN = (
    *(0, 0, 832, 1998, 3612, 5736, 8428, 11745, 15740, 20463, 25960, 32275, 39449, 47519, 56520),
    *(66484, 77439, 89409, 102418, 116485, 131625, 147853, 165176, 183604, 203140, 223783, 245533),
    *(268384, 292327, 317351, 343441, 370580, 398747, 427919, 458068, 489165, 521176, 554067),
    *(587797, 622324, 657604, 693588, 730225, 767459, 805235, 843491, 882164, 921187, 960490),
    *(1000000,),
)
_BLUE = (
    *(0, 0, 1341, 2080, 3188, 4729, 6766, 9357, 12559, 16424, 21004, 26344, 32489, 39481, 47357),
    *(56154, 65903, 76634, 88373, 101145, 114968, 129862, 145841, 162915, 181095, 200386, 220791),
    *(242309, 264937, 288670, 313499, 339410, 366390, 394421, 423481, 453547, 484592, 516587),
    *(549498, 583291, 617925, 653361, 689553, 726454, 764013, 802178, 840891, 880093, 919723),
    *(959715, 1000000),
)


def _levels(count: int) -> tuple[int, ...]:
    first = 255 - 5 * (count - 3)
    return (0, first - 1, *range(first, 256, 5))


_CURVES = tuple((_levels(len(curve)), curve) for curve in (_RED, _GREEN, _BLUE))

_WHITE = (sum(_TO_XYZ[0]), sum(_TO_XYZ[1]), sum(_TO_XYZ[2]))
_SLACK = 0.001
_DARK_Y, _DARK_L, _DARK_SLOPE = 0.008856, 7.99953624, 903.29
_CHROMA_SCALE = 7.50725
_BEST_RED = (0.7127, 0.4931)
_CLIP_STEPS = 40


def _times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    first, second, third = (
        row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2] for row in matrix
    )
    return first, second, third


def _chromaticity(xyz: Triple) -> tuple[float, float]:
    """Give u' and v' of CIE 1976; white's where there is no light."""
    whole = xyz[0] + 15 * xyz[1] + 3 * xyz[2]
    return (4 * xyz[0] / whole, 9 * xyz[1] / whole) if whole else _WHITE_UV


_WHITE_UV = _chromaticity(_WHITE)
_HUE_OFFSET = math.atan((_BEST_RED[1] - _WHITE_UV[1]) / (_BEST_RED[0] - _WHITE_UV[0]))


def _luminance(lightness: float) -> float:
    """Give Y for a CIE lightness from 0 to 100."""
    if lightness < _DARK_L:
        return lightness / _DARK_SLOPE
    return float(((lightness + 16) / 116) ** 3)


def _lightness(luminance: float) -> float:
    if luminance < _DARK_Y:
        return luminance * _DARK_SLOPE
    return float(116 * luminance ** (1 / 3) - 16)


def _from_uvy(u: float, v: float, luminance: float) -> Triple | None:
    part = 6 * u - 16 * v + 12
    if part == 0:
        u, v = _WHITE_UV
        part = 6 * u - 16 * v + 12
    x, y = 9 * u / part, 4 * v / part
    if y == 0:
        return None
    return x * luminance / y, luminance, (1 - x - y) * luminance / y


def _from_xyy(x: float, y: float, luminance: float) -> Triple | None:
    part = -2 * x + 12 * y + 3
    return _from_uvy(4 * x / part, 9 * y / part, luminance) if part else (0.0, 0.0, 0.0)


def _from_lab(lightness: float, a: float, b: float) -> Triple | None:
    root = (lightness + 16) / 116
    if root**3 < _DARK_Y:
        # A hundred times what CIE has: X11's own way.
        luminance = lightness * 100 / _DARK_SLOPE
        blue_part = luminance - b / 1557.4
        return _WHITE[0] * (a / 3893.5 + luminance), luminance, _WHITE[2] * blue_part
    return _WHITE[0] * (root + a / 5) ** 3, root**3, _WHITE[2] * (root - b / 2) ** 3


def _from_luv(lightness: float, u: float, v: float) -> Triple | None:
    if not lightness:
        return 0.0, 0.0, 0.0
    scale = 0.13 * lightness
    place = u / scale + _WHITE_UV[0], v / scale + _WHITE_UV[1]
    return _from_uvy(*place, _luminance(lightness))


def _from_hvc(hue: float, value: float, chroma: float) -> Triple | None:
    if value in (0, 100):
        return _from_uvy(*_WHITE_UV, value / 100)
    angle = math.radians(hue) + _HUE_OFFSET
    reach = chroma / (value * _CHROMA_SCALE)
    u, v = _WHITE_UV[0] + reach * math.cos(angle), _WHITE_UV[1] + reach * math.sin(angle)
    return _from_uvy(u, v, _luminance(value))


def _to_hvc(xyz: Triple) -> Triple:
    u, v = _chromaticity(xyz)
    u, v = u - _WHITE_UV[0], v - _WHITE_UV[1]
    value = _lightness(xyz[1])
    hue = math.degrees(math.atan2(v, u) - _HUE_OFFSET) % 360
    return hue, value, value * _CHROMA_SCALE * math.hypot(u, v)


# What a name's three numbers are, which of them says how bright it is, and what full light is.
_SPACES: dict[str, tuple[Callable[[float, float, float], Triple | None], int, float]] = {
    "ciexyz": (lambda x, y, z: (x, y, z), 1, 1.0),
    "cieuvy": (_from_uvy, 2, 1.0),
    "ciexyy": (_from_xyy, 2, 1.0),
    "cielab": (_from_lab, 0, 100.0),
    "cieluv": (_from_luv, 0, 100.0),
    "tekhvc": (_from_hvc, 1, 100.0),
}


def parse(text: str) -> int | None:
    """Read a colour such as "CIEXYZ:0.5/0.5/0.5"; gives 0xRRGGBB, None when it isn't one.

    A colour that X11's screen can't show is made paler until it can.
    """
    found = _SPEC.match(text)
    if found is None:
        return None
    name = found[1].lower()
    first, second, third = (float(found[at]) for at in (2, 3, 4))
    numbers = (first, second, third)
    if name == "rgbi":
        return _rgb((first, second, third)) if _is_shown((first, second, third)) else None
    if name not in _SPACES:
        return None
    make, bright, most = _SPACES[name]
    if not 0 <= numbers[bright] <= most:
        return None
    xyz = make(first, second, third)
    return None if xyz is None else _rgb(_shown(xyz))


def _is_shown(rgbi: Triple) -> bool:
    return min(rgbi) >= -_SLACK and max(rgbi) <= 1 + _SLACK


def _shown(xyz: Triple) -> Triple:
    """Give the intensities of a colour, of the nearest paler one where it can't be shown."""
    rgbi = _times(_FROM_XYZ, xyz)
    if _is_shown(rgbi):
        return rgbi
    hue, value, chroma = _to_hvc(xyz)
    value = max(0.0, min(value, 100.0))
    low, high = 0.0, chroma
    best = (_luminance(value),) * 3
    for _ in range(_CLIP_STEPS):
        middle = (low + high) / 2
        tried = _from_hvc(hue, value, middle)
        rgbi = _times(_FROM_XYZ, tried) if tried is not None else (2.0, 2.0, 2.0)
        if min(rgbi) >= 0 and max(rgbi) <= 1:
            low, best = middle, rgbi
        else:
            high = middle
    return best


def _rgb(rgbi: Triple) -> int:
    colour = 0
    for (levels, curve), intensity in zip(_CURVES, rgbi, strict=True):
        colour = colour << 8 | _level(levels, curve, intensity)
    return colour


def _level(levels: tuple[int, ...], curve: tuple[int, ...], intensity: float) -> int:
    """Give the level, 0 to 255, that shows an intensity best."""
    wanted = max(0.0, min(intensity, 1.0)) * 1e6
    at = bisect_left(curve, wanted)
    if curve[at] == wanted:
        return levels[at]
    part = (wanted - curve[at - 1]) / (curve[at] - curve[at - 1])
    return round(levels[at - 1] + part * (levels[at] - levels[at - 1]))
