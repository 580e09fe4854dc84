"""Typing into the terminals of several tabs at once, while the one typed into is in front."""

from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.documents.terminal import TerminalDocument
from teleterm.ui.panes.document import PanesDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from teleterm.ui.desk import Desk

MAX_ROWS = 16


class TabBroadcast:
    """One at a time in a window; it ends when another tab or pane is in front, or none is left."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._source: TerminalDocument | None = None
        self._targets: list[TerminalDocument] = []
        desk.store.listen("tabs", self._tabs_changed)

    def can_toggle(self) -> bool:
        """Whether it is on, or could begin here."""
        if self._source is not None:
            return True
        active = self._desk.tabs.active
        is_shared = active is not None and bool(active.alarm)
        return self._front() is not None and not is_shared and bool(self._others())

    def toggle(self) -> None:
        """Ask which tabs take part, or end it."""
        if self._source is not None:
            self._stop()
            return
        source = self._front()
        if source is not None:
            others = self._others()
            BroadcastDialog(self._desk, source, others, lambda them: self._start(source, them))

    def _front(self) -> TerminalDocument | None:
        active = self._desk.tabs.active
        inner = active.inner if active is not None else None
        return inner if isinstance(inner, TerminalDocument) else None

    def _others(self) -> list[TerminalDocument]:
        """The other terminals that run, in the order of their tabs."""
        found: list[TerminalDocument] = []
        for document in self._desk.tabs.documents:
            panes = document.panes if isinstance(document, PanesDocument) else [document]
            found += [pane for pane in panes if isinstance(pane, TerminalDocument)]
        source = self._front()
        return [pane for pane in found if pane is not source and pane.state == "live"]

    def _start(self, source: TerminalDocument, targets: "list[TerminalDocument]") -> None:
        alive = [target for target in targets if target.winfo_exists()]
        if source is self._front() and alive:
            self._source = source
            self._take(alive)

    def _stop(self) -> None:
        self._take([])

    def _take(self, targets: "list[TerminalDocument]") -> None:
        source = self._source
        gone = [target for target in self._targets if target not in targets]
        self._targets = targets
        for target in gone:
            _mark(target, is_shared=False)
        for target in targets:
            _mark(target, is_shared=True)
        if source is None:
            return
        if source.winfo_exists():
            source.area.followers = [target.area for target in targets]
            _mark(source, is_shared=bool(targets))
            source.on_change()
        if not targets:
            self._source = None
        count = len(targets) + 1
        self._desk.say(f"ui: broadcast to {count} tabs" if targets else "ui: broadcast off")

    def _tabs_changed(self) -> None:
        if self._source is None:
            return
        if self._source is not self._front():
            self._stop()
            return
        left = [target for target in self._targets if target.winfo_exists()]
        if left != self._targets:
            self._take(left)


def _mark(terminal: TerminalDocument, *, is_shared: bool) -> None:
    if terminal.winfo_exists():
        terminal.area.set_shared(is_shared=is_shared)
        terminal.area.frame_as_target(is_target=is_shared)


class BroadcastDialog(Dialog):
    """`.dlg_broadcast_tabs`: a tick for each terminal (`tick0`…), buttons `cancel`, `start`.

    Those that a rule of the settings guards aren't ticked.
    """

    def __init__(
        self,
        desk: "Desk",
        source: TerminalDocument,
        others: "Sequence[TerminalDocument]",
        on_done: "Callable[[list[TerminalDocument]], object]",
    ) -> None:
        super().__init__(desk, "dlg_broadcast_tabs", "Broadcast to tabs")
        self._on_done = on_done
        clean = desk.look.clean
        self.text(
            f"What is typed into {clean(source.title, 60)} goes to these too, "
            "until another tab is shown:",
            token="sec",
        )
        self._ticks: list[tuple[ttk.Checkbutton, TerminalDocument]] = []
        for number, terminal in enumerate(others[:MAX_ROWS]):
            rule = terminal.guard.rule if terminal.guard.is_on else None
            words = clean(terminal.title, 50) + (f" ({rule.tag})" if rule is not None else "")
            tick = ttk.Checkbutton(
                self.body, name=f"tick{number}", text=words, style="elevated.TCheckbutton"
            )
            tick.state(["!alternate", "!selected" if rule is not None else "selected"])
            self.add(tick, below=4, sticky="w")
            self._ticks.append((tick, terminal))
        if len(others) > MAX_ROWS:
            self.text(f"{len(others) - MAX_ROWS} more take no part.", token="muted", below=4)
        self.text("", below=4)
        made = self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("start", "Broadcast", "Primary", self._done)
        )
        self.open(made["start"])

    def _done(self) -> None:
        wanted = [terminal for tick, terminal in self._ticks if tick.instate(["selected"])]
        self.close()
        self._on_done(wanted)
