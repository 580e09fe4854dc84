"""Everything a widget needs to look right: colours by name, design pixels, fonts, icons."""

import sys
import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont

from teleterm.bridge.views import SettingsView
from teleterm.ui import text as texts
from teleterm.ui.theme import icons, style, tokens
from teleterm.ui.theme.fonts import Fonts

MIN_SCALE, MAX_SCALE = 0.75, 3.0


class Look:
    """The current mode and scale, handed to every widget's constructor.

    `follow` keeps a widget in step: its function is called at once and after each change.
    """

    def __init__(self, root: tk.Tk, settings: SettingsView) -> None:
        self._root = root
        self._followers: dict[int, tuple[tk.Misc, Callable[[], object]]] = {}
        self._next_follower = 0
        self._icons: dict[tuple[str, int, str], tk.PhotoImage] = {}
        self.scale = wanted_scale(root, settings.ui_scale)
        root.tk.call("tk", "scaling", self.scale * 96 / 72)
        self.fonts = Fonts(root)
        self.has_emoji_hazard = True
        self.settings = settings
        self.mode = "dark"
        self._tokens: dict[str, str] = {}
        self._style = style.Theme(root, self.dp)
        self._restyle()

    def apply(self, settings: SettingsView) -> None:
        """Take changed settings; every follower is called if anything visible changed."""
        old, self.settings = self.settings, settings
        names = ("theme", "system_theme", "ui_font_family", "ui_font_size", "ui_high_contrast")
        if any(getattr(old, name) != getattr(settings, name) for name in names):
            self._restyle()
            for widget, apply in list(self._followers.values()):
                if widget.winfo_exists():
                    apply()

    def _restyle(self) -> None:
        settings = self.settings
        self.mode = settings.system_theme if settings.theme == "system" else settings.theme
        self._tokens = tokens.tokens(self.mode, has_high_contrast=settings.ui_high_contrast)
        self.fonts.configure(
            family=settings.ui_font_family, base_size=settings.ui_font_size, scale=self.scale
        )
        self._style.use(f"{self.mode}{'-high' if settings.ui_high_contrast else ''}", self._tokens)

    def follow(self, widget: tk.Misc, apply: Callable[[], object]) -> None:
        """Call `apply` now and after each change, until `widget` is destroyed."""
        self._next_follower += 1
        number = self._next_follower
        self._followers[number] = (widget, apply)

        def drop(event: "tk.Event[tk.Misc]") -> None:
            if event.widget is widget:
                self._followers.pop(number, None)

        widget.bind("<Destroy>", drop, add=True)
        apply()

    def color(self, token: str) -> str:
        """The colour of a token in the current mode."""
        return self._tokens[token]

    def cluster_color(self, name: str) -> str:
        """The colour of a cluster by its name; a literal colour is kept."""
        return tokens.CLUSTER_COLORS.get(name, tokens.CLUSTER_COLORS["blue"])

    def dp(self, design_px: float) -> int:
        """Design pixels in real ones; what isn't nothing stays at least one pixel."""
        pixels = round(design_px * self.scale)
        return pixels if pixels or not design_px else 1

    def font(self, name: str = "body") -> tkfont.Font:
        """A named font: caption, captionBold, body, strong, title, h1, display, mono."""
        return self.fonts.named(name)

    def icon(self, name: str, size: int = 16, token: str = "sec") -> tk.PhotoImage:  # noqa: S107
        """An icon in design pixels, coloured by a token or a literal cluster colour."""
        color = token if token.startswith("#") else self._tokens[token]
        key = (name, size, color)
        if key not in self._icons:
            data = icons.draw(name, self.dp(size), color)
            self._icons[key] = tk.PhotoImage(master=self._root, data=data, format="png")
        return self._icons[key]

    def clean(self, text: str, limit: int = texts.LIMIT) -> str:
        """A text of somebody else, safe to draw."""
        return texts.clean(text, limit=limit, has_emoji_hazard=self.has_emoji_hazard)

    def clean_lines(self, text: str) -> str:
        """A text of several lines of somebody else, safe to draw."""
        return texts.clean_lines(text, has_emoji_hazard=self.has_emoji_hazard)

    def cut(self, text: str, width_px: int, font: str = "body") -> str:
        """As much of a text as fits, its end cut."""
        return texts.cut_end(text, width_px, lambda part: self.fonts.width(part, font))

    def cut_middle(self, text: str, width_px: int, font: str = "body") -> str:
        """As much of a text as fits, its middle cut."""
        return texts.cut_middle(text, width_px, lambda part: self.fonts.width(part, font))


def wanted_scale(root: tk.Misc, setting: float) -> float:
    """The scale factor: the setting, or what the screen says, rounded to quarters (ux.md 17)."""
    if setting:
        return min(MAX_SCALE, max(MIN_SCALE, setting))
    if str(sys.platform) == "darwin":  # Tk works in points there
        return 1.0
    per_inch = root.winfo_fpixels("1i")
    return min(MAX_SCALE, max(1.0, round(per_inch / 96 * 4) / 4))
