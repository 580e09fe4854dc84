"""How a cell looks: interned styles, and what an SGR makes of one."""

from __future__ import annotations

BOLD = 1
DIM = 2
ITALIC = 4
BLINK = 8
INVERSE = 16
HIDDEN = 32
STRIKE = 64
OVERLINE = 128
UNDERLINE_SHIFT = 8
UNDERLINE_MASK = 7 << UNDERLINE_SHIFT
UNDERLINE = 1 << UNDERLINE_SHIFT
DOUBLE_UNDERLINE = 2 << UNDERLINE_SHIFT
PROTECTED = 1 << 11

DEFAULT_COLOUR = -1
DIRECT_COLOUR = 0x1000000

_MAX_STYLES = 20_000
_MAX_TRANSITIONS = 20_000
_MAX_PARAMETERS = 64

_SET = {
    1: BOLD,
    2: DIM,
    3: ITALIC,
    5: BLINK,
    6: BLINK,
    7: INVERSE,
    8: HIDDEN,
    9: STRIKE,
    53: OVERLINE,
}
_CLEAR = {
    22: BOLD | DIM,
    23: ITALIC,
    24: UNDERLINE_MASK,
    25: BLINK,
    27: INVERSE,
    28: HIDDEN,
    29: STRIKE,
    55: OVERLINE,
}


class Link:
    """An address that cells point to (OSC 8); two links with the same address are two links."""

    __slots__ = ("uri",)

    def __init__(self, uri: str) -> None:
        self.uri = uri


class Style:
    """One way to look. Made by a `StyleTable` only, so that styles compare by identity.

    `next` maps an SGR seen before, as `StyleTable.after` takes it, to the style it leads to;
    `blank` is what an erased cell gets under this style: its background and nothing else.
    """

    __slots__ = ("attrs", "bg", "blank", "fg", "link", "next", "underline")

    def __init__(self, fg: int, bg: int, underline: int, attrs: int, link: Link | None) -> None:
        self.fg = fg
        self.bg = bg
        self.underline = underline
        self.attrs = attrs
        self.link = link
        self.next: dict[str, Style] = {}
        self.blank: Style = self


class StyleTable:
    """All styles of one engine, bounded however many a program makes."""

    def __init__(self) -> None:
        self.default = Style(DEFAULT_COLOUR, DEFAULT_COLOUR, DEFAULT_COLOUR, 0, None)
        self._known: dict[tuple[int, int, int, int, Link | None], Style] = {}
        self._forget()
        self._transitions = 0
        self._parsed: dict[str, list[list[int]]] = {}

    def _forget(self) -> None:
        default = self.default
        self._known.clear()
        self._known[(default.fg, default.bg, default.underline, 0, None)] = default

    def get(self, fg: int, bg: int, underline: int, attrs: int, link: Link | None) -> Style:
        """Give the one style with these properties."""
        key = (fg, bg, underline, attrs, link)
        style = self._known.get(key)
        if style is None:
            if len(self._known) >= _MAX_STYLES:
                self.forget_transitions()
                self._forget()
            style = Style(fg, bg, underline, attrs, link)
            self._known[key] = style
            if bg == DEFAULT_COLOUR:
                style.blank = self.default
            elif fg != DEFAULT_COLOUR or underline != DEFAULT_COLOUR or attrs or link is not None:
                style.blank = self.get(DEFAULT_COLOUR, bg, DEFAULT_COLOUR, 0, None)
        return style

    def forget_transitions(self) -> None:
        """Drop what is remembered about sequences; they are worked out again when seen."""
        for style in self._known.values():
            style.next.clear()
        self.default.next.clear()
        self._transitions = 0

    def with_attrs(self, style: Style, attrs: int) -> Style:
        """Give `style` with other attributes."""
        return self.get(style.fg, style.bg, style.underline, attrs, style.link)

    def with_link(self, style: Style, link: Link | None) -> Style:
        """Give `style` pointing to `link`."""
        return self.get(style.fg, style.bg, style.underline, style.attrs, link)

    def after(self, style: Style, sgr: str) -> Style:
        """Give the style after an SGR, given from its "[" to before its "m"."""
        found = style.next.get(sgr)
        if found is not None:
            return found
        parameters = self._parsed.get(sgr)
        if parameters is None:
            if len(self._parsed) >= _MAX_TRANSITIONS:
                self._parsed.clear()
            parameters = self._parsed[sgr] = _parameters(sgr[1:])
        result = self.graphic_rendition(style, parameters)
        if self._transitions >= _MAX_TRANSITIONS:
            self.forget_transitions()
        self._transitions += 1
        style.next[sgr] = result
        return result

    def graphic_rendition(self, style: Style, groups: list[list[int]]) -> Style:
        """Apply one SGR; each group is a parameter with its colon sub-parameters (-1: left out)."""
        fg, bg, underline, attrs = style.fg, style.bg, style.underline, style.attrs
        index = 0
        while index < len(groups):
            group = groups[index]
            code = max(group[0], 0)
            index += 1
            if code in (38, 48, 58):
                colour, used = _extended_colour(group, groups, index)
                index += used
                if colour is not None:
                    if code == 38:
                        fg = colour
                    elif code == 48:
                        bg = colour
                    else:
                        underline = colour
            elif code == 0:
                fg = bg = underline = DEFAULT_COLOUR
                attrs &= PROTECTED
            elif 30 <= code <= 49 or 90 <= code <= 107:
                fg, bg = _basic_colour(code, fg, bg)
            elif code == 59:
                underline = DEFAULT_COLOUR
            else:
                attrs = _attributes(code, group, attrs)
        return self.get(fg, bg, underline, attrs, style.link)


def _attributes(code: int, group: list[int], attrs: int) -> int:
    if code == 4:
        kind = max(group[1], 0) if len(group) > 1 else 1
        return attrs & ~UNDERLINE_MASK | (kind << UNDERLINE_SHIFT) if kind <= 5 else attrs
    if code == 21:
        return attrs & ~UNDERLINE_MASK | DOUBLE_UNDERLINE
    if code in _SET:
        return attrs | _SET[code]
    return attrs & ~_CLEAR.get(code, 0)


def _basic_colour(code: int, fg: int, bg: int) -> tuple[int, int]:
    if code <= 37:
        return code - 30, bg
    if code == 39:
        return DEFAULT_COLOUR, bg
    if code <= 47:
        return fg, code - 40
    if code == 49:
        return fg, DEFAULT_COLOUR
    if code <= 97:
        return code - 82, bg
    if code >= 100:
        return fg, code - 92
    return fg, bg


def _extended_colour(
    group: list[int], groups: list[list[int]], index: int
) -> tuple[int | None, int]:
    """Read a 38, 48 or 58: the colour (None: not one), and how many further groups it took."""
    if len(group) > 1:
        return _colon_colour(group), 0
    kind = groups[index][0] if index < len(groups) else -1
    if kind == 5 and index + 1 < len(groups):
        number = max(groups[index + 1][0], 0)
        return (number if number < 256 else None), 2
    if kind == 2 and index + 3 < len(groups):
        return _direct([max(groups[index + at][0], 0) for at in (1, 2, 3)]), 4
    return None, len(groups) - index


def _colon_colour(group: list[int]) -> int | None:
    kind = group[1]
    if kind == 5 and len(group) > 2:
        number = max(group[2], 0)
        return number if number < 256 else None
    if kind == 2 and len(group) == 5:
        return _direct([max(part, 0) for part in group[2:5]])
    if kind == 2 and len(group) > 5:
        return _direct([max(part, 0) for part in group[3:6]])
    return None


def _direct(parts: list[int]) -> int | None:
    red, green, blue = parts
    if max(parts) > 255:
        return None
    return DIRECT_COLOUR | red << 16 | green << 8 | blue


def _number(digits: str) -> int:
    """Read a number; of what is too large for any meaning the start is enough."""
    return int(digits.lstrip("0")[:9] or "0") if len(digits) > 9 else int(digits)


def _parameters(body: str) -> list[list[int]]:
    groups = []
    for part in body.split(";")[:_MAX_PARAMETERS]:
        pieces = part.split(":")[:8]
        groups.append([_number(piece) if piece else -1 for piece in pieces])
    return groups
