"""Six boxes drawn as one field, for a one-time code."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.theme.look import Look

LENGTH = 6
BOX_WIDTH, BOX_HEIGHT, GAP = 44, 52, 8


class CodeField(tk.Canvas):
    """Digits only; a paste fills it; `on_complete` is called at the last digit."""

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        *,
        name: str,
        on_complete: Callable[[str], object],
        surface: str = "elevated",
    ) -> None:
        width = LENGTH * BOX_WIDTH + (LENGTH - 1) * GAP
        super().__init__(
            parent,
            name=name,
            width=look.dp(width + 2),
            height=look.dp(BOX_HEIGHT),
            borderwidth=0,
            highlightthickness=0,
            takefocus=True,
            cursor="xterm",
        )
        self._look, self._surface = look, surface
        self._on_complete = on_complete
        self._digits = ""
        self._is_wrong = False
        self._is_enabled = True
        self.bind("<Key>", self._key)
        self.bind("<<Paste>>", self._paste)
        self.bind("<Control-v>", self._paste)
        self.bind("<Button-1>", lambda _event: self.focus_set())
        self.bind("<FocusIn>", lambda _event: self._draw())
        self.bind("<FocusOut>", lambda _event: self._draw())
        look.follow(self, self._draw)

    def get(self) -> str:
        """The digits so far."""
        return self._digits

    def clear(self) -> None:
        """Empty it."""
        self._digits, self._is_wrong = "", False
        self._draw()

    def mark_wrong(self) -> None:
        """Empty it and give it the red border until something is typed."""
        self._digits, self._is_wrong = "", True
        self.focus_set()
        self._draw()

    def set_enabled(self, *, is_enabled: bool) -> None:
        """Lock or unlock it."""
        self._is_enabled = is_enabled
        self._draw()

    def _key(self, event: "tk.Event[tk.Misc]") -> str | None:
        if event.keysym in {"Tab", "ISO_Left_Tab", "Escape", "Return", "KP_Enter"}:
            return None
        if not self._is_enabled:
            return "break"
        if event.keysym == "BackSpace":
            self._digits = self._digits[:-1]
            self._draw()
            return "break"
        if event.char.isascii() and event.char.isdigit():
            self._take(event.char)
            return "break"
        return None

    def _paste(self, _event: "tk.Event[tk.Misc]") -> str:
        try:
            text = str(self.clipboard_get())
        except tk.TclError:
            return "break"
        digits = "".join(c for c in text[:200] if c.isascii() and c.isdigit())
        if digits and self._is_enabled:
            self._digits = ""
            self._take(digits)
        return "break"

    def _take(self, digits: str) -> None:
        was_complete = len(self._digits) == LENGTH
        self._is_wrong = False
        self._digits = (self._digits + digits)[:LENGTH]
        self._draw()
        if len(self._digits) == LENGTH and not was_complete:
            self._on_complete(self._digits)

    def _draw(self) -> None:
        look = self._look
        self.configure(background=look.color(self._surface))
        self.delete("all")
        has_focus = self.focus_get() is self if self.winfo_ismapped() else False
        for index in range(LENGTH):
            left = look.dp(index * (BOX_WIDTH + GAP))
            is_next = has_focus and index == min(len(self._digits), LENGTH - 1)
            line = "danger" if self._is_wrong else "accent" if is_next else "borderStrong"
            thick = look.dp(2 if is_next or self._is_wrong else 1)
            inset = thick / 2
            self.create_rectangle(
                left + inset,
                inset,
                left + look.dp(BOX_WIDTH) - inset,
                look.dp(BOX_HEIGHT) - inset - 1,
                fill=look.color("sunken" if self._is_enabled else self._surface),
                outline=look.color(line),
                width=thick,
            )
            if index < len(self._digits):
                self.create_text(
                    left + look.dp(BOX_WIDTH / 2),
                    look.dp(BOX_HEIGHT / 2),
                    text=self._digits[index],
                    font=look.font("h1"),
                    fill=look.color("text"),
                )
