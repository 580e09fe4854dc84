"""The search bar over the top right corner of a terminal."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import label
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.tooltip import tooltip

Query = tuple[str, bool, bool, bool]
"""Text, upper and lower case matter, whole words only, it is a regular expression."""


class SearchBar(tk.Frame):
    """`.search`: field `pattern`, `count`, buttons `case`, `word`, `regex`, `up`, `down`, `close`.

    `on_query` is called after each change; `on_step(±1)` to go on; `on_close` at Escape.
    """

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        *,
        on_query: Callable[[Query], object],
        on_step: Callable[[int], object],
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(parent, name="search", borderwidth=0, highlightthickness=look.dp(1))
        self._look = look
        self._on_query, self._on_step, self._on_close = on_query, on_step, on_close
        self._switches: dict[str, bool] = {"case": False, "word": False, "regex": False}
        self._field = Field(
            look, self, name="pattern", placeholder="Find", width=22, on_change=self._changed
        )
        # What one searched last stays selected, whoever takes the X selection meanwhile: the
        # terminal below does, a moment after something was selected in it.
        self._field.entry.configure(exportselection=False)
        self._field.grid(row=0, column=0, padx=(look.dp(8), look.dp(4)), pady=look.dp(6))
        self._count = label(look, self, "", font="caption", token="muted", surface="elevated",
                            name="count", anchor="e")  # fmt: skip
        self._count.configure(width=14)
        self._count.grid(row=0, column=1, padx=look.dp(4))
        self._buttons: dict[str, tk.Label] = {}
        places = (
            ("case", "Aa", "Match upper and lower case"),
            ("word", "\u201cW\u201d", "Whole words only"),
            ("regex", ".*", "Regular expression"),
            ("up", "↑", "Previous (Shift+Enter)"),
            ("down", "↓", "Next (Enter)"),
            ("close", "×", "Close (Escape)"),
        )
        for column, (name, sign, words) in enumerate(places, 2):
            self._add(name, sign, words, column)
        self._field.entry.bind("<Return>", lambda _event: self._step(1))
        self._field.entry.bind("<Shift-Return>", lambda _event: self._step(-1))
        self._field.entry.bind("<Down>", lambda _event: self._step(1))
        self._field.entry.bind("<Up>", lambda _event: self._step(-1))
        self._field.entry.bind("<Escape>", lambda _event: self._close())
        look.follow(self, self._paint)

    def _add(self, name: str, sign: str, words: str, column: int) -> None:
        look = self._look
        made = tk.Label(
            self, name=name, text=sign, font=look.font("body"), width=3, borderwidth=0,
            highlightthickness=look.dp(2), takefocus=True, cursor="hand2", padx=0, pady=look.dp(3),
        )  # fmt: skip
        made.grid(row=0, column=column, padx=(0, look.dp(6 if name == "close" else 2)))
        for sequence in ("<Button-1>", "<Return>", "<space>"):
            made.bind(sequence, lambda _event: self._press(name))
        made.bind("<Escape>", lambda _event: self._close())
        made.bind("<Enter>", lambda _event: self._tint(name, is_over=True), add=True)
        made.bind("<Leave>", lambda _event: self._tint(name, is_over=False), add=True)
        tooltip(look, made, lambda: words)
        self._buttons[name] = made

    def _tint(self, name: str, *, is_over: bool) -> None:
        color = self._look.color
        is_on = self._switches.get(name, False)
        ground = "selected" if is_on else "hover" if is_over else "elevated"
        self._buttons[name].configure(
            background=color(ground),
            foreground=color("text" if is_on else "sec"),
            highlightbackground=color(ground),
            highlightcolor=color("accent"),
        )

    def _paint(self) -> None:
        color = self._look.color
        self.configure(
            background=color("elevated"),
            highlightbackground=color("edge"),
            highlightcolor=color("edge"),
        )
        for name in self._buttons:
            self._tint(name, is_over=False)

    def _press(self, name: str) -> str:
        if name in self._switches:
            self._switches[name] = not self._switches[name]
            self._tint(name, is_over=False)
            self._changed(self._field.get())
        elif name == "close":
            self._close()
        else:
            self._step(1 if name == "down" else -1)
        return "break"

    def _step(self, way: int) -> str:
        self._on_step(way)
        return "break"

    def _close(self) -> str:
        self._on_close()
        return "break"

    def _changed(self, text: str) -> None:
        self._on_query(
            (text, self._switches["case"], self._switches["word"], self._switches["regex"])
        )

    @property
    def pattern(self) -> str:
        """What is searched for."""
        return self._field.get()

    def start(self, text: str) -> None:
        """Take the keyboard, with a text to begin with."""
        if text:
            self._field.set(text)
        self._field.entry.focus_set()
        self._field.select_all()
        self._changed(self._field.get())

    def say(self, words: str, *, is_problem: bool = False) -> None:
        """`3 of 14`, or why there is nothing."""
        self._count.configure(
            text=self._look.clean(words, 60),
            foreground=self._look.color("danger" if is_problem else "muted"),
        )
