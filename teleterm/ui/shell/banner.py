"""A line across the page that says what changed and what to do; it pushes, never covers."""

import tkinter as tk
from collections.abc import Callable, Sequence

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import button, icon_button, label, picture

FILLS = {"info": "infoFill", "success": "infoFill", "warning": "warningFill", "error": "dangerFill"}
TOKENS = {"info": "accent", "success": "success", "warning": "warning", "error": "danger"}
ICONS = {"info": "info", "success": "success", "warning": "warning", "error": "error"}
HEIGHT = 36

Choice = tuple[str, Callable[[], object]]


class Banner(tk.Frame):
    """One banner; `choices` become buttons named `choice1`, `choice2`…"""

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        *,
        name: str,
        level: str,
        text: str,
        choices: Sequence[Choice] = (),
        on_dismiss: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent, name=name, borderwidth=0, highlightthickness=0)
        self._look, self._fill = look, FILLS[level]
        inside = tk.Frame(self, name="in", borderwidth=0, highlightthickness=0)
        inside.pack(fill="x")
        self._inside = inside
        self._icon = picture(look, inside, ICONS[level], token=TOKENS[level], surface=self._fill)
        self._icon.pack(side="left", padx=(look.dp(16), look.dp(8)), pady=look.dp(8))
        if on_dismiss is not None:
            cross = icon_button(
                look,
                inside,
                "cross",
                "Close",
                on_dismiss,
                name="close",
                surface=self._fill,
                size=14,
            )
            cross.pack(side="right", padx=(0, look.dp(8)))
            self._cross = cross
        self._choices = tk.Frame(inside, name="choices", borderwidth=0, highlightthickness=0)
        self._choices.pack(side="right", padx=look.dp(8), pady=look.dp(2))
        self._text = label(look, inside, text, surface=self._fill)
        self._text.pack(side="left", fill="x", expand=True)
        if on_dismiss is not None:
            self._cross.lift()  # last to get the keyboard
        self._line = tk.Frame(self, height=look.dp(1))
        self._line.pack(fill="x")
        self.set_choices(choices)
        look.follow(self, self._paint)

    def _paint(self) -> None:
        fill = self._look.color(self._fill)
        for widget in (self, self._inside, self._choices):
            widget.configure(background=fill)
        self._line.configure(background=self._look.color("border"))

    def set_text(self, text: str) -> None:
        """Change the words."""
        self._text.configure(text=text)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Change the buttons."""
        for child in self._choices.winfo_children():
            child.destroy()
        for number, (title, act) in enumerate(choices, 1):
            made = button(
                self._look, self._choices, title, act,
                name=f"choice{number}", kind="Link", surface="surface",
            )  # fmt: skip
            made.configure(style=f"{self._fill}.Link.TButton")
            made.pack(side="left", padx=(self._look.dp(4), 0))

    def focus_choice(self) -> None:
        """Put the keyboard on the first button."""
        children = self._choices.winfo_children()
        if children:
            children[0].focus_set()
