"""The row of tabs, drawn on a canvas: equal widths, close crosses, drag to reorder."""

import tkinter as tk
from collections.abc import Callable, Sequence

from msgspec import Struct

from teleterm.ui.documents.news import NOTHING, News
from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.scroll import bind_wheel
from teleterm.ui.widgets.tooltip import Tip

HEIGHT, MIN_WIDTH, MAX_WIDTH, PLUS_WIDTH, LIST_WIDTH = 36, 96, 220, 40, 28
DRAG_THRESHOLD = 4


class Tab(Struct, frozen=True, kw_only=True):
    """What one tab shows; texts are clean already."""

    key: str
    title: str
    icon: str = ""
    mark: tuple[str, str] | None = None
    color: str = ""
    hint: str = ""
    news: News = NOTHING


class TabStrip(tk.Canvas):
    """Shows tabs; `on_pick(key)`, `on_close(key)`, `on_move(key, index)`, `on_rename(key)`,
    `on_menu(key, x, y)`, `on_new()`, `on_new_menu(x, y)`, `on_list(x, y)`.
    """

    def __init__(self, look: Look, parent: tk.Misc, *, name: str) -> None:
        super().__init__(
            parent, name=name, height=look.dp(HEIGHT), borderwidth=0, highlightthickness=0
        )
        self._look = look
        self._tabs: list[Tab] = []
        self._active = ""
        self._hovered = ""
        self._offset = 0
        self._drag: tuple[str, int, int] | None = None
        self._ghost_x: int | None = None
        self._after = ""
        self._tip = Tip(look, self)
        self.on_pick: Callable[[str], object] = lambda _key: None
        self.on_close: Callable[[str], object] = lambda _key: None
        self.on_move: Callable[[str, int], object] = lambda _key, _index: None
        self.on_rename: Callable[[str], object] = lambda _key: None
        self.on_menu: Callable[[str, int, int], object] = lambda _key, _x, _y: None
        self.on_new: Callable[[], object] = lambda: None
        self.on_new_menu: Callable[[int, int], object] = lambda _x, _y: None
        self.on_list: Callable[[int, int], object] = lambda _x, _y: None
        for sequence, act in (
            ("<Button-1>", self._press),
            ("<B1-Motion>", self._pull),
            ("<ButtonRelease-1>", self._release),
            ("<Double-Button-1>", self._double),
            ("<Button-2>", self._middle),
            ("<Button-3>", self._context),
            ("<Motion>", self._move),
            ("<Leave>", self._leave),
            ("<Configure>", lambda _event: self._later()),
        ):
            self.bind(sequence, act)
        bind_wheel(self, self._wheel)
        look.follow(self, self._later)

    def show(self, tabs: Sequence[Tab], active: str) -> None:
        """Show these tabs."""
        if list(tabs) == self._tabs and active == self._active:
            return
        is_new_active = active != self._active
        self._tabs, self._active = list(tabs), active
        if is_new_active:
            self._see(active)
        self._later()

    def boxes(self) -> list[tuple[str, int, int, int, int]]:
        """Key and place of each visible tab, for tests from outside."""
        width = self._tab_px()
        found = [
            (tab.key, i * width - self._offset, 0, width, self.winfo_height())
            for i, tab in enumerate(self._tabs)
        ]
        left, _right = self._plus_span()
        found.append(("plus", left, 0, self._look.dp(PLUS_WIDTH - 14), self.winfo_height()))
        return found

    # Measures

    def _room_px(self) -> int:
        return max(1, self.winfo_width() - self._look.dp(PLUS_WIDTH + LIST_WIDTH))

    def _tab_px(self) -> int:
        look = self._look
        if not self._tabs:
            return look.dp(MAX_WIDTH)
        width = self._room_px() // len(self._tabs)
        return max(look.dp(MIN_WIDTH), min(look.dp(MAX_WIDTH), width))

    def _is_overfull(self) -> bool:
        return len(self._tabs) * self._tab_px() > self._room_px()

    def _clamp(self) -> None:
        longest = max(0, len(self._tabs) * self._tab_px() - self._room_px())
        self._offset = max(0, min(self._offset, longest))

    def _see(self, key: str) -> None:
        index = self._index(key)
        if index < 0 or self.winfo_width() <= 1:
            return
        width = self._tab_px()
        self._offset = min(self._offset, index * width)
        self._offset = max(self._offset, (index + 1) * width - self._room_px())
        self._clamp()

    def _index(self, key: str) -> int:
        return next((i for i, tab in enumerate(self._tabs) if tab.key == key), -1)

    def _plus_span(self) -> tuple[int, int]:
        left = min(len(self._tabs) * self._tab_px() - self._offset, self._room_px())
        return left, left + self._look.dp(PLUS_WIDTH)

    # Drawing

    def _later(self) -> None:
        if not self._after:
            self._after = self.after_idle(self._draw)

    def _draw(self) -> None:
        self._after = ""
        if not self.winfo_exists():
            return
        look = self._look
        self.delete("all")
        self.configure(background=look.color("base"))
        self._clamp()
        width = self._tab_px()
        bottom = look.dp(HEIGHT)
        self.create_rectangle(
            0, bottom - look.dp(1), self.winfo_width(), bottom, fill=look.color("border"), width=0
        )
        for index, tab in enumerate(self._tabs):
            left = index * width - self._offset
            if left < self._room_px() and left + width > 0:
                self._draw_tab(tab, left, width, has_line=self._has_line(index))
        self._draw_ends(bottom)
        if self._drag is not None and self._ghost_x is not None:
            at = self._drop_index(self._ghost_x) * width - self._offset
            self.create_rectangle(
                at - look.dp(1), 0, at + look.dp(1), bottom, fill=look.color("accent"), width=0
            )

    def _has_line(self, index: int) -> bool:
        """A divider stands between two inactive tabs."""
        pair = self._tabs[index : index + 2]
        return all(tab.key != self._active for tab in pair)

    def _draw_tab(self, tab: Tab, left: int, width: int, *, has_line: bool) -> None:
        look, bottom = self._look, self._look.dp(HEIGHT)
        is_active, is_hovered = tab.key == self._active, tab.key == self._hovered
        if is_active:
            self.create_rectangle(
                left, 0, left + width, bottom, fill=look.color("surface"), width=0
            )
            line = tab.color or look.color("accent")
            self.create_rectangle(left, 0, left + width, look.dp(2), fill=line, width=0)
        elif is_hovered:
            self.create_rectangle(
                left,
                look.dp(3),
                left + width,
                bottom - look.dp(4),
                fill=look.color("hover"),
                width=0,
            )
        if has_line:
            right = left + width
            self.create_rectangle(
                right - look.dp(1), look.dp(10), right, bottom - look.dp(10),
                fill=look.color("border"), width=0,
            )  # fmt: skip
        self._draw_inside(tab, left, width, is_active=is_active, is_hovered=is_hovered)

    def _draw_inside(
        self, tab: Tab, left: int, width: int, *, is_active: bool, is_hovered: bool
    ) -> None:
        look = self._look
        middle = look.dp(HEIGHT) // 2
        x = left + look.dp(12)
        if tab.mark is not None:
            self.create_image(x + look.dp(5), middle, image=look.icon(tab.mark[0], 14, tab.mark[1]))
            x += look.dp(16)
        if tab.icon:
            token = "text" if is_active else "muted"
            self.create_image(x + look.dp(8), middle, image=look.icon(tab.icon, 16, token))
            x += look.dp(24)
        has_cross = is_active or is_hovered
        has_words = bool(tab.news.words) and not has_cross
        beside = look.font("caption").measure(tab.news.words) + look.dp(6) if has_words else 0
        room = left + width - x - look.dp(30 if has_cross or tab.news else 12) - beside
        self.create_text(
            x, middle, text=look.cut_middle(tab.title, room), anchor="w", font=look.font("body"),
            fill=look.color("text" if is_active else "sec"),
        )  # fmt: skip
        right = left + width - look.dp(18)
        if has_cross:
            token = "text" if self._is_on_cross else "muted"
            if is_hovered and self._is_on_cross:
                self.create_image(right, middle, image=look.icon("dot", 30, "hover"))
                if is_active:
                    self.create_image(right, middle, image=look.icon("dot", 34, "selected"))
            self.create_image(right, middle, image=look.icon("cross", 14, token))
        elif tab.news:
            self._draw_news(tab.news, right, middle)

    def _draw_news(self, news: News, right: int, middle: int) -> None:
        look = self._look
        name, size, token = news.icon
        if news.words:
            self.create_text(
                right + look.dp(6), middle, text=news.words, anchor="e",
                font=look.font("caption"), fill=look.color(token),
            )  # fmt: skip
            right -= look.font("caption").measure(news.words) + look.dp(4)
        self.create_image(right, middle, image=look.icon(name, size, token))

    _is_on_cross = False

    def _draw_ends(self, bottom: int) -> None:
        look = self._look
        left, _right = self._plus_span()
        room = self._room_px()
        self.create_rectangle(
            room if self._is_overfull() else max(left, 0), 0, self.winfo_width(),
            bottom - look.dp(1), fill=look.color("base"), width=0,
        )  # fmt: skip
        middle = bottom // 2
        token = "text" if self._hovered in {"+", "v"} else "sec"
        self.create_image(left + look.dp(14), middle, image=look.icon("plus", 16, token))
        self.create_image(left + look.dp(31), middle, image=look.icon("down", 12, token))
        if self._is_overfull():
            x = self.winfo_width() - look.dp(LIST_WIDTH / 2)
            self.create_image(x, middle, image=look.icon("down", 16, "sec"))

    # Pointer

    def _hit(self, x: int) -> str:
        """The key under `x`; `+`, `v` and `list` for the buttons."""
        look = self._look
        left, right = self._plus_span()
        if self._is_overfull() and x >= self.winfo_width() - look.dp(LIST_WIDTH):
            return "list"
        if left <= x < right:
            return "+" if x < left + look.dp(24) else "v"
        index = (x + self._offset) // self._tab_px()
        if x < self._room_px() and 0 <= index < len(self._tabs):
            return self._tabs[index].key
        return ""

    def _cross_hit(self, x: int) -> bool:
        within = (x + self._offset) % self._tab_px()
        return within > self._tab_px() - self._look.dp(30)

    def _press(self, event: "tk.Event[tk.Misc]") -> None:
        self._tip.hide()
        key = self._hit(event.x)
        x, y = event.x_root, self.winfo_rooty() + self.winfo_height()
        if key == "+":
            self.on_new()
        elif key == "v":
            self.on_new_menu(x, y)
        elif key == "list":
            self.on_list(x, y)
        elif key and self._cross_hit(event.x):
            self.on_close(key)
        elif key:
            self._drag = (key, event.x, event.x)
            self.on_pick(key)

    def _pull(self, event: "tk.Event[tk.Misc]") -> None:
        if self._drag is not None and abs(event.x - self._drag[1]) > self._look.dp(DRAG_THRESHOLD):
            self._ghost_x = event.x
            self._later()

    def _release(self, event: "tk.Event[tk.Misc]") -> None:
        if self._drag is not None and self._ghost_x is not None:
            key = self._drag[0]
            index = self._drop_index(event.x)
            self.on_move(key, index - 1 if index > self._index(key) else index)
        self._drag, self._ghost_x = None, None
        self._later()

    def _drop_index(self, x: int) -> int:
        width = self._tab_px()
        return max(0, min(len(self._tabs), (x + self._offset + width // 2) // width))

    def _double(self, event: "tk.Event[tk.Misc]") -> None:
        key = self._hit(event.x)
        if key not in {"", "+", "v", "list"} and not self._cross_hit(event.x):
            self.on_rename(key)

    def _middle(self, event: "tk.Event[tk.Misc]") -> None:
        key = self._hit(event.x)
        if key not in {"", "+", "v", "list"}:
            self.on_close(key)

    def _context(self, event: "tk.Event[tk.Misc]") -> None:
        key = self._hit(event.x)
        if key not in {"", "+", "v", "list"}:
            self.on_menu(key, event.x_root, event.y_root)

    def _move(self, event: "tk.Event[tk.Misc]") -> None:
        key = self._hit(event.x)
        is_on_cross = self._cross_hit(event.x)
        if key != self._hovered:
            tab = next((tab for tab in self._tabs if tab.key == key), None)
            words = {"+": "New tab", "v": "What to open", "list": "All tabs"}
            hint = tab.hint if tab is not None else words.get(key, "")
            self._tip.soon(hint, event.x_root, event.y_root)
        if (key, is_on_cross) != (self._hovered, self._is_on_cross):
            self._hovered, self._is_on_cross = key, is_on_cross
            self._later()

    def _leave(self, _event: "tk.Event[tk.Misc]") -> None:
        self._hovered = ""
        self._tip.hide()
        self._later()

    def _wheel(self, lines: int) -> None:
        self._offset += lines * self._look.dp(24)
        self._clamp()
        self._later()
