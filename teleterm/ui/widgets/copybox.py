"""A line of mono text in a box, with buttons behind it."""

import tkinter as tk
from collections.abc import Callable, Sequence

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import button, frame, icon_button


class CopyBox(tk.Frame):
    """Named; the text is in `text`, the buttons are `copy` and what `extra` names."""

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        text: str,
        on_copy: Callable[[str], object],
        *,
        name: str,
        extra: Sequence[tuple[str, str, Callable[[], object]]] = (),
    ) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=look.dp(1))
        self._look, self._full = look, text
        self._label = tk.Label(
            self,
            name="text",
            text=text,
            font=look.font("mono"),
            anchor="w",
            padx=look.dp(10),
            pady=look.dp(5),
        )
        buttons = frame(look, self, "base", name="buttons")
        buttons.pack(side="right")
        self._label.pack(side="left", fill="x", expand=True)
        for key, title, act in extra:
            made = button(look, buttons, title, act, name=key, kind="Link", surface="base")
            made.pack(side="left")
        copy = icon_button(
            look, buttons, "copy", "Copy", lambda: on_copy(self._full), name="copy", size=16
        )
        copy.pack(side="left", padx=look.dp(2))
        self._label.bind("<Configure>", self._fit, add=True)
        look.follow(self, self._paint)

    def _paint(self) -> None:
        look = self._look
        line = look.color("border")
        self.configure(background=look.color("base"), highlightbackground=line, highlightcolor=line)
        self._label.configure(background=look.color("base"), foreground=look.color("text"))

    def _fit(self, event: "tk.Event[tk.Misc]") -> None:
        room = event.width - 2 * self._look.dp(10)
        shown = self._look.cut(self._look.clean(self._full, 2_000), room, "mono")
        if shown != self._label.cget("text"):
            self._label.configure(text=shown)

    def set_text(self, text: str) -> None:
        """Change the text."""
        self._full = text
        self._label.configure(text=self._look.clean(text, 300))
        self._label.event_generate("<Configure>", width=max(1, self._label.winfo_width()))
