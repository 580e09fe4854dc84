"""From an engine's styles to the colours, face and lines that are drawn."""

from msgspec import Struct

from teleterm.bridge import frames
from teleterm.ui.theme import tokens

FOREGROUND, BACKGROUND, CURSOR = 256, 257, 258
DIRECT = 0x1000000
DIM_SHARE = 0.38
_STEPS = (0, 95, 135, 175, 215, 255)


class Colors(Struct, frozen=True, kw_only=True):
    """The colours of the terminal as `#rrggbb`, by use; `palette` are the 16 named ones."""

    foreground: str
    background: str
    cursor: str
    selection: str
    hit: str
    current_hit: str
    on_current_hit: str
    palette: tuple[str, ...]


class Appearance(Struct, frozen=True):
    """How a run is drawn: `background` is empty where the terminal's own shows through."""

    foreground: str
    background: str
    plain_foreground: str
    face: int
    underline: int
    underline_color: str
    is_struck: bool
    is_overlined: bool
    link: int


class Coloring:
    """The styles of one terminal, resolved once each."""

    def __init__(self, colors: Colors, minimum_contrast: float) -> None:
        self._styles: dict[int, frames.StyleRow] = {}
        self._resolved: dict[int, Appearance] = {}
        self._lifted: dict[tuple[str, str], str] = {}
        self._overrides: dict[int, int] = {}
        self._is_reverse = False
        self.is_blink_off = False
        self.configure(colors, minimum_contrast)

    def configure(self, colors: Colors, minimum_contrast: float, *, dim_share: float = 0.0) -> None:
        """Take another theme; `dim_share` draws all text so far towards its background."""
        self.colors = colors
        self._dim_share = dim_share
        self._minimum_contrast = minimum_contrast
        self._forget()

    def _forget(self) -> None:
        self._resolved.clear()
        self._lifted.clear()

    def take(self, paint: frames.Paint) -> bool:
        """Learn a frame's styles and colours; True when everything must be drawn anew."""
        if paint.is_full:
            self._styles.clear()
            self._resolved.clear()
        for style in paint.styles:
            self._styles[style[0]] = style
            self._resolved.pop(style[0], None)
        changes = paint.modes.is_reverse != self._is_reverse
        self._is_reverse = paint.modes.is_reverse
        if paint.palette is not None and dict(paint.palette) != self._overrides:
            self._overrides = dict(paint.palette)
            changes = True
        if changes:
            self._forget()
        return changes

    def blinking(self) -> set[int]:
        """The styles whose text blinks."""
        return {number for number, style in self._styles.items() if style[4] & frames.BLINK}

    def blink(self, *, is_off: bool) -> set[int]:
        """Show blinking text or not; gives the styles that look different now."""
        found = self.blinking() if is_off != self.is_blink_off else set()
        self.is_blink_off = is_off
        for number in found:
            self._resolved.pop(number, None)
        return found

    @property
    def background(self) -> str:
        """The colour behind everything."""
        return self._default(FOREGROUND if self._is_reverse else BACKGROUND)

    @property
    def cursor(self) -> str:
        """The colour of the cursor."""
        return self._default(CURSOR)

    def _default(self, index: int) -> str:
        if index in self._overrides:
            return _hex(self._overrides[index])
        own = self.colors
        return {FOREGROUND: own.foreground, BACKGROUND: own.background, CURSOR: own.cursor}[index]

    def appearance(self, style_id: int) -> Appearance:
        """How a style looks; an unknown one looks like the default."""
        found = self._resolved.get(style_id)
        if found is None:
            style = self._styles.get(style_id, (0, -1, -1, -1, 0, 0))
            found = self._resolved[style_id] = self._resolve(style)
        return found

    def _resolve(self, style: frames.StyleRow) -> Appearance:
        _, fg_code, bg_code, line_code, attributes, link = style
        if attributes & frames.BOLD and 0 <= fg_code < 8:
            fg_code += 8  # programs of eight colours mean the bright ones
        fg, bg = self._color(fg_code, FOREGROUND), self._color(bg_code, BACKGROUND)
        if bool(attributes & frames.INVERSE) != self._is_reverse:
            fg, bg = bg, fg
        plain = fg
        fg = self.legible(fg, bg)
        if attributes & frames.DIM:
            fg = plain = tokens.mix(fg, bg, DIM_SHARE)
        if attributes & frames.HIDDEN or (attributes & frames.BLINK and self.is_blink_off):
            fg = plain = bg
        elif self._dim_share:
            fg, plain = tokens.mix(fg, bg, self._dim_share), tokens.mix(plain, bg, self._dim_share)
        return Appearance(
            foreground=fg,
            background="" if bg == self.background else bg,
            plain_foreground=plain,
            face=(1 if attributes & frames.BOLD else 0) | (2 if attributes & frames.ITALIC else 0),
            underline=(attributes >> frames.UNDERLINE_SHIFT) & 7,
            underline_color=fg if line_code < 0 else self._color(line_code, FOREGROUND),
            is_struck=bool(attributes & frames.STRIKE),
            is_overlined=bool(attributes & frames.OVERLINE),
            link=link,
        )

    def _color(self, code: int, default: int) -> str:
        if code < 0:
            return self._default(default)
        if code >= DIRECT:
            return _hex(code & 0xFFFFFF)
        if code in self._overrides:
            return _hex(self._overrides[code])
        return indexed(code, self.colors.palette)

    def legible(self, foreground: str, background: str) -> str:
        """The foreground, lifted towards white or black until it can be read on its background."""
        wanted = self._minimum_contrast
        if wanted <= 1 or foreground == background:
            return foreground
        key = (foreground, background)
        if key not in self._lifted:
            if len(self._lifted) > 4000:
                self._lifted.clear()
            self._lifted[key] = _lift(foreground, background, wanted)
        return self._lifted[key]


def _lift(foreground: str, background: str, wanted: float) -> str:
    if tokens.contrast(foreground, background) >= wanted:
        return foreground
    is_dark = tokens.contrast(tokens.WHITE, background) > tokens.contrast(tokens.BLACK, background)
    goal = tokens.WHITE if is_dark else tokens.BLACK
    for step in range(1, 11):
        lifted = tokens.mix(foreground, goal, step / 10)
        if tokens.contrast(lifted, background) >= wanted:
            return lifted
    return goal


def indexed(index: int, palette: tuple[str, ...]) -> str:
    """A colour of the 256: 16 of the theme, a cube of 216, 24 greys."""
    if index < 16:
        return palette[index]
    if index >= 232:
        level = 8 + (min(index, 255) - 232) * 10
        return _hex(level << 16 | level << 8 | level)
    index -= 16
    red, green, blue = _STEPS[index // 36], _STEPS[index // 6 % 6], _STEPS[index % 6]
    return _hex(red << 16 | green << 8 | blue)


def _hex(value: int) -> str:
    return f"#{value & 0xFFFFFF:06X}"
