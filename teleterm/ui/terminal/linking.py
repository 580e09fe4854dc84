"""Links on the screen: addresses in the text, and those that programs name (OSC 8)."""

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from teleterm.ui.terminal.rowing import Cells

MAX_LINK = 2000
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f\"<>`{}|\\^]{2,}", re.ASCII)
_TRAILING = ".,;:!?'*"
_PAIRS = {")": "(", "]": "["}

Place = tuple[int, int, int]
"""(row, first column, column behind the last)."""


class Link(Struct, frozen=True):
    """Where it leads, and the cells it takes."""

    url: str
    places: tuple[Place, ...]


def address_at(rows: Sequence[Cells], cols: int, row: int, col: int) -> Link | None:
    """The address that a cell belongs to; rows that go on in the next are read as one."""
    first = row
    while first > 0 and rows[first - 1].is_wrapped:
        first -= 1
    last = row
    while last + 1 < len(rows) and rows[last].is_wrapped:
        last += 1
    text = "".join(rows[number].text(cols) for number in range(first, last + 1))
    place = (row - first) * cols + col
    for match in _ADDRESS.finditer(text):
        end = match.start() + len(_trimmed(match.group()))
        if match.start() <= place < end and end - match.start() <= MAX_LINK:
            return Link(text[match.start() : end], tuple(_places(match.start(), end, first, cols)))
    return None


def named_at(
    rows: Sequence[Cells], link_of: Callable[[int], int], row: int, style: int
) -> tuple[Place, ...]:
    """The cells of a row whose style bears the same link as `style`."""
    wanted = link_of(style)
    return tuple(
        (row, start, start + (width or len(text)))
        for start, text, number, width in rows[row].runs
        if wanted and link_of(number) == wanted
    )


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it."""
    while url:
        tail = url[-1]
        is_unpaired = tail in _PAIRS and url.count(tail) > url.count(_PAIRS[tail])
        if tail not in _TRAILING and not is_unpaired:
            break
        url = url[:-1]
    return url


def _places(start: int, end: int, first_row: int, cols: int) -> list[Place]:
    found = []
    while start < end:
        row, col = divmod(start, cols)
        behind = min(end, (row + 1) * cols)
        found.append((first_row + row, col, behind - row * cols))
        start = behind
    return found
