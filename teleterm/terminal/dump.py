"""The screen as text or JSON, for the command lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

from teleterm.terminal.engine import Engine
from teleterm.terminal.lines import lay_out
from teleterm.terminal.row import Row
from teleterm.terminal.screen import Screen
from teleterm.terminal.styles import (
    BLINK,
    BOLD,
    DEFAULT_COLOUR,
    DIM,
    DIRECT_COLOUR,
    HIDDEN,
    INVERSE,
    ITALIC,
    OVERLINE,
    STRIKE,
    UNDERLINE_MASK,
    Style,
)
from teleterm.terminal.switches import CURSOR_BLINK, CURSOR_VISIBLE

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_ATTRIBUTES = (
    (BOLD, "bold"),
    (DIM, "dim"),
    (ITALIC, "italic"),
    (UNDERLINE_MASK, "underline"),
    (BLINK, "blink"),
    (INVERSE, "inverse"),
    (HIDDEN, "hidden"),
    (STRIKE, "strike"),
    (OVERLINE, "overline"),
)
_ENCODINGS = {1005: "mouse_utf8", 1006: "mouse_sgr", 1015: "mouse_urxvt", 1016: "mouse_pixels"}


def text_of_screen(engine: Engine) -> str:
    """Give the visible rows, one a line, without blanks at their ends."""
    return "".join("".join(row.cells).rstrip(" ") + "\n" for row in engine.screen.grid.rows)


def json_of_screen(engine: Engine) -> str:
    """Give everything there is to see, and the scrollback, as one line of JSON."""
    screen = engine.screen
    found: dict[str, Json] = {
        "cols": engine.cols,
        "cursor": {
            "x": screen.column,
            "y": screen.y,
            "visible": bool(screen.private.get(CURSOR_VISIBLE)),
        },
        "title": screen.title,
        "alternate": screen.is_alternate,
        "modes": [*mode_names(screen)],
        "rows": [_row(row) for row in screen.grid.rows],
        "scrollback": [_row(row) for row in scrollback_rows(screen)],
    }
    return json.dumps(found, ensure_ascii=False)


def scrollback_rows(screen: Screen) -> Iterator[Row]:
    """Give the rows above the screen, oldest first."""
    history = screen.history
    for block in history.blocks():
        for line in block.parsed():
            yield from lay_out(line, screen.cols, screen.table.default)
    part = history.line(history.screen_id) if history.open_cells else None
    if part is not None:
        for row in lay_out(part, screen.cols, screen.table.default):
            row.is_wrapped = True
            yield row


def mode_names(screen: Screen) -> list[str]:
    """Name the modes that are set."""
    modes = {
        "app_cursor": screen.private.get(1, False),
        "app_keypad": screen.private.get(66, False),
        "autowrap": screen.is_autowrap,
        "backarrow": screen.private.get(67, False),
        "bracketed_paste": screen.private.get(2004, False),
        "cursor_blink": screen.private.get(CURSOR_BLINK, False),
        "focus_events": screen.private.get(1004, False),
        "insert": screen.is_insert,
        "newline": screen.is_newline,
        "origin": screen.is_origin,
        "reverse_screen": screen.private.get(5, False),
        "reverse_wrap": screen.reverse_wrap,
        "side_margins": screen.has_side_margins,
        "synchronized": screen.private.get(2026, False),
        f"mouse_{screen.mouse}": bool(screen.mouse),
        _ENCODINGS.get(screen.mouse_encoding, "mouse_x10"): bool(screen.mouse_encoding),
        f"modify_other_keys_{screen.modify_other_keys}": bool(screen.modify_other_keys),
        f"kitty_{screen.keyboard.kitty}": bool(screen.keyboard.kitty),
    }
    return [name for name, is_set in modes.items() if is_set]


def _row(row: Row) -> Json:
    cells: list[Json] = []
    count = len(row.cells)
    for col, (cell, style) in enumerate(zip(row.cells, row.styles, strict=True)):
        is_wide = col + 1 < count and not row.cells[col + 1]
        width = 0 if not cell else 2 if is_wide else 1
        cells.append([cell, width, _colour(style.fg), _colour(style.bg), _attributes(style)])
    text = "".join(row.cells).rstrip(" ")
    return {"text": text, "wrapped": row.is_wrapped, "cells": cells}


def _colour(colour: int) -> Json:
    if colour == DEFAULT_COLOUR:
        return None
    if colour & DIRECT_COLOUR:
        return f"#{colour & 0xFFFFFF:06x}"
    return colour


def _attributes(style: Style) -> Json:
    return [name for bits, name in _ATTRIBUTES if style.attrs & bits]
