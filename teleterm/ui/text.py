"""Texts from outside made fit to draw, and texts cut to a width."""

import unicodedata
from collections.abc import Callable

TOFU = "\N{WHITE VERTICAL RECTANGLE}"
LIMIT = 200

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f\u20e3")

_EMOJI_RANGES = (
    (0x231A, 0x231B),
    (0x23E9, 0x23F3),
    (0x25FD, 0x25FE),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x267F, 0x267F),
    (0x2693, 0x2693),
    (0x26A1, 0x26A1),
    (0x26AA, 0x26AB),
    (0x26BD, 0x26BE),
    (0x26C4, 0x26C5),
    (0x26CE, 0x26CE),
    (0x26D4, 0x26D4),
    (0x26EA, 0x26EA),
    (0x26F2, 0x26FD),
    (0x2705, 0x2705),
    (0x270A, 0x270B),
    (0x2728, 0x2728),
    (0x274C, 0x274E),
    (0x2753, 0x2757),
    (0x2795, 0x2797),
    (0x27B0, 0x27BF),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B55),
    (0x1F000, 0x1FAFF),
    (0xE0000, 0xE0FFF),
)
"""Characters that are drawn in colour by themselves, and what they are joined from."""

Measure = Callable[[str], int]


def clean(text: str, *, limit: int = LIMIT, has_emoji_hazard: bool = False) -> str:
    """A text of somebody else as one line that is safe to draw.

    Gives:  no controls, no direction overrides, no surrogates; with `has_emoji_hazard` a box for
            each colour emoji, since they end the process on old libXft (ux.md 19); at most
            `limit` characters.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    kept = []
    for character in text[: limit * 4]:
        fit = _fit(character, has_emoji_hazard=has_emoji_hazard)
        if fit:
            kept.append(fit)
        if len(kept) > limit:
            kept[limit - 1 :] = ["…"]
            break
    return "".join(kept)


def clean_lines(
    text: str, *, limit: int = 20_000, max_lines: int = 500, has_emoji_hazard: bool = False
) -> str:
    """The same for a text of several lines (details, log)."""
    lines = text[:limit].splitlines()[:max_lines]
    return "\n".join(
        clean(line.expandtabs(4), limit=2_000, has_emoji_hazard=has_emoji_hazard) for line in lines
    )


def _fit(character: str, *, has_emoji_hazard: bool) -> str:
    if character in _BIDI:
        return ""
    if character in _JOINERS:
        return "" if has_emoji_hazard or character in "\u200b\ufeff" else character
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"} or character in "\t\n\r":
        return " "
    if category in {"Cc", "Cs", "Cf", "Co", "Cn"}:
        return ""
    if has_emoji_hazard and _is_emoji(ord(character)):
        return TOFU
    return character


def _is_emoji(code: int) -> bool:
    return code >= 0x231A and any(low <= code <= high for low, high in _EMOJI_RANGES)


def cut_end(text: str, width_px: int, measure: Measure) -> str:
    """`text`, or as much of its start as fits, with an ellipsis."""
    if measure(text) <= width_px:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle].rstrip() + "…") <= width_px:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if low else "…"


def cut_middle(text: str, width_px: int, measure: Measure) -> str:
    """`text`, or its start and end with an ellipsis between, so that user and host both show."""
    if measure(text) <= width_px:
        return text
    low, high = 0, len(text) - 1
    while low < high:
        kept = (low + high + 1) // 2
        if measure(_halves(text, kept)) <= width_px:
            low = kept
        else:
            high = kept - 1
    return _halves(text, low) if low else "…"


def _halves(text: str, kept: int) -> str:
    """`kept` characters in all; around an @ the part behind it gets more, being the host."""
    front = kept // 2 if "@" not in text else min(kept // 3, text.index("@"))
    back = kept - front
    return f"{text[:front]}…{text[len(text) - back :] if back else ''}"
