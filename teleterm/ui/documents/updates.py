"""Where updates of this program stand, in About: a sentence, how far a download is, what to do."""

import tkinter as tk
from typing import TYPE_CHECKING, Literal

from teleterm.bridge.contract import Failed, Reply, RunNoticeAction
from teleterm.ui import failures
from teleterm.ui.widgets.basic import button, frame, label

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

BAR, WIDTH = 3, 360
CHECK, RESTART = "check-for-updates", "restart-to-update"
TITLES = {
    "unmanaged": "Updated by whoever installed it",
    "off": "No updates are taken",
    "idle": "Not looked yet",
    "checking": "Looking…",
    "current": "Up to date",
    "unfit": "No release fits",
    "available": "An update is there",
    "downloading": "Fetching the update…",
    "ready": "Ready: restart to update",
    "failed": "It didn't work",
}
TOKENS = {"current": "success", "unfit": "warning", "failed": "danger", "ready": "accent"}
ACTS = {
    "idle": ("Check for updates", CHECK),
    "current": ("Check again", CHECK),
    "unfit": ("Check again", CHECK),
    "available": ("Fetch it", CHECK),
    "ready": ("Restart to update", RESTART),
    "failed": ("Try again", CHECK),
}
"""The one button, where there is something to do."""


class UpdateArea(tk.Frame):
    """Labels `title` and `text`, a `bar`, and the button `act`; follows the store."""

    def __init__(self, desk: "Desk", parent: tk.Misc) -> None:
        super().__init__(parent, name="update", borderwidth=0, highlightthickness=0)
        self._desk = desk
        look = desk.look
        self._title = label(look, self, "", name="title")
        self._title.pack(anchor="w")
        self._text = label(look, self, "", token="sec", wrap=640, name="text")
        self._text.pack(anchor="w", pady=(look.dp(4), look.dp(8)))
        self._bar = tk.Canvas(
            self, name="bar", width=look.dp(WIDTH), height=look.dp(BAR), borderwidth=0,
            highlightthickness=0,
        )  # fmt: skip
        self._filled = self._bar.create_rectangle(0, 0, 0, 0, width=0)
        self._foot = frame(look, self, name="foot")
        self._foot.pack(anchor="w")
        look.follow(self, self._show)
        desk.store.listen("update", self._show)
        self.bind("<Destroy>", self._left, add=True)

    def _left(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self._desk.store.unlisten("update", self._show)

    def _show(self) -> None:
        look, update = self._desk.look, self._desk.store.update
        self.configure(background=look.color("surface"))
        title = TITLES[update.state]
        token = TOKENS.get(update.state, "text")
        self._title.configure(text=title, foreground=look.color(token))
        self._text.configure(text=look.clean(update.text, 300))
        self._bar.configure(background=look.color("hover"))
        self._bar.itemconfigure(self._filled, fill=look.color("accent"))
        self._bar.coords(self._filled, 0, 0, look.dp(WIDTH) * update.percent // 100, look.dp(BAR))
        if update.state == "downloading":
            self._bar.pack(anchor="w", before=self._foot, pady=(0, look.dp(8)))
        else:
            self._bar.pack_forget()
        self._offer(ACTS.get(update.state))
        self._desk.say(f"ui: update {update.state}")

    def _offer(self, act: tuple[str, str] | None) -> None:
        """Show the button that fits, or none."""
        shown = self._foot.winfo_children()
        if act is None:
            for one in shown:
                one.destroy()
            self._foot.configure(height=1)
            return
        words, action = act
        kind: Literal["Primary", ""] = "Primary" if action == RESTART else ""
        had_focus = bool(shown) and self.focus_get() is shown[0]
        for one in shown:
            one.destroy()
        made = button(
            self._desk.look, self._foot, words, lambda: self._ask(action), name="act", kind=kind
        )
        made.pack(anchor="w")
        if had_focus:
            made.focus_set()

    def _ask(self, action: str) -> None:
        request = RunNoticeAction(action=action, argument="here")
        self._desk.bridge.ask(request, self._answered)

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        if isinstance(reply, Failed) and self.winfo_exists():
            self._text.configure(text=self._desk.look.clean(failures.sentence(reply), 300))
