"""A document whose middle is a terminal: what actions do to that terminal."""

import json
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, Reply, SaveText, SetSetting, Text
from teleterm.bridge.views import DocumentView
from teleterm.ui.dialogs.confirm import ConfirmDialog
from teleterm.ui.documents.document import Document
from teleterm.ui.documents.terminal_area import TerminalArea
from teleterm.ui.documents.terminal_guard import Guard, rule_for
from teleterm.ui.documents.transfer_panel import TransferPanel

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


class TerminalPage(Document):
    """A tab's page, or a pane of one.

    `is_in_front` tells whether it has the person's attention and `on_leave` takes it away; a tab
    with panes sets its own.
    """

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self.is_in_front: Callable[[], bool] = lambda: False
        self.on_leave: Callable[[], object] = lambda: None
        self.stand_alone()
        self.area = TerminalArea(desk, self, name="term")
        self.area.grid(row=1, column=0, sticky="nsew")
        self.area.on_recorded = self._recorded
        self.transfer: TransferPanel | None = None
        self.log_path = ""
        """The file that the session is written to now."""
        self.guard = Guard(desk, self.area)
        self.guard_by_rules()

    def guard_by_rules(self) -> None:
        """Mark it if a rule of the settings is for it; lines are asked about then."""
        rules = self.desk.store.settings.rules
        self.guard.show(rule_for(rules, self._view.title, self._view.fields))
        self.area.set_guarded(is_guarded=self.guard.is_on)

    def stand_alone(self) -> None:
        """It has a tab of its own (again)."""
        self.is_in_front = lambda: self.desk.tabs.active is self
        self.on_leave = lambda: self.desk.tabs.drop(self)

    def set_dimmed(self, *, is_dimmed: bool) -> None:
        """A pane that isn't the active one is a little darker."""
        self.area.set_dimmed(is_dimmed=is_dimmed)

    # Files

    def can_transfer_files(self) -> bool:
        """Whether it is on a server that files can be copied to."""
        return self.kind == "ssh"

    def transfer_files(self) -> None:
        """Show the panel that copies files, or put it away if it has the keyboard."""
        if self.transfer is None:
            self.transfer = TransferPanel(
                self.desk, self, self.field("server_uri"), self.field("login"), self._close_transfer
            )
            self.transfer.on_change = lambda: self.on_change()  # noqa: PLW0108 - it is set later
        elif self.transfer.has_focus:
            self._close_transfer()
            return
        if not self.transfer.winfo_manager():
            self.transfer.grid(row=0, column=1, rowspan=2, sticky="ns")
            self.desk.say("ui: transfer panel shown")
        self.transfer.take_focus()

    def _close_transfer(self) -> None:
        """Put the panel away; what is being copied goes on."""
        if self.transfer is not None:
            self.transfer.grid_remove()
            self.focus_content()
            self.desk.say("ui: transfer panel hidden")

    @property
    def copying(self) -> int:
        """How many files are being copied."""
        return self.transfer.running if self.transfer is not None else 0

    def can_copy(self) -> bool:
        """Whether something is selected."""
        return self.area.has_selection()

    def copy(self) -> None:
        """Copy what is selected."""
        self.area.copy()

    def paste(self) -> None:
        """Paste the clipboard."""
        self.area.paste()

    def put(self, text: str, *, is_run: bool) -> None:
        """Paste words of one's own, and press Enter after them if they are to run."""
        self.area.put(text, is_run=is_run)

    def find(self) -> None:
        """Open the search bar."""
        self.area.find()

    def select_all(self) -> None:
        """Select everything."""
        self.area.select_all()

    def with_kept(self, use: Callable[[int, int], object]) -> None:
        """Call `use` with the lines that its scrollback has, and the bytes that they take."""
        self.area.with_kept(use)

    def clear_scrollback(self) -> None:
        """Forget what scrolled out."""
        self.area.clear_scrollback()

    def reset_terminal(self) -> None:
        """Put it back in order after a program that left it in disorder."""
        self.area.reset()

    def copy_all(self) -> None:
        """Copy everything, scrollback too."""
        self.area.with_all_text(self._copy_all)

    def _copy_all(self, text: str, is_cut: bool) -> None:  # noqa: FBT001 - a callback
        self.desk.opener.copy(text)
        self._say_cut(is_cut=is_cut)

    def save_output(self) -> None:
        """Write everything, scrollback too, to a file in the downloads folder."""
        self.area.with_all_text(self._save)

    def _save(self, text: str, is_cut: bool) -> None:  # noqa: FBT001 - a callback
        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Text):
                self.desk.notices.show("success", "Output saved", reply.text)
                self._say_cut(is_cut=is_cut)
            else:
                self.desk.notices.show_reply(reply)

        self.desk.bridge.ask(SaveText(name=self.title, text=text + "\n"), answered)

    def log_to_file(self) -> None:
        """Write the session to a file from now on, after a word about it; or no longer."""
        if self.log_path:
            self.area.record("")
            return
        title = self.desk.look.clean(self.title, 60)
        ConfirmDialog(
            self.desk, "dlg_log", "Log to file",
            text=f"Everything that {title} prints from now on goes to a new file in the downloads "
                 "folder, colours and other control codes included: “less -R” shows them.",
            choices=(
                ("cancel", "Cancel", "", lambda: None),
                ("start", "Start logging", "Primary", lambda: self.area.record(self.title)),
            ),
            focus="start",
        )  # fmt: skip

    def _recorded(self, path: str, problem: str) -> None:
        before, self.log_path = self.log_path, self.desk.look.clean(path, 300)
        clean_problem = self.desk.look.clean(problem, 200)
        if clean_problem:
            self.desk.notices.show("warning", "Not logged to a file", clean_problem)
        elif path != before:
            words = "Logging to a file" if path else "Logging stopped"
            self.desk.notices.show("success", words, self.log_path or before)
        self.on_change()

    def _say_cut(self, *, is_cut: bool) -> None:
        if is_cut:
            words = "It is longer than a million characters; the rest was left out."
            self.desk.notices.show("warning", "Not all of the output", words)

    def plain_view(self) -> None:
        """Show the text in a plain text field, for magnifiers and reading line by line."""
        title = self.desk.look.clean(self.title, 80)
        self.area.with_all_text(lambda text, _cut: self.desk.dialogs.details(title, text))

    def zoom_in(self) -> None:
        """Larger letters in this tab."""
        self.area.zoom(1)

    def zoom_out(self) -> None:
        """Smaller letters in this tab."""
        self.area.zoom(-1)

    def zoom_reset(self) -> None:
        """The size of the settings."""
        self.area.zoom(0)

    def zoom_default(self) -> None:
        """Make this tab's size the one of the settings."""

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                self.desk.notices.show_reply(reply)
            else:
                self.area.zoom(0)

        size = json.dumps(self.area.font_size())
        self.desk.bridge.ask(SetSetting(key="terminal.fontSize", value_json=size), answered)
