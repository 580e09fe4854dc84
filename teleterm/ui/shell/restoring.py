"""The tabs of last time: at once after a crash or an update, else on a wish."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from teleterm.bridge.views import DocumentView, TerminalView
from teleterm.ui.documents.terminal import TerminalDocument
from teleterm.ui.panes.document import PanesDocument
from teleterm.ui.panes.kept import holds_any, is_same

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


def revive(
    desk: "Desk", asleep: Sequence[DocumentView], terminals: Sequence[TerminalView], *, all_: bool
) -> None:
    """Open the tabs of terminals that run; with `all_` the others between them, as they lay."""
    alive = list(terminals)
    if alive and all_:
        for view in asleep:
            found = next((one for one in alive if is_same(one.document, view)), None)
            if found is None:
                alive = _add(desk, view, alive)
            else:
                alive.remove(found)
                _attach(desk, view, found.terminal_id)
    elif alive:
        for view in asleep:
            if view.kind == "panes" and holds_any(view, alive):
                alive = _add(desk, view, alive)
    for terminal in alive:
        _attach(desk, terminal.document, terminal.terminal_id)


def _add(desk: "Desk", view: DocumentView, alive: list[TerminalView]) -> list[TerminalView]:
    """Open a tab, which takes those living terminals that were its panes; gives the rest."""
    made = desk.tabs.add(view)
    return made.attach(alive) if isinstance(made, PanesDocument) else alive


def _attach(desk: "Desk", view: DocumentView, terminal_id: str) -> None:
    document = desk.tabs.add(view)
    if isinstance(document, TerminalDocument):
        document.attach(terminal_id)


def reopen(desk: "Desk", documents: Sequence[DocumentView]) -> None:
    """Open tabs that nothing runs in, with the one in front that was."""
    for view in documents:
        desk.tabs.add(view)
    opened = desk.tabs.documents
    if opened:
        desk.tabs.show(opened[min(desk.store.layout.active, len(opened) - 1)])
