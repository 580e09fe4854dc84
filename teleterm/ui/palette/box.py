"""What the palette looks like: a field with chips before it, a list, a line of hints."""

import tkinter as tk
from collections.abc import Callable, Iterable, Sequence

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import card, divider, frame, label, picture
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.rowlist import Row, RowList

WIDTH, ROWS, ROW_HEIGHT, MARGIN = 640, 12, 36, 24
TOP_SHARE = 0.12
PLACEHOLDER = "Search or run a command"
HINTS = "Enter opens   ·   Ctrl+Enter in the background   ·   ? help   ·   Esc closes"


class PaletteBox:
    """Lies over the window as `.palette` until it is destroyed."""

    def __init__(self, look: Look, root: tk.Tk, on_change: Callable[[str], object]) -> None:
        self._look, self._root = look, root
        self.box = card(look, root, name="palette")
        head = frame(look, self.box, "elevated", name="head")
        head.pack(fill="x", padx=look.dp(16), pady=look.dp(10))
        picture(look, head, "search", size=20, token="muted", surface="elevated").pack(side="left")
        self._chip_area = frame(look, head, "elevated", name="chips")
        self._chip_area.pack(side="left")
        self.field = Field(
            look, head, name="field", placeholder=PLACEHOLDER, is_flat=True, on_change=on_change
        )
        self.field.pack(side="left", fill="x", expand=True, padx=(look.dp(10), 0))
        divider(look, self.box).pack(fill="x")
        self.list = RowList(
            look,
            self.box,
            name="list",
            surface="elevated",
            row_height=ROW_HEIGHT,
            takes_focus=False,
        )
        self.list.pack(fill="both", expand=True, padx=look.dp(4), pady=look.dp(4))
        divider(look, self.box).pack(fill="x")
        hint = label(look, self.box, HINTS, font="caption", token="muted", surface="elevated")
        hint.pack(anchor="w", padx=look.dp(16), pady=look.dp(6))
        width = min(look.dp(WIDTH), root.winfo_width() - look.dp(2 * MARGIN))
        self.box.place(relx=0.5, y=self._top_px(), anchor="n", width=width)
        self.box.lift()
        self.box.update_idletasks()
        self._around_px = self.box.winfo_reqheight() - self.list.winfo_reqheight()

    def _top_px(self) -> int:
        return int(self._root.winfo_height() * TOP_SHARE)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show rows, in a box just as high as they need."""
        look = self._look
        self.list.set_rows(rows)
        wanted = max(1, min(ROWS, len(rows))) * look.dp(ROW_HEIGHT) + self._around_px
        most = self._root.winfo_height() - self._top_px() - look.dp(MARGIN)
        self.box.place_configure(height=min(wanted, most))

    def show_chips(self, chips: Iterable[tuple[str, str]]) -> None:
        """Show the tokens that were taken out of the text."""
        look = self._look
        for child in self._chip_area.winfo_children():
            child.destroy()
        self._chip_area.configure(width=1)
        for kind, value in chips:
            words = value if kind in {"kind", "label"} else f"{kind}: {value}"
            made = label(
                look, self._chip_area, look.clean(words, 40), font="caption", surface="selected"
            )
            made.configure(padx=look.dp(8), pady=look.dp(3))
            made.pack(side="left", padx=(look.dp(8), 0))

    def has_focus(self) -> bool:
        """Whether the keyboard is in it, or nowhere."""
        focus = self._root.focus_get()
        return focus is None or str(focus).startswith(str(self.box))
