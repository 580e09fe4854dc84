"""The panel beside a shell that copies files to and from its server, several at once."""

import shlex
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import TransferFile
from teleterm.ui.documents.transfer_row import TransferRow
from teleterm.ui.widgets import focus
from teleterm.ui.widgets.basic import button, divider, frame, icon_button, label
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.scroll import ScrolledPage

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

WIDTH, PADDING = 320, 16
MOST_AT_ONCE = 50
HINTS = {
    True: ("Files on this computer", "~/a.txt ~/b.txt", "Folder on the server", "Home folder"),
    False: ("Files on the server", "/var/log/syslog", "Folder on this computer", "Downloads"),
}


class TransferPanel(tk.Frame):
    """`.transfer`; chips `top.ways.upload`, `.download`, fields `top.files`, `top.folder`, `copy`.

    `on_close` is called when the person puts it away; what runs goes on meanwhile.
    """

    def __init__(
        self,
        desk: "Desk",
        parent: tk.Misc,
        server_uri: str,
        login: str,
        on_close: Callable[[], object],
    ) -> None:
        look = desk.look
        super().__init__(
            parent, name="transfer", width=look.dp(WIDTH), borderwidth=0, highlightthickness=0
        )
        self._desk, self._server_uri, self._login = desk, server_uri, login
        self._on_close = on_close
        self._is_upload = True
        self._typed = {True: ("", ""), False: ("", "")}
        self.on_change: Callable[[], object] = lambda: None
        self.pack_propagate(False)
        divider(look, self, is_vertical=True).pack(side="left", fill="y")
        self._make_top()
        divider(look, self).pack(fill="x")
        self._page = ScrolledPage(look, self, surface="base")
        self._page.pack(fill="both", expand=True)
        look.follow(self, lambda: self.configure(background=look.color("base")))
        self._choose(is_upload=True)

    def _make_top(self) -> None:
        look = self._desk.look
        top = frame(look, self, "base", name="top")
        top.pack(fill="x", padx=look.dp(PADDING), pady=look.dp(12))
        top.grid_columnconfigure(0, weight=1)
        label(look, top, "Transfer files", font="strong", surface="base").grid(
            row=0, column=0, sticky="w"
        )
        cross = icon_button(look, top, "cross", "Close", self._on_close, name="close", size=14)
        cross.grid(row=0, column=1)
        ways = frame(look, top, "base", name="ways")
        ways.grid(row=1, column=0, columnspan=2, sticky="w", pady=(look.dp(8), look.dp(12)))
        self._ways: dict[bool, ttk.Checkbutton] = {}
        for is_upload, title in ((True, "Upload"), (False, "Download")):
            chip = ttk.Checkbutton(
                ways, name=title.lower(), text=title, style="base.Chip.TCheckbutton",
                command=self._chooser(is_upload=is_upload),
            )  # fmt: skip
            chip.pack(side="left", padx=(0, look.dp(8)))
            self._ways[is_upload] = chip
        self._files_title, self._files = self._field(top, "files", 2)
        self._folder_title, self._folder = self._field(top, "folder", 4)
        self._error = label(
            look, top, "", font="caption", token="danger", surface="base",
            wrap=WIDTH - 2 * PADDING, name="error",
        )  # fmt: skip
        self._error.grid(row=6, column=0, columnspan=2, sticky="w")
        copy = button(look, top, "Copy", self._copy, name="copy", kind="Primary", surface="base")
        copy.grid(row=7, column=0, columnspan=2, sticky="e", pady=(look.dp(4), 0))

    def _field(self, top: tk.Frame, name: str, row: int) -> tuple[tk.Label, Field]:
        look = self._desk.look
        title = label(look, top, "", font="caption", token="sec", surface="base")
        title.grid(row=row, column=0, columnspan=2, sticky="w", pady=(0, look.dp(4)))
        field = Field(look, top, name=name, surface="base")
        field.grid(row=row + 1, column=0, columnspan=2, sticky="ew", pady=(0, look.dp(8)))
        field.entry.bind("<Return>", lambda _event: self._entered())
        field.entry.bind("<Escape>", lambda _event: self._escaped())
        return title, field

    def _entered(self) -> str:
        self._copy()
        return "break"

    def _escaped(self) -> str:
        self._on_close()
        return "break"

    def _chooser(self, *, is_upload: bool) -> Callable[[], None]:
        return lambda: self._choose(is_upload=is_upload)

    def _choose(self, *, is_upload: bool) -> None:
        """Upload or download; each way keeps what was typed for it."""
        if is_upload != self._is_upload:
            self._typed[self._is_upload] = (self._files.get(), self._folder.get())
            files, folder = self._typed[is_upload]
            self._files.set(files)
            self._folder.set(folder)
        self._is_upload = is_upload
        for way, chip in self._ways.items():
            chip.state(["!alternate", "selected" if way == is_upload else "!selected"])
        files_title, files_hint, folder_title, folder_hint = HINTS[is_upload]
        self._files_title.configure(text=files_title)
        self._files.set_placeholder(files_hint)
        self._folder_title.configure(text=folder_title)
        self._folder.set_placeholder(folder_hint)
        self._say("")

    def _say(self, words: str) -> None:
        self._error.configure(text=words)
        if words:
            self._desk.say(f"ui: transfer wants {words}")

    # Copying

    @property
    def rows(self) -> list[TransferRow]:
        """All files that are listed, the newest first."""
        return [one for one in self._page.body.winfo_children() if isinstance(one, TransferRow)]

    @property
    def running(self) -> int:
        """How many files are being copied."""
        return sum(row.is_running for row in self.rows)

    def _copy(self) -> None:
        self._say("")
        try:
            files = shlex.split(self._files.get())
        except ValueError:
            self._say("A quote is not closed.")
            return
        if not files:
            self._files.entry.focus_set()
            self._say("Name a file. Several are told apart by blanks; put quotes around names "
                      "with blanks.")  # fmt: skip
            return
        if self.running + len(files) > MOST_AT_ONCE:
            self._say(f"No more than {MOST_AT_ONCE} files are copied at once.")
            return
        for path in files:
            self._add(path)
        self._files.set("")
        self._page.settle()

    def _add(self, path: str) -> None:
        folder = self._folder.get().strip()
        if self._is_upload and folder and not folder.endswith("/"):
            folder += "/"
        request = TransferFile(
            key="",
            server_uri=self._server_uri,
            login=self._login,
            is_upload=self._is_upload,
            local_path=path if self._is_upload else folder,
            remote_path=folder if self._is_upload else path,
        )
        look = self._desk.look
        above = self.rows
        row = TransferRow(self._desk, self._page.body, request, self._changed)
        gaps = {"padx": look.dp(PADDING), "pady": (look.dp(12), 0)}
        row.pack(fill="x", **gaps)  # type: ignore[arg-type]  # two kinds in one table
        if above:
            row.pack_configure(before=above[-1])

    def _changed(self) -> None:
        if self.winfo_exists():
            self.on_change()

    def take_focus(self) -> None:
        """The keyboard goes to the files."""
        self._files.entry.focus_set()

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is in it."""
        return focus.holds(self, str(self._desk.root.focus_get() or ""))

    def leave(self) -> None:
        """Stop everything: the tab closes."""
        for row in self.rows:
            row.leave()
