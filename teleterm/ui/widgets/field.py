"""A line to type in, with a placeholder, a mark for wrong values and a secret variety."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import icon_button


class Field(tk.Frame):
    """An entry; `on_change` is called with the text after each change.

    The entry inside is named `entry`; Tk's path of it is `<field>.entry`.
    """

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        *,
        name: str,
        placeholder: str = "",
        is_secret: bool = False,
        surface: str = "elevated",
        font: str = "body",
        width: int = 20,
        is_flat: bool = False,
        on_change: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self._look, self._surface = look, surface
        self._on_change = on_change
        self._value = tk.StringVar(self)
        self._value.trace_add("write", self._changed)
        style = f"{surface}.{'Flat.' if is_flat else ''}TEntry"
        self.entry = ttk.Entry(
            self,
            name="entry",
            textvariable=self._value,
            style=style,
            font=look.font(font),
            width=width,
        )
        if is_secret:
            self.entry.configure(show="•")
        self.entry.grid(row=0, column=0, sticky="nsew")
        self.grid_columnconfigure(0, weight=1)
        self._placeholder = tk.Label(
            self.entry,
            text=placeholder,
            font=look.font(font),
            borderwidth=0,
            padx=0,
            pady=0,
            cursor="xterm",
        )
        self._placeholder.bind("<Button-1>", lambda _event: self.entry.focus_set())
        self._inset = look.dp(1 if is_flat else 11)
        self._ground = surface if is_flat else "sunken"
        look.follow(self, self._paint)
        self._show_placeholder()
        self.entry.bind("<Control-a>", self._select_all)
        if is_secret:
            self._add_eye()

    def _add_eye(self) -> None:
        eye = icon_button(
            self._look, self, "eye", "Show or hide what you type", self._toggle_secret,
            name="eye", surface=self._surface, size=16, takes_focus=False,
        )  # fmt: skip
        eye.grid(row=0, column=1, padx=(self._look.dp(4), 0))
        self._eye = eye

    def _toggle_secret(self) -> None:
        is_hidden = bool(self.entry.cget("show"))
        self.entry.configure(show="" if is_hidden else "•")
        self._eye.configure(image=self._look.icon("eye_off" if is_hidden else "eye", 16, "sec"))

    def _paint(self) -> None:
        look = self._look
        self.configure(background=look.color(self._surface))
        self._placeholder.configure(
            background=look.color(self._ground), foreground=look.color("muted")
        )

    def _changed(self, *_names: str) -> None:
        self._show_placeholder()
        self.entry.state(["!invalid"])
        if self._on_change is not None:
            self._on_change(self._value.get())

    def _show_placeholder(self) -> None:
        if self._value.get():
            self._placeholder.place_forget()
        else:
            self._placeholder.place(x=self._inset, rely=0.5, anchor="w")

    def _select_all(self, _event: "tk.Event[tk.Misc]") -> str:
        self.select_all()
        return "break"

    def select_all(self) -> None:
        """Select everything and put the cursor at the end."""
        self.entry.selection_range(0, "end")
        self.entry.icursor("end")

    def get(self) -> str:
        """What was typed."""
        return self._value.get()

    def set(self, text: str) -> None:
        """Replace what is in it."""
        self._value.set(text)
        self.entry.icursor("end")

    def set_placeholder(self, text: str) -> None:
        """Change the words that show while it is empty."""
        self._placeholder.configure(text=text)

    def mark_wrong(self) -> None:
        """Give it the red border until it is changed, and the focus."""
        self.entry.state(["invalid"])
        self.focus_set()
        self.select_all()

    @property
    def is_wrong(self) -> bool:
        """Whether it still holds what was marked as wrong."""
        return bool(self.entry.instate(["invalid"]))

    def set_enabled(self, *, is_enabled: bool) -> None:
        """Lock or unlock it."""
        self.entry.state(["!disabled" if is_enabled else "disabled"])

    def focus_set(self) -> None:
        """Put the cursor into it."""
        self.entry.focus_set()
