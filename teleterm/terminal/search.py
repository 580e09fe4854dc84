"""Finding text in all that is kept, a block of lines at a time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from teleterm.terminal.patience import (
    OutOfPatienceError,
    can_stop,
    limited,
    repeats_itself,
)
from teleterm.terminal.screen import Screen
from teleterm.terminal.selection import Selection

Hit = tuple[int, int, int]
"""Line id, offset and length in cells."""

_MAX_PATTERN = 1000
_MAX_SLICE_S = 0.25


class PatternError(ValueError):
    """The pattern isn't a regular expression; the text says where, for people."""


def compile_pattern(
    pattern: str, *, match_case: bool, is_regex: bool, whole_word: bool
) -> re.Pattern[str]:
    """Make what is searched for.

    Raises: PatternError when it is too long or isn't a regular expression.
    """
    if len(pattern) > _MAX_PATTERN:
        raise PatternError(f"This pattern is longer than {_MAX_PATTERN} characters.")
    if is_regex and not can_stop() and repeats_itself(pattern):
        raise PatternError("This pattern repeats a part that repeats, which could take forever.")
    source = pattern if is_regex else re.escape(pattern)
    if whole_word:
        source = rf"(?<!\w)(?:{source})(?!\w)"
    try:
        return re.compile(source, re.MULTILINE | (0 if match_case else re.IGNORECASE))
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"This isn't a regular expression: {error}.") from error


class Search:
    """Searches history and screen, oldest first."""

    def __init__(self, screen: Screen, selection: Selection) -> None:
        self._screen = screen
        self._selection = selection

    def slices(self, pattern: re.Pattern[str]) -> Iterator[list[Hit]]:
        """Give the hits of one block of lines after another, then those of the screen.

        Raises: PatternError when the pattern takes too long on one block.
        """
        if not self._screen.is_alternate:
            for block in self._screen.history.blocks():
                texts, cells = block.searchable()
                yield _patient_hits(pattern, block.first_id, texts, cells)
        lines_now = list(self._selection.screen_lines())
        if lines_now:
            texts = ["".join(cells).rstrip(" ") for _, cells in lines_now]
            yield _patient_hits(pattern, lines_now[0][0], texts, [cells for _, cells in lines_now])


def _patient_hits(
    pattern: re.Pattern[str],
    first_id: int,
    texts: list[str],
    cells: Sequence[Sequence[str] | None],
) -> list[Hit]:
    try:
        with limited(_MAX_SLICE_S):
            return _hits(pattern, first_id, texts, cells)
    except OutOfPatienceError:
        message = "This pattern takes too long on this text. Make it simpler."
        raise PatternError(message) from None


def _hits(
    pattern: re.Pattern[str],
    first_id: int,
    texts: list[str],
    cells: Sequence[Sequence[str] | None],
) -> list[Hit]:
    """Search lines joined by line ends; a hit that crosses one isn't one."""
    joined = "\n".join(texts)
    starts: list[int] = []
    hits: list[Hit] = []
    for found in pattern.finditer(joined):
        start, end = found.span()
        if start == end or "\n" in found[0]:
            continue
        if not starts:
            at = 0
            for text in texts:
                starts.append(at)
                at += len(text) + 1
        number = bisect_right(starts, start) - 1
        first, last = start - starts[number], end - starts[number]
        in_cells = cells[number]
        if in_cells is not None:
            first, last = _in_cells(in_cells, first, last)
        hits.append((first_id + number, first, last - first))
    return hits


def _in_cells(cells: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Turn positions in the text into columns."""
    at = 0
    first = -1
    for col, cell in enumerate(cells):
        if first < 0 and at + len(cell) > start:
            first = col
        if at >= end and cell:
            return max(first, 0), col
        at += len(cell)
    return max(first, 0), len(cells)
