"""What all dialogs share: place, keys, layers, rows of buttons, a line for errors."""

import sys
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from teleterm.bridge.contract import Failed
from teleterm.ui import failures
from teleterm.ui.widgets.basic import button, frame, label

if TYPE_CHECKING:
    from tkinter import ttk

    from teleterm.ui.desk import Desk

PADDING = 24
ButtonKind = Literal["", "Primary", "Ghost", "Link", "Danger"]


class Dialog(tk.Toplevel):
    """A window over the main one; Escape cancels, Return takes the default button.

    Subclasses fill `body` (width in design pixels) and call `open` at the end. `on_closed` is
    called once when it goes, whatever the reason.
    """

    def __init__(
        self, desk: "Desk", name: str, title: str, *, width: int = 440, is_important: bool = False
    ) -> None:
        super().__init__(desk.root, name=name, borderwidth=0, highlightthickness=desk.look.dp(1))
        self.wm_withdraw()
        self.desk, self.look = desk, desk.look
        self.is_important = is_important
        self.on_closed: Callable[[], object] = lambda: None
        self._default: ttk.Button | None = None
        self._error: tk.Label | None = None
        self._width = width
        look = desk.look
        self.wm_title(title)
        self.wm_transient(desk.root)
        self.wm_resizable(width=False, height=False)
        self.wm_protocol("WM_DELETE_WINDOW", self.cancel)
        self.body = frame(look, self, "elevated", name="body")
        self.body.pack(fill="both", expand=True, padx=look.dp(PADDING), pady=look.dp(PADDING))
        self.body.grid_columnconfigure(0, weight=1, minsize=look.dp(width - 2 * PADDING))
        self._row = 0
        self.heading = self.text(title, font="title", below=8, name="heading")
        self.bind("<Escape>", self._escape)
        self.bind("<Return>", self._return)
        self.bind("<KP_Enter>", self._return)
        look.follow(self, self._paint)

    def _paint(self) -> None:
        line = self.look.color("edge")
        self.configure(
            background=self.look.color("elevated"), highlightbackground=line, highlightcolor=line
        )

    # Filling

    @property
    def text_width(self) -> int:
        """The width for text in design pixels."""
        return self._width - 2 * PADDING

    def add(self, widget: tk.Widget, *, below: int = 12, sticky: str = "ew") -> None:
        """Put a widget below what is there."""
        widget.grid(row=self._row, column=0, sticky=sticky, pady=(0, self.look.dp(below)))
        self._row += 1

    def text(
        self,
        text: str,
        *,
        font: str = "body",
        token: str = "text",  # noqa: S107 - a colour's name
        below: int = 12,
        name: str | None = None,
    ) -> tk.Label:
        """Add a text that wraps."""
        made = label(
            self.look, self.body, text, font=font, token=token, surface="elevated",
            wrap=self.text_width, name=name,
        )  # fmt: skip
        self.add(made, below=below)
        return made

    def error_line(self) -> None:
        """Make the place where errors show; it takes no room while it is empty."""
        made = label(
            self.look, self.body, "", token="danger", surface="elevated", wrap=self.text_width,
            name="error",
        )  # fmt: skip
        self._error = made
        self._error_row = self._row
        self._row += 1
        self._details = frame(self.look, self.body, "elevated")
        self._details_row = self._row
        self._row += 1

    def show_error(self, text: str, *, details: str = "") -> None:
        """Say what did not work; an empty text takes it away."""
        if self._error is None:
            return
        self._error.configure(text=self.look.clean(text, 600))
        for child in self._details.winfo_children():
            child.destroy()
        if text:
            self._error.grid(row=self._error_row, column=0, sticky="ew", pady=(0, self.look.dp(12)))
            self.desk.say(f"ui: {self.winfo_name()} error {self.look.clean(text)}")
        else:
            self._error.grid_remove()
        if text and details:
            more = button(
                self.look, self._details, "Details",
                lambda: self.desk.dialogs.details("Details", details),
                name="details", kind="Link", surface="elevated",
            )  # fmt: skip
            more.pack(side="left")
            self._details.grid(
                row=self._details_row, column=0, sticky="w", pady=(0, self.look.dp(8))
            )
        else:
            self._details.grid_remove()
        self.place_again()

    def show_failed(self, failed: Failed) -> None:
        """Say why an answer is no."""
        self.show_error(failures.sentence(failed), details=failed.details)

    def buttons(
        self, *wanted: tuple[str, str, ButtonKind, Callable[[], object]]
    ) -> dict[str, "ttk.Button"]:
        """Add the row of buttons: name, title, kind, command; the Primary one is the default.

        Given in reading order with the default last; Windows has it left of Cancel.
        """
        line = frame(self.look, self.body, "elevated", name="buttons")
        order = list(wanted)
        if sys.platform == "win32":
            order = [
                *[w for w in order if w[2] == "Primary"],
                *[w for w in order if w[2] != "Primary"],
            ]
        made: dict[str, ttk.Button] = {}
        for index, (name, title, kind, command) in enumerate(order):
            one = button(self.look, line, title, command, name=name, kind=kind, surface="elevated")
            one.pack(side="left", padx=(self.look.dp(8) if index else 0, 0))
            made[name] = one
            if kind == "Primary":
                self._default = one
        self.body.grid_rowconfigure(self._row, minsize=self.look.dp(12))
        self._row += 1
        self.add(line, below=0, sticky="e")
        return made

    def set_default(self, made: "ttk.Button | None") -> None:
        """Choose which button Return presses."""
        self._default = made

    # Life

    def open(self, first: tk.Misc | None = None) -> None:
        """Show it with the keyboard in `first`."""
        self._first = first
        self.desk.dialogs.entered(self)
        self.place_again()
        self.wm_deiconify()
        self.lift()
        self.focus_force()
        if first is not None:
            first.focus_set()
        self.desk.say(f"ui: dialog shown {self.winfo_name()}")

    def place_again(self) -> None:
        """Centre it on the window, a little above the middle; once shown it stays and only grows.

        Moving a mapped window waits for the window manager, which typing must not do.
        """
        if self.winfo_ismapped():
            return
        self.update_idletasks()
        root = self.desk.root
        width, height = self.winfo_reqwidth(), self.winfo_reqheight()
        x = root.winfo_rootx() + (root.winfo_width() - width) // 2
        y = root.winfo_rooty() + (root.winfo_height() - height) * 2 // 5
        self.wm_geometry(f"+{max(0, x)}+{max(0, y)}")

    def hide(self) -> None:
        """Make room for an important one."""
        self.wm_withdraw()

    def unhide(self) -> None:
        """Come back with the contents it had."""
        self.wm_deiconify()
        self.lift()
        self.focus_force()
        if self._first is not None and self._first.winfo_exists():
            self._first.focus_set()

    def cancel(self) -> None:
        """Escape, the cross of the frame, the Cancel button."""
        self.close()

    def close(self) -> None:
        """Take it away."""
        if self.winfo_exists():
            self.desk.say(f"ui: dialog closed {self.winfo_name()}")
            self.destroy()
            self.desk.dialogs.left(self)
            self.on_closed()

    def _escape(self, _event: "tk.Event[tk.Misc]") -> str:
        self.cancel()
        return "break"

    def _return(self, _event: "tk.Event[tk.Misc]") -> str:
        if self._default is not None:
            self._default.invoke()
        return "break"
