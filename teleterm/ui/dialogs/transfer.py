"""Copy a file to or from a server: which way, from where to where, and how far it is."""

import itertools
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, Reply, TellDesktop, TransferFile
from teleterm.bridge.views import ResourceView
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.widgets.basic import frame
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

BAR = 4
_numbers = itertools.count(1)


class TransferDialog(Dialog):
    """`.dlg_transfer`: chips `ways.upload` and `.download`, fields `login`, `local`, `remote`."""

    def __init__(self, desk: "Desk", server: ResourceView, login: str) -> None:
        name = desk.look.clean(server.name, 60)
        super().__init__(desk, "dlg_transfer", f"Transfer a file: {name}", width=520)
        self._server = server
        self._key = f"transfer-{next(_numbers)}"
        self._ask_id = 0
        self._percent = 0
        self._make_ways()
        self._login = self._field("Log in as", "login", "")
        self._login.set(login)
        self._local = self._field("File on this computer", "local", "")
        self._remote = self._field("File on the server", "remote", "")
        self._bar = tk.Canvas(
            self.body, name="bar", height=self.look.dp(BAR), borderwidth=0, highlightthickness=0
        )
        self._filled = self._bar.create_rectangle(0, 0, 0, 0, width=0)
        self.look.follow(self._bar, self._paint_bar)
        self.add(self._bar, below=4)
        self._state = self.text("", font="caption", token="sec", below=4, name="state")
        self.error_line()
        made = self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("copy", "Copy", "Primary", self._copy)
        )
        self._button = made["copy"]
        self._choose(is_upload=True)
        desk.transfers[self._key] = self._moved
        self.open(self._local.entry)

    def _make_ways(self) -> None:
        line = frame(self.look, self.body, "elevated", name="ways")
        self._ways: dict[bool, ttk.Checkbutton] = {}
        for is_upload, title in ((True, "Upload"), (False, "Download")):
            chip = ttk.Checkbutton(
                line, name=title.lower(), text=title, style="elevated.Chip.TCheckbutton",
                command=self._chooser(is_upload=is_upload),
            )  # fmt: skip
            chip.pack(side="left", padx=(0, self.look.dp(8)))
            self._ways[is_upload] = chip
        self.add(line)

    def _chooser(self, *, is_upload: bool) -> Callable[[], None]:
        return lambda: self._choose(is_upload=is_upload)

    def _field(self, title: str, name: str, placeholder: str) -> Field:
        self.text(title, font="caption", token="sec", below=4)
        field = Field(self.look, self.body, name=name, placeholder=placeholder)
        self.add(field)
        return field

    def _paint_bar(self) -> None:
        self._bar.configure(background=self.look.color("hover"))
        self._bar.itemconfigure(self._filled, fill=self.look.color("accent"))

    def _choose(self, *, is_upload: bool) -> None:
        self._is_upload = is_upload
        for way, chip in self._ways.items():
            chip.state(["!alternate", "selected" if way == is_upload else "!selected"])
        self._local.set_placeholder("~/notes.txt" if is_upload else "Downloads")
        self._remote.set_placeholder("Home folder" if is_upload else "/var/log/syslog")

    # Copying

    def _copy(self) -> None:
        if self._ask_id:
            return
        self.show_error("")
        for field, words in self._missing():
            field.mark_wrong()
            self.show_error(words)
            return
        self._button.state(["disabled"])
        self._moved(0)
        request = TransferFile(
            key=self._key,
            server_uri=self._server.uri,
            login=self._login.get().strip(),
            is_upload=self._is_upload,
            local_path=self._local.get().strip(),
            remote_path=self._remote.get().strip(),
        )
        self._ask_id = self.desk.bridge.ask(request, self._answered)

    def _missing(self) -> list[tuple[Field, str]]:
        wanted = self._local if self._is_upload else self._remote
        where = "on this computer" if self._is_upload else "on the server"
        found = []
        if not self._login.get().strip():
            found.append((self._login, "Enter the login to use."))
        if not wanted.get().strip():
            found.append((wanted, f"Enter the path of the file {where}."))
        return found

    def _moved(self, percent: int) -> None:
        if not self.winfo_exists():
            return
        self._percent = percent
        width = self._bar.winfo_width() * percent // 100
        self._bar.coords(self._filled, 0, 0, width, self.look.dp(BAR))
        self._state.configure(text=f"{percent} %")

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        self._ask_id = 0
        if not self.winfo_exists():
            return
        self._button.state(["!disabled"])
        if isinstance(reply, Failed):
            self._state.configure(text="")
            if reply.code != "cancelled":
                self.show_failed(reply)
                wrong = {"local_path": self._local, "remote_path": self._remote}
                if reply.field in wrong:
                    wrong[reply.field].mark_wrong()
            return
        self.desk.say("ui: transfer done")
        self.desk.tell_desktop(TellDesktop(kind="transfer", name=self._remote.get()))
        self.desk.notices.show("success", "The file is copied.")
        self.close()

    def cancel(self) -> None:
        """Stop what runs, or close."""
        if self._ask_id:
            self.desk.bridge.cancel(self._ask_id)
            self._state.configure(text="Stopped")
        else:
            self.close()

    def close(self) -> None:
        """Take it away; nobody tells it anything any more."""
        self.desk.transfers.pop(self._key, None)
        super().close()
