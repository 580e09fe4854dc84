"""The menu of a terminal: what may be done to its text, its address below the mouse, its pane."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.ui.widgets.menu import LINE, MenuItem

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

Act = Callable[[], object]

TEXT = (
    ("terminalCopy", "Copy"),
    ("terminalPaste", "Paste"),
    ("selectAll", "Select all"),
    ("", ""),
    ("terminalSearch", "Find…"),
    ("clearScrollback", "Clear scrollback"),
    ("resetTerminal", "Reset terminal"),
    ("saveOutput", "Save output"),
    ("logToFile", "Log to file…"),
    ("plainView", "Plain view"),
    ("transferFiles", "Transfer files…"),
    ("", ""),
    ("splitRight", "Split right"),
    ("splitDown", "Split down"),
)
PANES = (
    ("zoomPane", "Zoom pane"),
    ("toggleBroadcast", "Broadcast to panes"),
    ("excludePane", "Leave this pane out"),
    ("closePane", "Close pane"),
)


def items(desk: "Desk", url: str, *, follow: Act, copy: Act) -> list[MenuItem]:
    """The lines of the menu; `follow` and `copy` are for the link, if one is there."""
    found: list[MenuItem] = []
    if url:
        found += [
            MenuItem(title="Open link", run=follow),
            MenuItem(title="Copy link", run=copy),
            LINE,
        ]
    found += [_line(desk, name, title) for name, title in TEXT]
    if desk.actions.can_run("closePane"):
        found += [_line(desk, name, title) for name, title in PANES if desk.actions.can_run(name)]
    return found


def _line(desk: "Desk", name: str, title: str) -> MenuItem:
    if not name:
        return LINE
    return MenuItem(
        title=title,
        run=lambda: desk.actions.run(name),
        key=desk.actions.key_of(name),
        is_enabled=desk.actions.can_run(name),
    )
