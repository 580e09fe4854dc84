"""Box drawing and block characters as rectangles, so that lines meet at any line height."""

import unicodedata
from functools import cache

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the cell; right and bottom are outside."""

LIGHT, HEAVY, DOUBLE = 1, 2, 3
_WEIGHTS = {"LIGHT": LIGHT, "SINGLE": LIGHT, "HEAVY": HEAVY, "DOUBLE": DOUBLE}
_SIDES = {
    "LEFT": ("left",),
    "RIGHT": ("right",),
    "UP": ("up",),
    "DOWN": ("down",),
    "HORIZONTAL": ("left", "right"),
    "VERTICAL": ("up", "down"),
}
_QUADRANTS = {
    0x2596: "c", 0x2597: "d", 0x2598: "a", 0x2599: "acd", 0x259A: "ad", 0x259B: "abc",
    0x259C: "abd", 0x259D: "b", 0x259E: "bc", 0x259F: "bcd",
}  # fmt: skip
_ARCS = {"╭": (1, 1), "╮": (-1, 1), "╯": (-1, -1), "╰": (1, -1)}
"""Which way the arms of a rounded corner go, across and down."""
SHADES = {"\u2591": 0.25, "\u2592": 0.5, "\u2593": 0.75}
"""Characters that fill the cell with a share of the foreground."""


def is_box(character: str) -> bool:
    """Whether `rects` can draw it."""
    return "\u2500" <= character <= "\u259f" and bool(rects(character, 16, 32))


@cache
def rects(character: str, width: int, height: int) -> tuple[Rect, ...]:
    """The rectangles of a character in a cell of that size; none for those left to the font."""
    code = ord(character)
    if 0x2580 <= code <= 0x259F:
        return _block(code, width, height)
    if character in _ARCS:
        return _arc(*_ARCS[character], width, height)
    arms = _arms(character)
    if not arms:
        return ()
    return _lines(arms, width, height)


@cache
def _arms(character: str) -> dict[str, int]:
    """The weight of each arm, out of the character's name; none for dashes and diagonals."""
    name = unicodedata.name(character, "").removeprefix("BOX DRAWINGS ")
    words = name.split()
    if not words or {"DASH", "ARC", "DIAGONAL"} & set(words):
        return {}
    arms: dict[str, int] = {}
    weight = 0
    for part in " ".join(words).split(" AND "):
        named = part.split()
        weight = next((_WEIGHTS[word] for word in named if word in _WEIGHTS), weight)
        for word in named:
            for side in _SIDES.get(word, ()):
                arms[side] = weight
    return arms


def _lines(arms: dict[str, int], width: int, height: int) -> tuple[Rect, ...]:
    light = max(1, round(height / 18))
    middle_x, middle_y = (width - light) // 2, (height - light) // 2
    found: list[Rect] = []
    for side, weight in arms.items():
        is_flat = side in {"left", "right"}
        across = ("up", "down") if is_flat else ("left", "right")
        cross = [arms.get(name, 0) for name in across]
        centre = middle_x if is_flat else middle_y
        other = middle_y if is_flat else middle_x
        length = width if is_flat else height
        for thick, offset, reach in _strokes(weight, light, cross):
            start, end = (0, centre + light + reach)
            if side in {"right", "down"}:
                start, end = centre - reach, length
            low = other + offset
            found.append(
                (start, low, end, low + thick) if is_flat else (low, start, low + thick, end)
            )
    return tuple(found)


def _arc(across: int, down: int, width: int, height: int) -> tuple[Rect, ...]:
    """A rounded corner: two arms as of a square one, and a quarter of a circle in steps."""
    light = max(1, round(height / 18))
    middle_x, middle_y = (width - light) // 2, (height - light) // 2
    radius = max(1, min(middle_x, middle_y))
    found: list[Rect] = []
    before = radius
    for step in range(radius):
        inset = radius - round((radius**2 - (radius - step) ** 2) ** 0.5)
        found.append((inset, step, max(before, inset + light), step + light))
        before = inset
    reach_x, reach_y = width, height  # beyond the cell; cut below
    found += [(0, radius, light, reach_y), (radius, 0, reach_x, light)]
    placed = []
    for left, top, right, bottom in found:
        x, end_x = (middle_x + left, middle_x + right) if across > 0 else (
            middle_x + light - right, middle_x + light - left)  # fmt: skip
        y, end_y = (middle_y + top, middle_y + bottom) if down > 0 else (
            middle_y + light - bottom, middle_y + light - top)  # fmt: skip
        placed.append((max(0, x), max(0, y), min(width, end_x), min(height, end_y)))
    return tuple(placed)


def _strokes(weight: int, light: int, cross: list[int]) -> list[tuple[int, int, int]]:
    """(thickness, offset from the middle line, how far beyond the centre) of an arm's strokes."""
    reach = 2 * light if DOUBLE in cross else 0
    if weight == LIGHT:
        return [(light, 0, -reach if all(side == DOUBLE for side in cross) else reach)]
    if weight == HEAVY:
        return [
            (light * 3 if light == 1 else light * 2, -(light if light == 1 else light // 2), reach)
        ]
    gap = 2 * light
    strokes = []
    for offset, near, far in ((-gap, cross[0], cross[1]), (gap, cross[1], cross[0])):
        beyond = -gap if near == DOUBLE else gap if far == DOUBLE else 0
        strokes.append((light, offset, beyond))
    return strokes


def _block(code: int, width: int, height: int) -> tuple[Rect, ...]:
    half_x, half_y = width // 2, height // 2
    if code == 0x2580:
        return ((0, 0, width, half_y),)
    if code <= 0x2588:
        return ((0, height - round(height * (code - 0x2580) / 8), width, height),)
    if code <= 0x258F:
        return ((0, 0, max(1, round(width * (0x2590 - code) / 8)), height),)
    if code == 0x2590:
        return ((half_x, 0, width, height),)
    if code <= 0x2593:
        return ((0, 0, width, height),)
    if code == 0x2594:
        return ((0, 0, width, max(1, height // 8)),)
    if code == 0x2595:
        return ((width - max(1, width // 8), 0, width, height),)
    corners = {
        "a": (0, 0, half_x, half_y),
        "b": (half_x, 0, width, half_y),
        "c": (0, half_y, half_x, height),
        "d": (half_x, half_y, width, height),
    }
    return tuple(corners[corner] for corner in _QUADRANTS[code])
