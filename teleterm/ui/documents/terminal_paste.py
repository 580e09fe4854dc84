"""The question before a paste that would run lines, or is long."""

import json
import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import SetSetting
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.terminal import pasting

if TYPE_CHECKING:
    from collections.abc import Callable

    from teleterm.ui.desk import Desk


class PasteDialog(Dialog):
    """`.dlg_paste`: the first lines, a tick `tick`, buttons `one_line`, `cancel`, `paste`."""

    def __init__(self, desk: "Desk", text: str, on_paste: "Callable[[str], object]") -> None:
        super().__init__(desk, "dlg_paste", "Paste this?", width=560)
        self._on_paste = on_paste
        self.text(pasting.describe(text), token="sec", below=8)
        self._show(pasting.preview(text))
        self._tick = ttk.Checkbutton(
            self.body, name="tick", text="Don't ask again", style="elevated.TCheckbutton"
        )
        self._tick.state(["!alternate"])
        self.add(self._tick, below=16, sticky="w")
        made = self.buttons(
            ("one_line", "Paste as one line", "Ghost", lambda: self._go(pasting.as_one_line(text))),
            ("cancel", "Cancel", "", self.cancel),
            ("paste", "Paste", "Primary", lambda: self._go(text)),
        )
        self.open(made["paste"])

    def _show(self, lines: tuple[str, ...]) -> None:
        look = self.look
        box = tk.Label(
            self.body, name="preview", font=look.font("mono"), anchor="nw", justify="left",
            text="\n".join(look.clean(line, 64) for line in lines), borderwidth=0,
            padx=look.dp(12), pady=look.dp(8), highlightthickness=look.dp(1),
        )  # fmt: skip

        def paint() -> None:
            box.configure(
                background=look.color("sunken"), foreground=look.color("text"),
                highlightbackground=look.color("border"),
            )  # fmt: skip

        look.follow(box, paint)
        self.add(box, below=12)

    def _go(self, text: str) -> None:
        if self._tick.instate(["selected"]):
            never = SetSetting(key="terminal.pasteWarning", value_json=json.dumps("never"))
            notices = self.desk.notices
            self.desk.bridge.ask(never, lambda reply, _fd: notices.show_reply(reply))
        self.close()
        self._on_paste(text)
