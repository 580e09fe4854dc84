"""Parts of the login dialog that stand in for its form while something else is waited for."""

import tkinter as tk
from collections.abc import Callable
from functools import partial

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import button, frame, label, picture
from teleterm.ui.widgets.field import Field

TOUCH_WORDS = "Insert your security key and touch it."
PIN_WORDS = "PIN of your security key"
USER_WORDS = "Your security key knows several users. Log in as:"
BROWSER_WORDS = "Finish logging in in your browser. It opened a page of your cluster."


class KeyLoginPart(tk.Frame):
    """Named `key`: a touch, the PIN in `key.pin`, or the users `key.user1`, `key.user2`…"""

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        *,
        on_pin: Callable[[str], object],
        on_user: Callable[[int], object],
    ) -> None:
        super().__init__(parent, name="key", borderwidth=0, highlightthickness=0)
        self._look = look
        self._on_pin, self._on_user = on_pin, on_user
        self._pin: Field | None = None
        self._first: tk.Misc | None = None
        self.grid_columnconfigure(0, weight=1)
        look.follow(self, lambda: self.configure(background=look.color("elevated")))

    def show_touch(self) -> None:
        """Ask for a touch."""
        self._clear()
        line = frame(self._look, self, "elevated")
        line.grid(sticky="w")
        picture(
            self._look, line, "key", size=48, token="accent", surface="elevated"
        ).pack(side="left")  # fmt: skip
        label(self._look, line, TOUCH_WORDS, surface="elevated").pack(
            side="left", padx=(self._look.dp(16), 0)
        )

    def show_pin(self) -> None:
        """Ask for the PIN."""
        self._clear()
        self._caption(PIN_WORDS)
        self._pin = Field(self._look, self, name="pin", is_secret=True)
        self._pin.grid(sticky="ew")
        self._first = self._pin.entry

    def show_users(self, users: tuple[str, ...]) -> None:
        """Ask which user is meant."""
        self._clear()
        self._caption(USER_WORDS)
        for index, user in enumerate(users):
            made = button(
                self._look,
                self,
                self._look.clean(user, 60),
                partial(self._on_user, index),
                name=f"user{index + 1}",
                surface="elevated",
                icon="user",
            )
            made.grid(sticky="ew", pady=(self._look.dp(8 if index else 4), 0))
            self._first = self._first or made

    def focus_first(self) -> None:
        """Put the keyboard where one answers."""
        if self._first is not None:
            self._first.focus_set()

    def submit(self) -> None:
        """Give the PIN on, if there is one."""
        if self._pin is None:
            return
        if self._pin.get():
            self._on_pin(self._pin.get())
        else:
            self._pin.mark_wrong()

    def _clear(self) -> None:
        for child in self.winfo_children():
            child.destroy()
        self._pin, self._first = None, None

    def _caption(self, text: str) -> None:
        made = label(
            self._look, self, text, font="caption", token="sec", surface="elevated"
        )  # fmt: skip
        made.grid(sticky="ew", pady=(0, self._look.dp(4)))


class BrowserPart(tk.Frame):
    """Named `browser`: waits for the person to come back; `browser.reopen` opens the page anew."""

    def __init__(
        self, look: Look, parent: tk.Misc, *, wrap: int, on_reopen: Callable[[], object]
    ) -> None:
        super().__init__(parent, name="browser", borderwidth=0, highlightthickness=0)
        look.follow(self, lambda: self.configure(background=look.color("elevated")))
        label(
            look, self, BROWSER_WORDS, token="sec", surface="elevated", wrap=wrap
        ).pack(anchor="w")  # fmt: skip
        button(
            look, self, "Open the page again", on_reopen, name="reopen", kind="Link",
            surface="elevated",
        ).pack(anchor="w", pady=(look.dp(8), 0))  # fmt: skip
