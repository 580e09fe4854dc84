"""What a page shows instead of its content: an icon, one line, one button."""

import tkinter as tk
from collections.abc import Callable

from teleterm.ui.theme.look import Look
from teleterm.ui.widgets.basic import button, frame, label, picture


class Emptiness:
    """Lies in the middle of `parent` as `empty`; its buttons are `line.button`, `line.more`."""

    def __init__(self, look: Look, parent: tk.Misc) -> None:
        self._look, self._parent = look, parent
        self._box: tk.Frame | None = None

    def show(
        self,
        icon: str,
        text: str,
        action: str,
        on_action: Callable[[], object],
        *,
        token: str = "muted",  # noqa: S107 - a colour's name
        second: str = "",
        on_second: Callable[[], object] | None = None,
    ) -> None:
        """Show it, in place of what it showed before."""
        self.hide()
        look = self._look
        box = frame(look, self._parent, name="empty")
        picture(look, box, icon, size=48, token=token).pack()
        label(look, box, text, token="sec", wrap=480, anchor="center").pack(
            pady=(look.dp(16), look.dp(16))
        )
        line = frame(look, box, name="line")
        line.pack()
        button(look, line, action, on_action, name="button").pack(side="left")
        if second and on_second is not None:
            more = button(look, line, second, on_second, name="more", kind="Link")
            more.pack(side="left", padx=(look.dp(8), 0))
        box.place(relx=0.5, rely=0.45, anchor="center")
        self._box = box

    def hide(self) -> None:
        """Take it away."""
        if self._box is not None:
            self._box.destroy()
            self._box = None
