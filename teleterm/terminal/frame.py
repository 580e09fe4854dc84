"""What a window needs to paint: only what changed since the frame before."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[int, int]
"""A place in the text: line id, and cells from the start of the unwrapped line."""

Run = tuple[int, str, int, int]
"""Column, text, style id, width: 0 one cell a character, 1 or 2 one cluster over that many."""

RowDamage = tuple[int, int, tuple[Run, ...]]
"""Row, flags (bit 0 wrapped, bits 4-5 line size), runs up to the trailing default blanks."""

StyleRow = tuple[int, int, int, int, int, int]
"""Style id, fg, bg, underline colour, attributes, link id (0: none). Style 0 is the default."""

WRAPPED = 1
SIZE_SHIFT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """What a program asked of keys, mouse and paste."""

    mouse: int = 0
    mouse_encoding: int = 0
    alternate_scroll: bool = True
    bracketed_paste: bool = False
    focus_events: bool = False
    app_cursor: bool = False
    app_keypad: bool = False
    alternate: bool = False
    reverse_screen: bool = False
    newline: bool = False
    backarrow: bool = False
    modify_other_keys: int = 0
    format_other_keys: int = 0
    kitty: int = 0
    meta_sends_escape: bool = True
    vt52: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The damage since the last frame; painted in this order: scroll, changed rows, cursor.

    `scrolled` rows up first (negative: down); `lines` says for each row of the view which line it
    shows and from where; `view` is (rows above, rows in all, lines come since scrolled back);
    `palette` (None: unchanged) has all colours that the program changed, as (index, 0xRRGGBB).
    """

    cols: int
    rows: int
    full: bool
    scrolled: int
    changed: tuple[RowDamage, ...]
    styles: tuple[StyleRow, ...]
    links: tuple[tuple[int, str], ...]
    cursor: tuple[int, int, str, bool, bool]
    modes: Modes
    lines: tuple[Point, ...]
    view: tuple[int, int, int]
    palette: tuple[tuple[int, int], ...] | None
