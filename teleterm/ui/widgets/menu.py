"""Pop-up menus, drawn inside the window so that they look and work alike everywhere."""

import tkinter as tk
from collections.abc import Callable, Sequence

from msgspec import Struct

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import card
from teleterm.ui.widgets.rowlist import Row, RowList

ROW_HEIGHT, MIN_WIDTH, MAX_WIDTH, MARGIN = 30, 180, 420, 4
NAME = "menu"


class MenuItem(Struct, frozen=True, kw_only=True):
    """A line of a menu; without a title it is a divider, with `items` a submenu."""

    title: str = ""
    run: Callable[[], object] | None = None
    key: str = ""
    is_enabled: bool = True
    is_checked: bool | None = None
    items: "tuple[MenuItem, ...]" = ()


LINE = MenuItem()


def popup(look: Look, parent: tk.Misc, items: Sequence[MenuItem], x_root: int, y_root: int) -> None:
    """Show a menu with its corner at that point as `.menu`; the keyboard works in it."""
    root = parent.winfo_toplevel()
    for old in root.winfo_children():
        if old.winfo_name() == NAME:
            old.destroy()
    Menu(look, root, items, x_root, y_root)


class Menu:
    """One open menu; it goes on a choice, on Escape and on a click elsewhere."""

    def __init__(
        self, look: Look, root: tk.Misc, items: Sequence[MenuItem], x_root: int, y_root: int
    ) -> None:
        self._look, self._root = look, root
        self._at = (x_root, y_root)
        self._before = root.focus_get()
        self._levels: list[Sequence[MenuItem]] = [items]
        self._box = card(look, root, name=NAME)
        self._list = RowList(
            look, self._box, name="list", surface="elevated", row_height=ROW_HEIGHT, has_ring=False
        )
        self._list.pack(fill="both", expand=True, padx=look.dp(MARGIN), pady=look.dp(MARGIN))
        self._list.on_open = self._choose
        self._list.on_escape = self._leave
        self._list.on_fold = self._choose
        self._list.canvas.bind("<Right>", lambda _event: self._deeper())
        self._list.canvas.bind("<Left>", lambda _event: self._back())
        self._list.canvas.bind("<FocusOut>", lambda _event: self._focus_left(), add=True)
        self._show()
        self._list.canvas.focus_set()

    def _show(self) -> None:
        look, root = self._look, self._root
        rows = self._rows()
        widths = [
            look.fonts.width(row.title) + look.fonts.width(row.right, "caption") for row in rows
        ]
        width = max(look.dp(MIN_WIDTH), min(look.dp(MAX_WIDTH), max(widths) + look.dp(84)))
        height = len(rows) * look.dp(ROW_HEIGHT) + 2 * look.dp(MARGIN) + look.dp(2)
        height = min(height, root.winfo_height() - look.dp(8))
        x = min(self._at[0] - root.winfo_rootx(), root.winfo_width() - width - look.dp(4))
        y = min(self._at[1] - root.winfo_rooty(), root.winfo_height() - height - look.dp(4))
        self._box.place(x=max(0, x), y=max(0, y), width=width, height=height)
        self._box.lift()
        self._list.set_rows(rows)
        self._list.select_first()

    def _rows(self) -> list[Row]:
        rows = []
        has_line = False
        if len(self._levels) > 1:
            rows.append(Row(key="back", title="Back", icon="left", title_token="sec"))
            has_line = True
        for index, item in enumerate(self._levels[-1]):
            if not item.title:
                has_line = True
                continue
            rows.append(
                Row(
                    key=f"{index} {item.title}",
                    title=item.title,
                    kind="row" if item.is_enabled else "message",
                    icon="check" if item.is_checked else "blank",
                    icon_token="accent",
                    title_token="text" if item.is_enabled else "disabled",
                    right="›" if item.items else item.key,
                    has_line=has_line,
                )
            )
            has_line = False
        return rows

    def _choose(self, key: str) -> None:
        if key == "back":
            self._back()
            return
        if not key:
            return
        item = self._item(key)
        if item.items:
            self._levels.append(item.items)
            self._show()
            return
        self.close()
        if item.run is not None:
            item.run()

    def _item(self, key: str) -> MenuItem:
        return self._levels[-1][int(key.partition(" ")[0])]

    def _deeper(self) -> str:
        key = self._list.selected
        if key not in ("", "back") and self._item(key).items:
            self._choose(key)
        return "break"

    def _back(self) -> str:
        if len(self._levels) > 1:
            self._levels.pop()
            self._show()
        return "break"

    def _leave(self) -> None:
        if len(self._levels) > 1:
            self._back()
        else:
            self.close()

    def _focus_left(self) -> None:
        self._box.after_idle(self._close_if_left)

    def _close_if_left(self) -> None:
        if self._box.winfo_exists():
            focus = self._root.focus_get()
            if focus is not self._list.canvas:
                self._before = None
                self.close()

    def close(self) -> None:
        """Take it away and give the keyboard back."""
        if not self._box.winfo_exists():
            return
        self._box.destroy()
        if self._before is not None and self._before.winfo_exists():
            self._before.focus_set()
