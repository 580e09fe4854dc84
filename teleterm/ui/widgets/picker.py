"""A small list over the window to choose one name from, or type another."""

import tkinter as tk
from collections.abc import Callable, Sequence

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import card, divider, label
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.rowlist import Row, RowList

WIDTH, ROW_HEIGHT, MAX_ROWS = 400, 36, 8


class Picker:
    """Opens at once as `.picker`; closes on a choice, Escape or when the focus leaves."""

    def __init__(
        self,
        look: Look,
        root: tk.Tk,
        *,
        title: str,
        names: Sequence[str],
        placeholder: str,
        on_pick: Callable[[str], object],
        log: Callable[[str], object],
    ) -> None:
        for old in root.winfo_children():
            if old.winfo_name() == "picker":
                old.destroy()
        self._look, self._root, self._names = look, root, list(names)
        self._on_pick = on_pick
        self._before = root.focus_get()
        self._box = card(look, root, name="picker")
        head = label(look, self._box, title, font="strong", surface="elevated", wrap=WIDTH - 32)
        head.pack(anchor="w", padx=look.dp(16), pady=(look.dp(14), look.dp(8)))
        self._field = Field(
            look, self._box, name="field", placeholder=placeholder, on_change=self._filter
        )
        self._field.pack(fill="x", padx=look.dp(16), pady=(0, look.dp(8)))
        divider(look, self._box).pack(fill="x")
        self._list = RowList(
            look,
            self._box,
            name="list",
            surface="elevated",
            row_height=ROW_HEIGHT,
            takes_focus=False,
        )
        self._list.on_open = self._choose
        self._list.pack(fill="both", expand=True, padx=look.dp(4), pady=look.dp(4))
        for sequence, act in (
            ("<Down>", lambda: self._list.step(1)),
            ("<Up>", lambda: self._list.step(-1)),
            ("<Return>", lambda: self._choose(self._list.selected)),
            ("<KP_Enter>", lambda: self._choose(self._list.selected)),
            ("<Escape>", self.close),
        ):
            self._field.entry.bind(sequence, self._doer(act))
        self._filter("")
        rows = min(MAX_ROWS, max(1, len(self._names)))
        height = look.dp(14 + 8 + 32 + 8 + 8 + 20) + rows * look.dp(ROW_HEIGHT)
        self._box.place(relx=0.5, rely=0.2, anchor="n", width=look.dp(WIDTH), height=height)
        self._box.lift()
        self._field.focus_set()
        self._field.entry.bind("<FocusOut>", self._focus_left, add=True)
        log(f"ui: picker shown {title}")

    def _doer(self, act: Callable[[], object]) -> Callable[["tk.Event[tk.Misc]"], str]:
        def run(_event: "tk.Event[tk.Misc]") -> str:
            act()
            return "break"

        return run

    def _filter(self, typed: str) -> None:
        words = typed.strip().lower()
        found = [name for name in self._names if words in name.lower()]
        rows = [
            Row(key=name, title=self._look.clean(name, 100), icon="user", icon_token="muted")
            for name in found
        ]
        exact = typed.strip()
        if exact and exact not in found:
            rows.append(Row(key=exact, title=f"Use “{exact}”", icon="pencil", icon_token="muted"))
        if not rows:
            rows = [Row(key="", title="Type a name", kind="message", title_token="muted")]
        self._list.set_rows(rows)
        self._list.select_first()

    def _focus_left(self, _event: "tk.Event[tk.Misc]") -> None:
        self._box.after_idle(self._close_if_left)

    def _close_if_left(self) -> None:
        if self._box.winfo_exists():
            focus = self._root.focus_get()
            if focus is not None and not str(focus).startswith(str(self._box)):
                self.close()

    def _choose(self, name: str) -> None:
        if name:
            self.close()
            self._on_pick(name)

    def close(self) -> None:
        """Take it away and give the keyboard back."""
        if self._box.winfo_exists():
            self._box.destroy()
        if self._before is not None and self._before.winfo_exists():
            self._before.focus_set()
