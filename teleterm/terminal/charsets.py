"""Character sets that a program can designate (ISO 2022), as translation tables."""

from __future__ import annotations

from pyte.charsets import IBMPC_MAP, VT100_MAP

# VT100_MAP covers 256 codes; only the graphic ones of the left half are ever translated.
_graphics = {code: VT100_MAP[code] for code in range(0x5F, 0x7F)}
_graphics[0x5F] = " "
_graphics[0x68] = "\u2424"  # xterm and the VT220 show NL here


def _national(replaced: str) -> dict[int, str]:
    """Make a national replacement set from the 12 characters that differ from ASCII."""
    codes = "#@[\\]^_`{|}~"
    return {ord(code): new for code, new in zip(codes, replaced, strict=True) if code != new}


# Source: the VT220 manual, multinational character set: Latin 1 but for a few places, some of
# which have no character.
_supplemental = {code: chr(code + 0x80) for code in range(0x21, 0x7F)}
_supplemental |= dict.fromkeys(
    (0x24, 0x26, 0x2C, 0x2D, 0x2E, 0x2F, 0x34, 0x38, 0x3E, 0x50, 0x5E, 0x70, 0x7E), "\u2e2e"
)
_supplemental |= {0x28: "¤", 0x57: "Œ", 0x5D: "Ÿ", 0x77: "œ", 0x7D: "ÿ"}

# Source: the VT330/VT340 manual, technical character set. Big signs are drawn in pieces; "\u2e2e"
# stands where it has no character.
_technical = dict(
    enumerate(
        "⎷┌─⌠⌡│⎡⎣⎤⎦⎧⎩⎫⎭⎨⎬⸮⸮⸮⸮⸮⸮⸮⸮⸮⸮⸮≤≠≥∫"
        "∴∝∞÷Δ∇ΦΓ∼≃Θ×Λ⇔⇒≡ΠΨ⸮Σ⸮⸮√ΩΞΥ⊂⊃∩∪∧∨"
        "¬αβχδεφγηιθκλ⸮ν∂πψρστ⸮ƒωξυζ←↑→↓",
        0x21,
    )
)

# Source: the VT220 and VT320 manuals, national replacement character sets.
_SETS: dict[str, dict[int, str]] = {
    "0": _graphics,
    "2": _graphics,
    "A": _national("£@[\\]^_`{|}~"),
    "4": _national("£¾ĳ½|^_`¨ƒ¼´"),
    "C": _national("#@ÄÖÅÜ_éäöåü"),
    "5": _national("#@ÄÖÅÜ_éäöåü"),
    "R": _national("£à°ç§^_`éùè¨"),
    "f": _national("£à°ç§^_`éùè¨"),
    "Q": _national("#àâçêî_ôéùèû"),
    "9": _national("#àâçêî_ôéùèû"),
    "K": _national("#§ÄÖÜ^_`äöüß"),
    "Y": _national("£§°çé^_ùàòèì"),
    "`": _national("#ÄÆØÅÜ_äæøåü"),
    "E": _national("#ÄÆØÅÜ_äæøåü"),
    "6": _national("#ÄÆØÅÜ_äæøåü"),
    "%6": _national("#@ÃÇÕ^_`ãçõ~"),
    "Z": _national("£§¡Ñ¿^_`°ñç~"),
    "H": _national("#ÉÄÖÅÜ_éäöåü"),
    "7": _national("#ÉÄÖÅÜ_éäöåü"),
    "=": _national("ùàéçêîèôäöüû"),
    "<": _supplemental,
    "%5": _supplemental,
    "U": {code: IBMPC_MAP[code] for code in range(0x20, 0x7F) if IBMPC_MAP[code] != chr(code)},
    ">": _technical,
}

NATIONAL = frozenset(_SETS) - {"0", "2", "A", "<", "%5", "U", ">"}
"""The sets of languages, but the British one, which every terminal has."""

_UPPER_LATIN = {code: chr(code + 0x80) for code in range(0x20, 0x80)}


def table_for(designation: str) -> dict[int, str] | None:
    """Give the translation for the final characters of a designation; None for ASCII.

    `designation` is without the slot: "0", "B", "%5"; unknown sets read as ASCII.
    """
    return _SETS.get(designation) or None


def upper_table_for(designation: str) -> dict[int, str] | None:
    """Give the translation for a 96-character set ("A": Latin 1), None for an unknown one."""
    return _UPPER_LATIN if designation == "A" else None
