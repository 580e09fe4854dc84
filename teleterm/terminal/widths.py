"""How many cells a character takes, and which characters join the cell before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wcwidth.table_wide import WIDE_EASTASIAN
from wcwidth.table_zero import ZERO_WIDTH

MAX_CLUSTER = 16
"""Characters kept in one cell: a megabyte of accents is one cell otherwise."""

ZWJ = "\u200d"
_REGIONAL = (0x1F1E6, 0x1F1FF)
_SKIN_TONES = (0x1F3FB, 0x1F3FF)
_SOFT_HYPHEN = 0xAD

_Range = tuple[int, int]


def _newest(table: Mapping[str, tuple[_Range, ...]]) -> tuple[_Range, ...]:
    return table[list(table)[-1]]


def _without(ranges: Iterable[_Range], hole: _Range) -> list[_Range]:
    kept = []
    for first, last in ranges:
        if first < hole[0] <= last:
            kept.append((first, hole[0] - 1))
        elif first < hole[0]:
            kept.append((first, last))
        if first <= hole[1] < last:
            kept.append((hole[1] + 1, last))
        elif first > hole[1]:
            kept.append((first, last))
    return kept


def _char_class(ranges: Iterable[_Range]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


# A lone regional indicator is one cell wide; two make a flag, which is two.
_wide_ranges = _without(_without(_newest(WIDE_EASTASIAN), _REGIONAL), _SKIN_TONES)
_wide = _char_class(_wide_ranges)
_zero = _char_class(
    (first, last)
    for first, last in _without(_newest(ZERO_WIDTH), (_SOFT_HYPHEN, _SOFT_HYPHEN))
    if first >= 0x300
)
_joining = _char_class([_REGIONAL])
_tones = _char_class([_SKIN_TONES])

SPECIAL = re.compile(f"[{_wide}{_zero}{_joining}{_tones}]")
"""Finds the first character that isn't simply one cell of its own."""

PIECES = re.compile(
    f"([^{_wide}{_zero}{_joining}{_tones}]+)|([{_wide}]+)|([{_zero}]+)|([{_joining}])|([{_tones}])"
)
"""Cuts text into stretches: narrow, wide, of no width; and single flag halves and skin tones."""

_WIDE = re.compile(f"[{_wide}{_tones}]")
_PICTOGRAPH = re.compile("[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]")


def width_of(cluster: str) -> int:
    """Give the cells that one cluster takes: 1 or 2."""
    if _WIDE.match(cluster) is not None or is_flag(cluster):
        return 2
    return 1


def is_regional(char: str) -> bool:
    """Tell whether `char` is half of a flag."""
    return _REGIONAL[0] <= ord(char) <= _REGIONAL[1]


def is_flag(cluster: str) -> bool:
    """Tell whether `cluster` is two regional indicators."""
    return len(cluster) >= 2 and is_regional(cluster[0]) and is_regional(cluster[1])


def joins_cluster(cluster: str, char: str) -> bool:
    """Tell whether the wide `char` belongs to the emoji `cluster` in the cell before it."""
    if _SKIN_TONES[0] <= ord(char) <= _SKIN_TONES[1]:
        return _PICTOGRAPH.match(cluster) is not None and width_of(cluster) == 2
    return (
        cluster.endswith(ZWJ)
        and _PICTOGRAPH.match(cluster) is not None
        and _PICTOGRAPH.match(char) is not None
    )
