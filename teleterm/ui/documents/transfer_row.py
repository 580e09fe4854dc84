"""One file that is copied: its name, how far it is, what stops it or tries it again."""

import itertools
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, Reply, TellDesktop, TransferFile
from teleterm.ui import failures
from teleterm.ui.widgets.basic import icon_button, label, picture

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

BAR, TEXT_WIDTH = 3, 236
_numbers = itertools.count(1)


class TransferRow(tk.Frame):
    """`f1`, `f2`…; labels `name` and `state`, button `act`; `on_change` when it begins or ends."""

    def __init__(
        self, desk: "Desk", parent: tk.Misc, request: TransferFile, on_change: Callable[[], object]
    ) -> None:
        number = next(_numbers)
        super().__init__(parent, name=f"f{number}", borderwidth=0, highlightthickness=0)
        self._desk, self._on_change = desk, on_change
        self._key = f"panel-{number}"
        self._request = request
        self._ask_id = 0
        self._percent = 0
        self._outcome = ""
        look = desk.look
        path = request.local_path if request.is_upload else request.remote_path
        self.file_name = path.rstrip("/").rpartition("/")[2] or path
        self.grid_columnconfigure(1, weight=1)
        icon = picture(look, self, "upload" if request.is_upload else "download", surface="base")
        icon.grid(row=0, column=0, sticky="n", padx=(0, look.dp(8)), pady=(look.dp(3), 0))
        words = look.cut(look.clean(self.file_name, 200), look.dp(TEXT_WIDTH - 24))
        name = label(look, self, words, surface="base", name="name")
        name.grid(row=0, column=1, sticky="w")
        self._act = icon_button(
            look, self, "cross", "Stop, or take away", self.act, name="act", size=14
        )
        self._act.grid(row=0, column=2, sticky="ne")
        self._state = label(
            look, self, "", font="caption", token="muted", surface="base", wrap=TEXT_WIDTH,
            name="state",
        )  # fmt: skip
        self._state.grid(row=1, column=1, columnspan=2, sticky="w")
        self._bar = tk.Canvas(
            self, name="bar", height=look.dp(BAR), width=1, borderwidth=0, highlightthickness=0
        )
        self._bar.grid(row=2, column=1, columnspan=2, sticky="ew", pady=(look.dp(4), 0))
        self._filled = self._bar.create_rectangle(0, 0, 0, 0, width=0)
        self._bar.bind("<Configure>", lambda _event: self._draw_bar())
        look.follow(self, self._paint)
        self.start()

    def _paint(self) -> None:
        look = self._desk.look
        token = {"failed": "danger", "done": "success"}.get(self._outcome, "accent")
        self.configure(background=look.color("base"))
        self._bar.configure(background=look.color("hover"))
        self._bar.itemconfigure(self._filled, fill=look.color(token))
        self._state.configure(
            foreground=look.color("danger" if self._outcome == "failed" else "muted")
        )

    def _draw_bar(self) -> None:
        width = self._bar.winfo_width() * self._percent // 100
        self._bar.coords(self._filled, 0, 0, width, self._desk.look.dp(BAR))

    @property
    def is_running(self) -> bool:
        """Whether it is being copied."""
        return bool(self._ask_id)

    def start(self) -> None:
        """Begin, or begin again."""
        self._outcome = ""
        self._desk.transfers[self._key] = self._moved
        self._ask_id = self._desk.bridge.ask(
            TransferFile(
                key=self._key,
                server_uri=self._request.server_uri,
                login=self._request.login,
                is_upload=self._request.is_upload,
                local_path=self._request.local_path,
                remote_path=self._request.remote_path,
            ),
            self._answered,
        )
        self._moved(0)
        self._paint()
        self._on_change()

    def act(self) -> None:
        """Stop it while it runs, else take the row away."""
        if self._ask_id:
            self._desk.bridge.cancel(self._ask_id)
        else:
            self.destroy()
            self._on_change()

    def leave(self) -> None:
        """Stop it: the tab closes."""
        if self._ask_id:
            self._desk.bridge.cancel(self._ask_id)
            self._ask_id = 0
        self._desk.transfers.pop(self._key, None)

    def _moved(self, percent: int) -> None:
        if self.winfo_exists():
            self._percent = percent
            self._state.configure(text=f"{percent} %")
            self._draw_bar()

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        self._ask_id = 0
        self._desk.transfers.pop(self._key, None)
        if not self.winfo_exists():
            return
        if not isinstance(reply, Failed):
            self._end("done", "Copied")
            self._desk.tell_desktop(TellDesktop(kind="transfer", name=self.file_name))
        elif reply.code == "cancelled":
            self._end("stopped", "Stopped")
        else:
            self._end("failed", self._desk.look.clean(failures.sentence(reply), 300))
        self._desk.say(f"ui: transfer {self._outcome} {self.file_name}")

    def _end(self, outcome: str, words: str) -> None:
        self._outcome = outcome
        self._percent = 100 if outcome == "done" else self._percent
        self._state.configure(text=words)
        self._paint()
        self._draw_bar()
        self._on_change()
