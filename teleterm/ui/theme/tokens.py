"""The colours of the window by name, for both modes (a table; ux.md 16)."""

from collections.abc import Mapping

from teleterm.bridge.views import TERMINAL_COLORS

WHITE, BLACK = "#FFFFFF", "#000000"
"""What text of programs is lifted towards where it couldn't be read."""

DARK = {
    "base": "#15181E",
    "sunken": "#0F1116",
    "surface": "#1C2028",
    "elevated": "#242935",
    "hover": "#2A303D",
    "selected": "#263B5E",
    "border": "#2C323E",
    "edge": "#3F485A",
    "borderStrong": "#6E7789",
    "text": "#E8EBF0",
    "sec": "#B4BCCA",
    "muted": "#8D97A8",
    "disabled": "#5C6577",
    "accent": "#5B9DFF",
    "accentHover": "#7DB2FF",
    "accentPressed": "#3F86F0",
    "onAccent": "#0B1220",
    "success": "#3CCF91",
    "warning": "#F2B84B",
    "danger": "#FF6B6B",
    "warningFill": "#33291A",
    "dangerFill": "#38222A",
    "infoFill": "#1D2A42",
    "shadow": "#0A0C10",
}

LIGHT = {
    "base": "#F3F5F8",
    "sunken": "#FFFFFF",
    "surface": "#FFFFFF",
    "elevated": "#FFFFFF",
    "hover": "#E8ECF2",
    "selected": "#DCE8FF",
    "border": "#DDE2EA",
    "edge": "#C3CBD7",
    "borderStrong": "#7F899B",
    "text": "#171B22",
    "sec": "#444D5C",
    "muted": "#5F6A7C",
    "disabled": "#9AA3B2",
    "accent": "#1F66D6",
    "accentHover": "#1857BB",
    "accentPressed": "#124799",
    "onAccent": "#FFFFFF",
    "success": "#0F7A57",
    "warning": "#8F5B00",
    "danger": "#C62F2F",
    "warningFill": "#FFF4DC",
    "dangerFill": "#FDEBEB",
    "infoFill": "#EAF1FE",
    "shadow": "#C9D0DA",
}

CLUSTER_COLORS = {
    "blue": "#5B9DFF",
    "violet": "#A98BFF",
    "green": "#3CCF91",
    "amber": "#F2B84B",
    "red": "#FF6B6B",
    "cyan": "#3FC8DC",
    "pink": "#F178C6",
}
"""Colours of clusters, in the order they are given."""

_TERMINAL = {
    "dark": (
        "#2A303D #FF7A7A #4ED6A0 #F2C265 #6FA8FF #C79BFF #56CFE1 #C7CEDA",
        "#7C879B #FF9D9D #7FE6BD #FFD98C #9CC3FF #DDBFFF #8FE3F0 #F7F9FC",
    ),
    "light": (
        "#171B22 #B42323 #0B6B4B #7A4E00 #1A57B8 #7A34B8 #056878 #5A6474",
        "#4A5363 #C83A3A #0E7A57 #8A5A00 #2469D6 #8F47CF #077A8C #2B323D",
    ),
}

_PALETTES = {
    "solarized": (
        "#073642 #DC322F #859900 #B58900 #268BD2 #D33682 #2AA198 #EEE8D5",
        "#002B36 #CB4B16 #586E75 #657B83 #839496 #6C71C4 #93A1A1 #FDF6E3",
    ),
    "tango": (
        "#2E3436 #CC0000 #4E9A06 #C4A000 #3465A4 #75507B #06989A #D3D7CF",
        "#555753 #EF2929 #8AE234 #FCE94F #729FCF #AD7FA8 #34E2E2 #EEEEEC",
    ),
    "xterm": (
        "#000000 #CD0000 #00CD00 #CDCD00 #0000EE #CD00CD #00CDCD #E5E5E5",
        "#7F7F7F #FF0000 #00FF00 #FFFF00 #5C5CFF #FF00FF #00FFFF #FFFFFF",
    ),
}

_HITS = {"dark": ("#6B5200", "#F2B84B", "#0B1220"), "light": ("#FFE08A", "#F2B84B", "#0B1220")}


def tokens(mode: str, *, has_high_contrast: bool = False) -> dict[str, str]:
    """All colours of a mode; high contrast is black and white with one strong accent."""
    table = dict(LIGHT if mode == "light" else DARK)
    if not has_high_contrast:
        return table
    is_light = mode == "light"
    ground, ink = ("#FFFFFF", "#000000") if is_light else ("#000000", "#FFFFFF")
    accent = "#0000C8" if is_light else "#FFD400"
    for name in ("base", "sunken", "surface", "elevated", "shadow"):
        table[name] = ground
    for name in ("warningFill", "dangerFill", "infoFill"):
        table[name] = ground
    for name in ("text", "sec", "muted", "border", "edge", "borderStrong"):
        table[name] = ink
    table.update(accent=accent, accentHover=accent, accentPressed=accent, onAccent=ground)
    table["selected"] = "#CCD6FF" if is_light else "#333300"
    return table


def terminal_palette(mode: str, wish: str | Mapping[str, str] = "auto") -> tuple[str, ...]:
    """The 16 colours of the terminal, of one's choice: a name, or some of them by theirs."""
    found = _TERMINAL["light" if mode == "light" else "dark"]
    if isinstance(wish, str):
        return tuple(" ".join(_PALETTES.get(wish, found)).split())
    colors = " ".join(found).split()
    return tuple(wish.get(name, color) for name, color in zip(TERMINAL_COLORS, colors, strict=True))


def search_colors(mode: str) -> tuple[str, str, str]:
    """Fill of a hit, fill of the current hit, text on the current hit."""
    return _HITS["light" if mode == "light" else "dark"]


def contrast(first: str, second: str) -> float:
    """Contrast of two `#rrggbb` colours, 1 to 21 (WCAG 2, relative luminance)."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0–1) of `second` in it."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.03928 else float(((value + 0.055) / 1.055) ** 2.4)
