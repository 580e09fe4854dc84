"""The named fonts of the window; one `configure` restyles everything drawn in them."""

import sys
import tkinter as tk
from tkinter import font as tkfont

SIZES = {
    "caption": (11, "normal"),
    "captionBold": (11, "bold"),
    "body": (13, "normal"),
    "strong": (13, "bold"),
    "title": (16, "bold"),
    "h1": (20, "bold"),
    "display": (26, "bold"),
    "mono": (13, "normal"),
}
"""Size in design pixels and weight of each style (ux.md 16)."""

if sys.platform == "darwin":
    UI_FAMILIES = ("TkSystemFont", ".AppleSystemUIFont", "Helvetica Neue")
    MONO_FAMILIES = ("SF Mono", "Menlo")
elif sys.platform == "win32":
    UI_FAMILIES = ("Segoe UI Variable Text", "Segoe UI")
    MONO_FAMILIES = ("Cascadia Mono", "Consolas")
else:
    UI_FAMILIES = ("Inter", "Cantarell", "Ubuntu", "Noto Sans", "DejaVu Sans")
    MONO_FAMILIES = (
        "JetBrains Mono",
        "Cascadia Mono",
        "Ubuntu Mono",
        "Noto Sans Mono",
        "DejaVu Sans Mono",
        "Liberation Mono",
    )


class Fonts:
    """The named fonts `Teleterm…`, kept alive as long as this object is."""

    def __init__(self, root: tk.Misc) -> None:
        self._root = root
        self._fonts = {
            style: tkfont.Font(root=root, name=f"Teleterm{style[0].upper()}{style[1:]}")
            for style in SIZES
        }
        self._widths: dict[tuple[str, str], int] = {}

    def configure(self, *, family: str, base_size: int, scale: float) -> None:
        """Set families and sizes; `base_size` is the size of body text in design pixels."""
        ui_family = self.first_of(
            (family, *UI_FAMILIES) if family else UI_FAMILIES, "TkDefaultFont"
        )
        mono_family = self.first_of(MONO_FAMILIES, "TkFixedFont")
        for style, (size, weight) in SIZES.items():
            pixels = max(6, round((size + base_size - SIZES["body"][0]) * scale))
            self._fonts[style].configure(
                family=mono_family if style == "mono" else ui_family,
                size=-pixels,
                weight="bold" if weight == "bold" else "normal",
            )
        self._widths.clear()

    def named(self, style: str) -> tkfont.Font:
        """The font of a style."""
        return self._fonts[style]

    def width(self, text: str, style: str = "body") -> int:
        """The width of a text in pixels, remembered."""
        key = (text, style)
        if key not in self._widths:
            if len(self._widths) > 4000:
                self._widths.clear()
            self._widths[key] = self._fonts[style].measure(text)
        return self._widths[key]

    def height(self, style: str = "body") -> int:
        """The height of a line in pixels."""
        return int(self._fonts[style].metrics("linespace"))

    def first_of(self, families: tuple[str, ...], last_resort: str) -> str:
        """The first family that is there; asking for each is quicker than listing all."""
        for family in families:
            found = tkfont.Font(root=self._root, family=family, size=-13).actual("family")
            if found.lower() == family.lower() or family.startswith((".", "Tk")):
                return family
        return str(tkfont.nametofont(last_resort, root=self._root).actual("family"))
