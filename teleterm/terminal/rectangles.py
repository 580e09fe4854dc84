"""Rectangles of cells: fill, erase, copy, restyle, checksum (VT400)."""

from __future__ import annotations

from dataclasses import dataclass

from teleterm.terminal.copies import Copying, copy_cells
from teleterm.terminal.editing import Editing
from teleterm.terminal.row import BLANK, Restyling
from teleterm.terminal.styles import (
    BLINK,
    BOLD,
    HIDDEN,
    INVERSE,
    PROTECTED,
    UNDERLINE,
    UNDERLINE_MASK,
    Style,
)

_FAR = 1 << 20

_ATTRIBUTES = {1: BOLD, 4: UNDERLINE, 5: BLINK, 7: INVERSE, 8: HIDDEN}
_CLEARING = {22: BOLD, 24: UNDERLINE_MASK, 25: BLINK, 27: INVERSE, 28: HIDDEN}
_ALL = BOLD | UNDERLINE_MASK | BLINK | INVERSE | HIDDEN


@dataclass(frozen=True, slots=True)
class _Area:
    """Rows and columns from 0, last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class Rectangles(Editing):
    """Commands with a rectangle: top, left, bottom, right from 1, None when left out."""

    def _area(self, params: list[int | None]) -> _Area | None:
        given = [*params, None, None, None, None][:4]
        top, left, bottom, right = given
        row_base = self.top if self.is_origin else 0
        col_base = self.left if self.is_origin else 0
        last_row = self.bottom if self.is_origin else self.row_count - 1
        last_col = self.right if self.is_origin else self.cols - 1
        area = _Area(
            (top or 1) - 1 + row_base,
            (left or 1) - 1 + col_base,
            min((bottom or _FAR) - 1 + row_base, last_row),
            min((right or _FAR) - 1 + col_base, last_col),
        )
        return area if area.top <= area.bottom and area.left <= area.right else None

    def fill_rectangle(self, params: list[int | None]) -> None:
        """DECFRA: with a character in the style in force."""
        code = (params[0] if params else None) or 0
        area = self._area(params[1:])
        if area is None or not (32 <= code <= 126 or 160 <= code <= 255):
            return
        char = chr(code)
        if self.translation is not None:
            char = char.translate(self.translation)
        self._fill(area, char, self.style)

    def _fill(self, area: _Area, char: str, style: Style) -> None:
        self.grid.fill_part((area.top, area.left, area.bottom, area.right), char, style)

    def erase_rectangle(self, params: list[int | None]) -> None:
        """DECERA."""
        area = self._area(params)
        if area is not None:
            self._fill(area, BLANK, self.blank)

    def erase_rectangle_unprotected(self, params: list[int | None]) -> None:
        """DECSERA: protected cells stay, and so does each cell's look; SPA doesn't protect here."""
        mask = 0 if self.is_iso_protecting else PROTECTED
        area = self._area(params)
        if area is not None:
            for row in self.grid.owned(area.top, area.bottom):
                row.erase_unprotected(area.left, area.right + 1, None, mask)

    def copy_rectangle(self, params: list[int | None]) -> None:
        """DECCRA: there is one page, so the page numbers say nothing."""
        area = self._area(params[:4])
        rest = [*params[5:7], None, None]
        if area is None:
            return
        to_row = (rest[0] or 1) - 1 + (self.top if self.is_origin else 0)
        to_col = (rest[1] or 1) - 1 + (self.left if self.is_origin else 0)
        last_row = self.bottom if self.is_origin else self.row_count - 1
        last_col = self.right if self.is_origin else self.cols - 1
        count = min(area.right, area.left + last_col - to_col) + 1 - area.left
        height = min(last_row - to_row, area.bottom - area.top) + 1
        if count > 0 and height > 0:
            what = Copying(area.top, area.left, height, count, to_row, to_col)
            copy_cells(self.grid, what)

    def set_rectangle_extent(self, how: int | None = None) -> None:
        """DECSACE: DECCARA and DECRARA work on a stream of cells (0, 1) or a rectangle (2)."""
        if (how or 0) <= 2:
            self.rectangle_extent = how or 0

    def change_attributes(self, params: list[int | None]) -> None:
        """DECCARA: set or clear bold, underline, blink, inverse, hidden."""
        turn_on, turn_off = 0, 0
        for code in params[4:] or [0]:
            if not code:
                turn_on, turn_off = 0, _ALL
            elif code in _ATTRIBUTES:
                turn_on |= _ATTRIBUTES[code]
                turn_off &= ~_ATTRIBUTES[code]
            else:
                turn_off |= _CLEARING.get(code, 0)
                turn_on &= ~_CLEARING.get(code, 0)
        if turn_on & UNDERLINE:
            turn_off |= UNDERLINE_MASK
        self._restyle(params, ~(turn_off | turn_on), turn_on)

    def reverse_attributes(self, params: list[int | None]) -> None:
        """DECRARA: flip the same attributes."""
        flip = 0
        for code in params[4:] or [0]:
            flip ^= _ALL & ~UNDERLINE_MASK | UNDERLINE if not code else _ATTRIBUTES.get(code, 0)
        self._restyle(params, -1, flip)

    def _restyle(self, params: list[int | None], kept: int, flipped: int) -> None:
        """Change attributes: keep some, then flip some."""
        area = self._area(params)
        if area is None:
            return
        left, end = area.left, area.right + 1
        is_whole = left == 0 and end == self.cols
        if is_whole or area.top == area.bottom or self.rectangle_extent == 2:
            stretches = [(area.top, area.bottom, left, end)]
        else:
            stretches = [
                (area.top, area.top, left, self.cols),
                (area.top + 1, area.bottom - 1, 0, self.cols),
                (area.bottom, area.bottom, 0, end),
            ]
        for top, bottom, start, stop in stretches:
            self.grid.restyle(top, bottom, Restyling(start, stop, kept, flipped, self.table))

    def checksum(self, params: list[int | None]) -> int:
        """DECRQCRA's sum, as xterm and the VT420 count it: negated, over characters."""
        area = self._area(params)
        if area is None:
            return 0
        total = 0
        for row in self.grid.rows[area.top : area.bottom + 1]:
            for cell in row.cells[area.left : area.right + 1]:
                total += sum(map(ord, cell))
        return -total & 0xFFFF
