"""The four faces of the terminal's font, the cell that they share, and what fits into it."""

import tkinter as tk
import unicodedata
from collections.abc import Sequence
from tkinter import font as tkfont

from teleterm.ui import text as texts

MIN_PX, MAX_PX = 6, 96
_ASCII = "".join(map(chr, range(32, 127)))
_NEVER_COLORED = (
    range(0xAF, 0x203C),
    range(0x2500, 0x25AA),
    range(0x2800, 0x2900),
    range(0x3041, 0x3297),
    range(0x3300, 0xFE00),
)
"""No character of these may be drawn in colour, so no font is asked (0.5 ms each)."""


class Faces:
    """Regular, bold, italic and bold italic, by number: 1 is bold, 2 is italic.

    The fonts live as long as this object, or Tk would open them anew at each measure.
    """

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self.fonts = tuple(
            tkfont.Font(
                root=root,
                size=-14,
                weight="bold" if face & 1 else "normal",
                slant="italic" if face & 2 else "roman",
            )
            for face in range(4)
        )
        self.names = tuple(str(font) for font in self.fonts)
        self._large: dict[int, tkfont.Font] = {}
        self._fits: list[dict[str, bool]] = [{}, {}, {}, {}]
        self._drawn: dict[str, str] = {}
        self._is_even = [True] * 4
        self.has_emoji_hazard = True
        self.cell_width = self.cell_height = 1
        self.text_top = 0
        self.ascent = 0
        self.family = ""

    def configure(self, families: Sequence[str], size_px: int, line_height: float) -> None:
        """Take the first family that is there and has one width for all letters."""
        size_px = max(MIN_PX, min(size_px, MAX_PX))
        family = self._first_fixed(families, size_px)
        self.family = family
        for font in self.fonts:
            font.configure(family=family, size=-size_px)
        self.cell_width = max(1, self.fonts[0].measure("0"))
        for face in (1, 2, 3):
            self._even_out(face, size_px)
        for fits in self._fits:
            fits.clear()
        self._drawn.clear()
        self._large.clear()
        self._is_even = [
            font.measure(_ASCII) == len(_ASCII) * self.cell_width for font in self.fonts
        ]
        space = max(int(font.metrics("linespace")) for font in self.fonts)
        self.cell_height = max(space, round(size_px * line_height))
        self.text_top = (self.cell_height - space) // 2
        self.ascent = self.text_top + int(self.fonts[0].metrics("ascent"))

    def large(self, face: int) -> str:
        """The name of a face in twice its size, for rows of double height."""
        if face not in self._large:
            made = self.fonts[face].copy()
            made.configure(size=2 * int(made.cget("size")))
            self._large[face] = made
        return str(self._large[face])

    def _first_fixed(self, families: Sequence[str], size_px: int) -> str:
        for family in families:
            font = tkfont.Font(root=self._root, family=family, size=-size_px)
            is_there = str(font.actual("family")).lower() == family.lower()
            is_fixed = font.measure("i") == font.measure("W") == font.measure("m")
            if is_there and is_fixed and not family.lower().endswith("emoji"):
                return family
        return str(tkfont.nametofont("TkFixedFont", root=self._root).actual("family"))

    def _even_out(self, face: int, size_px: int) -> None:
        """Bold may be wider than regular at some sizes: try one pixel less or more."""
        font = self.fonts[face]
        for size in (size_px, size_px - 1, size_px + 1):
            font.configure(size=-size)
            if font.measure("0") == self.cell_width:
                return
        font.configure(size=-size_px)

    def stretches(self, text: str, face: int) -> list[tuple[int, str]]:
        """Cut a text of one-cell characters into pieces that may be drawn as one item each.

        Gives: (offset, piece); a character whose advance isn't the cell's is a piece of its own.
        """
        if self._is_even[face] and text.isascii():
            return [(0, text)]
        pieces: list[tuple[int, str]] = []
        start = 0
        for place, character in enumerate(text):
            if self.fits(character, face):
                continue
            if place > start:
                pieces.append((start, text[start:place]))
            pieces.append((place, character))
            start = place + 1
        if start < len(text):
            pieces.append((start, text[start:]))
        return pieces

    def fits(self, character: str, face: int) -> bool:
        """Whether a character moves on by exactly one cell."""
        known = self._fits[face]
        if character not in known:
            if len(known) > 5000:
                known.clear()
            drawn = self.drawable(character)
            known[character] = (
                drawn == character and self.fonts[face].measure(drawn) == self.cell_width
            )
        return known[character]

    def drawable(self, cluster: str) -> str:
        """A cell's text as it may be drawn: composed, and without what ends the process.

        Colour glyphs end the whole program on old libXft (ux.md 19): a box stands for them.
        """
        if cluster.isascii():
            return cluster
        if cluster not in self._drawn:
            if len(self._drawn) > 5000:
                self._drawn.clear()
            composed = unicodedata.normalize("NFC", cluster)
            is_bad = self.has_emoji_hazard and self._is_colored(composed)
            self._drawn[cluster] = texts.TOFU if is_bad else composed
        return self._drawn[cluster]

    def _is_colored(self, cluster: str) -> bool:
        if "\ufe0f" in cluster or texts.TOFU in texts.clean(cluster, has_emoji_hazard=True):
            return True
        font = self.names[0]
        for character in cluster:
            if character.isascii() or any(ord(character) in known for known in _NEVER_COLORED):
                continue
            actual = self._root.tk.call("font", "actual", font, "-family", "--", character)
            if "emoji" in str(actual).lower():
                return True
        return False
