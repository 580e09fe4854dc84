"""The quick way for floods of lines: what scrolls by unseen is kept as it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from teleterm.terminal.lines import Kept
from teleterm.terminal.row import NORMAL
from teleterm.terminal.screen import Screen
from teleterm.terminal.state import DEFAULT_TABS
from teleterm.terminal.styles import Style, StyleTable
from teleterm.terminal.switches import CLUSTERS

MIN_BYTES = 2048
_BLOCK_LINES = 1024
MAX_BYTES = 262_144
"""No line in a piece of this size is so long that scrollback would cut it."""

_TEXT_BYTES = bytes([*range(0x20, 0x7F), *range(0x80, 0x100)]) + b"\t\x1b"
_ODD_ESCAPE = re.compile(rb"\x1b(?!\[[0-9;:]*[mK])")
_SGR = re.compile(rb"\x1b(\[[0-9;:]*)m")
_STARTED = re.compile(rb"\x1b(?:\[[0-9;:]*)?")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Before:
    """What decides how lines look that were kept as they came."""

    table: StyleTable
    style: Style
    cols: int
    joins_clusters: bool


Replay = Callable[[Before, bytes], list[Kept]]
"""Makes lines of what was kept unparsed."""


def is_simple(data: bytes) -> bool:
    """Tell whether `data` is only text, line ends (CR LF), TAB, SGR and EL."""
    ends = data.translate(None, _TEXT_BYTES)
    if ends != b"\r\n" * (len(ends) // 2):
        return False
    if b"\x1b" in data and _ODD_ESCAPE.search(data) is not None:
        return False
    return data.isascii() or _C1.search(data) is None


def is_simple_start(data: bytes) -> bool:
    """Tell whether `data` can wait: text with SGR and EL, its last sequence perhaps not whole.

    Nothing in it can make the terminal answer or tell something.
    """
    last = data.rfind(b"\x1b")
    if last >= 0 and _STARTED.fullmatch(data, last) is not None:
        data = data[:last]
    if data.endswith(b"\r"):
        data = data[:-1]
    return len(data) < MIN_BYTES * 4 and is_simple(data)


def is_ready(screen: Screen) -> bool:
    """Tell whether lines simply scroll now: on the main screen, at the bottom, nothing special."""
    return (
        not screen.is_alternate
        and screen.is_plain
        and screen.is_autowrap
        and not screen.is_newline
        and not screen.is_origin
        and screen.top == 0
        and screen.bottom == screen.row_count - 1
        and screen.y == screen.bottom
        and screen.x == 0
        and screen.style.link is None
        and not screen.is_vt52
        and _is_fresh(screen)
        and screen.tabs == DEFAULT_TABS
    )


def _is_fresh(screen: Screen) -> bool:
    """Tell whether the cursor's row is as a line feed makes it, and no line runs into it."""
    row = screen.grid.rows[screen.y]
    blank = screen.style.blank
    return (
        row.size == NORMAL
        and row.styles.count(blank) == len(row.styles)
        and row.cells.count(" ") == len(row.cells)
        and not (screen.y and screen.grid.rows[screen.y - 1].is_wrapped)
        and not (screen.y == 0 and screen.history.is_open)
    )


def style_after(table: StyleTable, style: Style, data: bytes) -> Style:
    """Give the style after everything in `data`: only what follows the last reset counts."""
    reset = max(data.rfind(b"\x1b[0m"), data.rfind(b"\x1b[m"))
    if reset >= 0:
        style = table.after(style, "[")
        data = data[reset:]
    for sequence in _SGR.findall(data):
        style = table.after(style, sequence.decode("ascii"))
    return style


def take_lines(screen: Screen, data: bytes, line_ends: int, replay: Replay) -> int:
    """Put whole lines of `data` into the scrollback; gives how many bytes were taken.

    `data` is simple, ends with a line end, and has `line_ends` of them.

    What is left has as many line ends as the screen has rows: written the ordinary way it fills
    the screen again, whose old rows are gone to the scrollback, or nothing was taken at all.
    """
    rows = screen.row_count
    cut = len(data)
    for _ in range(rows + 1):
        cut = data.rfind(b"\n", 0, cut)
        if cut < 0:
            return 0
    blob = data[: cut + 1]
    count = line_ends - rows
    grid, history, table = screen.grid, screen.history, screen.table
    history.push_rows(grid.rows[grid.discarded : -1])
    joins = bool(screen.private.get(CLUSTERS))
    for piece, piece_lines in _blocks(blob, count):
        before = screen.style
        history.push_raw(
            piece,
            piece_lines,
            partial(replay, Before(table, before, screen.cols, joins)),
        )
        screen.style = style_after(table, before, piece)
    grid.fill(" ", screen.style.blank)
    grid.scrolled += count
    grid.discarded = rows - 1
    return len(blob)


def _blocks(blob: bytes, count: int) -> Iterator[tuple[bytes, int]]:
    """Cut lines into blocks of a size that scrollback can drop one by one."""
    if count <= 2 * _BLOCK_LINES:
        yield blob, count
        return
    size = len(blob) * _BLOCK_LINES // count + 1
    start = 0
    while start < len(blob):
        end = blob.find(b"\n", min(start + size, len(blob) - 1)) + 1
        piece = blob[start:end]
        yield piece, piece.count(b"\n")
        start = end
