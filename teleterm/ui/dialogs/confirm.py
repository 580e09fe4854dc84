"""Short questions: close, quit, log out, rename, and the window with an error's details."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.ui.dialogs.dialog import ButtonKind, Dialog
from teleterm.ui.widgets.basic import frame
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.scroll import AutoScrollbar

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

Choice = tuple[str, str, ButtonKind, Callable[[], object]]


class ConfirmDialog(Dialog):
    """A question with its choices; each closes the dialog first. `tick` adds a check box."""

    def __init__(
        self,
        desk: "Desk",
        name: str,
        title: str,
        *,
        text: str,
        choices: Sequence[Choice],
        lines: Sequence[str] = (),
        tick: str = "",
        focus: str = "cancel",
    ) -> None:
        super().__init__(desk, name, title)
        self.text(desk.look.clean(text, 600), token="sec", below=8 if lines else 16)
        for line in lines[:8]:
            self.text(f"•  {desk.look.clean(line, 120)}", below=2)
        if len(lines) > 8:
            self.text(f"and {len(lines) - 8} more", token="muted", below=2)
        self._tick: ttk.Checkbutton | None = None
        if tick:
            self._tick = ttk.Checkbutton(
                self.body, name="tick", text=tick, style="elevated.TCheckbutton"
            )
            self._tick.state(["!alternate"])
            self.add(self._tick, below=8, sticky="w")
        made = self.buttons(
            *((name, words, kind, self._chooser(act)) for name, words, kind, act in choices)
        )
        self.open(made.get(focus))

    @property
    def is_ticked(self) -> bool:
        """Whether the check box is set."""
        return self._was_ticked

    _was_ticked = False

    def _chooser(self, act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            self._was_ticked = self._tick is not None and self._tick.instate(["selected"])
            self.close()
            act()

        return run


class RenameDialog(Dialog):
    """`.dlg_rename`: field `title`, buttons `cancel`, `rename`; empty gives the old name back."""

    def __init__(self, desk: "Desk", title: str, on_done: Callable[[str], object]) -> None:
        super().__init__(desk, "dlg_rename", "Rename")
        self._on_done = on_done
        self._title = Field(desk.look, self.body, name="title", placeholder="The automatic name")
        self.add(self._title)
        self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("rename", "Rename", "Primary", self._done)
        )
        self._title.set(title)
        self.open(self._title.entry)
        self._title.select_all()

    def _done(self) -> None:
        title = self._title.get().strip()
        self.close()
        self._on_done(title)


class DetailsDialog(Dialog):
    """`.dlg_details`: a longer text to read and copy, in mono."""

    def __init__(self, desk: "Desk", title: str, text: str) -> None:
        super().__init__(desk, "dlg_details", title, width=680)
        look = desk.look
        box = frame(look, self.body, "elevated", name="box")
        box.grid_columnconfigure(0, weight=1)
        area = tk.Text(
            box, name="text", height=16, width=80, font=look.font("mono"), borderwidth=0,
            highlightthickness=look.dp(1), padx=look.dp(12), pady=look.dp(8), wrap="word",
            background=look.color("sunken"), foreground=look.color("text"),
            highlightbackground=look.color("border"), highlightcolor=look.color("accent"),
            selectbackground=look.color("selected"), selectforeground=look.color("text"),
        )  # fmt: skip
        bar = AutoScrollbar(box, area, surface="elevated", row=0, column=1)
        area.configure(yscrollcommand=bar.set)
        area.insert("1.0", text)
        area.configure(state="disabled")
        area.grid(row=0, column=0, sticky="nsew")
        self.add(box)
        made = self.buttons(
            ("copy", "Copy", "", lambda: desk.opener.copy(text)),
            ("close", "Close", "Primary", self.cancel),
        )
        self.open(made["close"])
