"""Colours by number: what the window uses, what the program changed, and how both are named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyte.graphics import FG_BG_256

from teleterm.terminal import colour_spaces

FOREGROUND = 256
BACKGROUND = 257
CURSOR = 258
SPECIAL = 300
"""Five more, for bold, underline, blink, inverse, italic: kept for queries, never painted."""

_SLOTS = 10

DEFAULT_PALETTE = tuple(int(str(text), 16) for text in FG_BG_256)
"""The 256 colours of xterm."""

_NAMES = {
    "black": 0x000000,
    "red": 0xFF0000,
    "green": 0x00FF00,
    "yellow": 0xFFFF00,
    "blue": 0x0000FF,
    "magenta": 0xFF00FF,
    "cyan": 0x00FFFF,
    "white": 0xFFFFFF,
    "gray": 0xBEBEBE,
    "grey": 0xBEBEBE,
    "orange": 0xFFA500,
    "purple": 0xA020F0,
    "brown": 0xA52A2A,
    "pink": 0xFFC0CB,
}
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{9}|[0-9a-fA-F]{12})\Z")
_RGB = re.compile(
    r"rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?\Z"
)


@dataclass(frozen=True, slots=True)
class Theme:
    """The window's own colours, 0xRRGGBB; `palette` has 16 or 256 entries."""

    foreground: int = 0xE5E5E5
    background: int = 0x000000
    cursor: int = 0xE5E5E5
    palette: tuple[int, ...] = DEFAULT_PALETTE


class Palette:
    """The theme with what the program put over it."""

    def __init__(self) -> None:
        self.theme = Theme()
        self.overrides: dict[int, int] = {}
        self.version = 0
        self._kept: dict[int, dict[int, int]] = {}
        self.slot = 0
        self.highest = 0
        """The slot kept or taken back last, and the highest one that came by itself."""

    def keep(self, slot: int = 0) -> None:
        """Put what the program changed aside: into the slot after the last one, or a given one."""
        is_next = not slot
        slot = slot or self.slot + 1
        if slot <= _SLOTS:
            self._kept[slot] = dict(self.overrides)
            self.slot = slot
            self.highest = max(self.highest, slot) if is_next else self.highest

    def take_back(self, slot: int = 0) -> None:
        """Bring back what was put aside last, or into a given slot."""
        kept = self._kept.get(slot or self.slot)
        if kept is not None:
            self.overrides = dict(kept)
            self.version += 1
            self.slot = (slot or self.slot) - 1

    def colour(self, index: int) -> int:
        """Give the colour in force at an index (256: foreground, 257: background, 258: cursor)."""
        if index in self.overrides:
            return self.overrides[index]
        theme = self.theme
        if index >= SPECIAL:
            return theme.foreground
        if index >= FOREGROUND:
            return (theme.foreground, theme.background, theme.cursor)[index - FOREGROUND]
        return theme.palette[index] if index < len(theme.palette) else DEFAULT_PALETTE[index]

    def set(self, index: int, colour: int) -> None:
        """Put a colour over the theme's."""
        if self.overrides.get(index) != colour:
            self.overrides[index] = colour
            self.version += 1

    def reset(self, index: int | None = None) -> None:
        """Take back one change; without an index all of the 256."""
        if index is None:
            self.reset_range(0, FOREGROUND)
        else:
            self.overrides.pop(index, None)
        self.version += 1

    def reset_range(self, start: int, end: int) -> None:
        """Take back the changes at indexes from `start` to before `end`."""
        self.overrides = {at: kept for at, kept in self.overrides.items() if not start <= at < end}
        self.version += 1

    def reset_all(self) -> None:
        """Take back everything the program changed."""
        if self.overrides:
            self.overrides = {}
            self.version += 1


def parse_colour(text: str) -> int | None:
    """Read a colour as X11 names it; None when it isn't one."""
    found = _HEX.match(text)
    if found is not None:
        digits = found[1]
        step = len(digits) // 3
        # "#f80" means the high digits: #f00080 scaled as X11 does, not repeated.
        parts = [int(digits[at * step : (at + 1) * step].ljust(2, "0")[:2], 16) for at in range(3)]
        return parts[0] << 16 | parts[1] << 8 | parts[2]
    found = _RGB.match(text)
    if found is not None:
        red, green, blue = (_scaled(found[at]) for at in (1, 2, 3))
        return red << 16 | green << 8 | blue
    named = _NAMES.get(text.lower())
    return colour_spaces.parse(text) if named is None else named


def _scaled(digits: str) -> int:
    most: int = 16 ** len(digits) - 1
    return round(int(digits, 16) * 255 / most)


def colour_spec(colour: int) -> str:
    """Name a colour the way xterm answers: rgb:rrrr/gggg/bbbb."""
    red, green, blue = colour >> 16 & 255, colour >> 8 & 255, colour & 255
    return f"rgb:{red:02x}{red:02x}/{green:02x}{green:02x}/{blue:02x}{blue:02x}"
