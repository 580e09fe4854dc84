"""How many cells a character takes, and which characters join the cell before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

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


# Blocks that shells and full-screen programs write all the time, of characters of one cell each.
_NARROW = [
    *((0x0000, 0x02FF), (0x0370, 0x0482), (0x048A, 0x058F), (0x2010, 0x2027), (0x2030, 0x205F)),
    *((0x2070, 0x20BF), (0x2100, 0x2319), (0x2400, 0x2426), (0x2500, 0x25FC), (0xE000, 0xF8FF)),
]

SPECIAL = re.compile(f"[^{_char_class(_NARROW)}]")
"""Finds the first character that may not be exactly one cell; quicker to make than `pieces`."""

_PICTOGRAPH = re.compile("[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]")


@cache
def _classes() -> tuple[str, str]:
    """Give the wide characters and those of no width, as parts of a character class."""
    # A lone regional indicator is one cell wide; two make a flag, which is two.
    wide = _without(_without(_newest(WIDE_EASTASIAN), _REGIONAL), _SKIN_TONES)
    zero = _without(_newest(ZERO_WIDTH), (_SOFT_HYPHEN, _SOFT_HYPHEN))
    return _char_class(wide), _char_class(part for part in zero if part[0] >= 0x300)


@cache
def pieces() -> re.Pattern[str]:
    """Give the pattern that cuts text into stretches that are printed alike.

    Its groups: narrow, wide, of no width; and, one at a time, halves of flags and skin tones.
    """
    wide, zero = _classes()
    flags, tones = _char_class([_REGIONAL]), _char_class([_SKIN_TONES])
    return re.compile(
        f"([^{wide}{zero}{flags}{tones}]+)|([{wide}]+)|([{zero}]+)|([{flags}])|([{tones}])"
    )


@cache
def _wide() -> re.Pattern[str]:
    return re.compile(f"[{_classes()[0]}{_char_class([_SKIN_TONES])}]")


def width_of(cluster: str) -> int:
    """Give the cells that one cluster takes: 1 or 2."""
    if _wide().match(cluster) is not None or is_flag(cluster):
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
