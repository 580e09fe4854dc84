"""How one row of a RowList is drawn."""

import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.ui.theme.look import Look

if TYPE_CHECKING:
    from teleterm.ui.widgets.rowlist import Row

PAD, INDENT, ICON, GAP, BAR = 12, 16, 16, 8, 3


class RowPainter:
    """Draws rows on a canvas, one after the other, from `begin` on."""

    def __init__(self, look: Look, canvas: tk.Canvas, surface: str, row_px: int) -> None:
        self._look, self._canvas, self._surface, self._row_px = look, canvas, surface, row_px
        self._width = 0
        self.has_ring = True
        """Whether the selected row is told apart when the keyboard is elsewhere."""

    def begin(self, width_px: int) -> None:
        """Forget what was drawn."""
        self._canvas.delete("all")
        self._width = width_px

    def fold_right(self, row: "Row") -> int:
        """Where the arrow of a row ends."""
        return self._look.dp(PAD + row.indent * INDENT + ICON + 2)

    def paint(
        self, row: "Row", top: int, *, is_selected: bool, is_hovered: bool, has_focus: bool
    ) -> None:
        """Draw a row at `top`."""
        if row.kind == "section":
            self._section(row, top, is_hovered=is_hovered)
            return
        look, canvas = self._look, self._canvas
        middle = top + self._row_px // 2
        if row.has_line:
            canvas.create_rectangle(
                look.dp(4), top, self._width - look.dp(4), top + look.dp(1), width=0,
                fill=look.color("border"),
            )  # fmt: skip
        if row.kind == "row" and (is_selected or is_hovered):
            self._ground(top, is_selected=is_selected, has_focus=has_focus)
        if row.bar:
            canvas.create_rectangle(
                0,
                top + look.dp(4),
                look.dp(BAR),
                top + self._row_px - look.dp(4),
                fill=row.bar,
                width=0,
            )
        left = look.dp(PAD + row.indent * INDENT)
        left = self._icons(row, left, middle)
        right = self._right(row, middle, is_selected=is_selected)
        self._title(row, left, right, middle, is_selected=is_selected)

    def _section(self, row: "Row", top: int, *, is_hovered: bool) -> None:
        look = self._look
        y = top + self._row_px - look.dp(12)
        token = "text" if is_hovered else "muted"
        self._canvas.create_text(
            look.dp(PAD), y, text=row.title.upper(), anchor="w", font=look.font("captionBold"),
            fill=look.color(token),
        )  # fmt: skip
        if row.fold == "closed":
            self._canvas.create_image(
                self._width - look.dp(PAD + 2), y, image=look.icon("fold_closed", 12, token)
            )

    def _ground(self, top: int, *, is_selected: bool, has_focus: bool) -> None:
        look = self._look
        is_strong = is_selected and (has_focus or not self.has_ring)
        fill = look.color("selected" if is_strong else "hover")
        line, thick = "", 0
        if is_selected and has_focus:
            line, thick = look.color("accent"), look.dp(2)
        inset = thick // 2
        self._canvas.create_rectangle(
            look.dp(4) + inset, top + inset, self._width - look.dp(4) - inset - 1,
            top + self._row_px - inset - 1, fill=fill, outline=line, width=thick,
        )  # fmt: skip

    def _icons(self, row: "Row", left: int, middle: int) -> int:
        look, canvas = self._look, self._canvas
        half = look.dp(ICON) // 2
        if row.fold:
            name = "fold_open" if row.fold == "open" else "fold_closed"
            canvas.create_image(
                left + half - look.dp(2), middle, image=look.icon(name, 14, "muted")
            )
            left += look.dp(ICON)
        if row.mark:
            canvas.create_image(
                left + look.dp(5), middle, image=look.icon(row.mark, 14, row.mark_token)
            )
            left += look.dp(ICON)
        if row.icon == "blank":
            left += look.dp(ICON + GAP)
        elif row.icon:
            canvas.create_image(
                left + half, middle, image=look.icon(row.icon, ICON, row.icon_token)
            )
            left += look.dp(ICON + GAP)
        return left

    def _right(self, row: "Row", middle: int, *, is_selected: bool) -> int:
        look = self._look
        right = self._width - look.dp(PAD)
        if not row.right:
            return right
        token = "sec" if is_selected and row.right_token == "muted" else row.right_token
        if is_selected and token not in {"text", "sec"}:
            token = "text"
        self._canvas.create_text(
            right, middle, text=row.right, anchor="e", font=look.font("caption"),
            fill=look.color(token),
        )  # fmt: skip
        return right - look.fonts.width(row.right, "caption") - look.dp(GAP)

    def _title(self, row: "Row", left: int, right: int, middle: int, *, is_selected: bool) -> None:
        look, canvas = self._look, self._canvas
        font = "strong" if row.is_bold else "body"
        token = "text" if is_selected else row.title_token
        room = max(look.dp(24), right - left)
        second_px = look.fonts.width(row.second, "body") + look.dp(12) if row.second else 0
        title_px = min(look.fonts.width(row.title, font), room * 17 // 20)
        title_room = room if second_px == 0 else max(room - second_px, title_px)
        shown = (
            look.cut_middle(row.title, title_room, font)
            if "@" in row.title
            else look.cut(row.title, title_room, font)
        )
        x = left
        for part, is_hit in _parts(shown, row.hits if shown == row.title else ()):
            style = "strong" if is_hit else font
            canvas.create_text(
                x, middle, text=part, anchor="w", font=look.font(style), fill=look.color(token)
            )
            x += look.fonts.width(part, style)
        rest = right - x - look.dp(12)
        if row.second and rest > look.dp(40):
            canvas.create_text(
                x + look.dp(12), middle, text=look.cut(row.second, rest, "body"), anchor="w",
                font=look.font("body"), fill=look.color("sec" if is_selected else "muted"),
            )  # fmt: skip


def _parts(text: str, hits: tuple[int, ...]) -> list[tuple[str, bool]]:
    """A text as stretches that are hit or not."""
    if not hits:
        return [(text, False)]
    marked = set(hits)
    parts: list[tuple[str, bool]] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or (index in marked) != (start in marked):
            parts.append((text[start:index], start in marked))
            start = index
    return parts
