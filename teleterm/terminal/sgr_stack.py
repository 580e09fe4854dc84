"""Looks that a program put aside (XTPUSHSGR) and takes back (XTPOPSGR)."""

from __future__ import annotations

from teleterm.terminal.styles import (
    BLINK,
    BOLD,
    DIM,
    HIDDEN,
    INVERSE,
    ITALIC,
    PROTECTED,
    STRIKE,
    UNDERLINE_MASK,
    Style,
    StyleTable,
)

_DEPTH = 10
_FOREGROUND, _BACKGROUND, _UNDERLINE_COLOUR = 1 << 20, 1 << 21, 1 << 22
_ALL = _FOREGROUND | _BACKGROUND | _UNDERLINE_COLOUR | 0xFFFF & ~PROTECTED
# Source: xterm's control sequences, XTPUSHSGR: what each parameter puts aside.
_PARTS = {1: BOLD, 2: DIM, 3: ITALIC, 4: UNDERLINE_MASK, 5: BLINK, 7: INVERSE, 8: HIDDEN} | {
    9: STRIKE,
    10: _FOREGROUND,
    11: _BACKGROUND,
    21: UNDERLINE_MASK,
    30: _FOREGROUND,
    31: _BACKGROUND,
}


class SgrStack:
    """Styles with the parts of them that count, the newest last; the oldest goes when it's full."""

    def __init__(self) -> None:
        self._kept: list[tuple[Style, int]] = []

    def push(self, style: Style, parts: list[int | None]) -> None:
        """Put a style aside: all of it, or only the parts named."""
        mask = 0
        for part in parts:
            mask |= _PARTS.get(part or 0, 0)
        self._kept.append((style, mask if parts else _ALL))
        del self._kept[:-_DEPTH]

    def pop(self, table: StyleTable, style: Style) -> Style:
        """Give `style` with the parts that were put aside last."""
        if not self._kept:
            return style
        kept, mask = self._kept.pop()
        return table.get(
            kept.fg if mask & _FOREGROUND else style.fg,
            kept.bg if mask & _BACKGROUND else style.bg,
            kept.underline if mask & _UNDERLINE_COLOUR else style.underline,
            (style.attrs & ~mask) | (kept.attrs & mask & 0xFFFF),
            style.link,
        )
