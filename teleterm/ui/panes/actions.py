"""What can be done to panes, by name."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from teleterm.bridge.views import DocumentView
from teleterm.ui.actions import Action
from teleterm.ui.documents.terminal import TerminalDocument
from teleterm.ui.panes.document import PanesDocument
from teleterm.ui.panes.kept import panes_view
from teleterm.ui.panes.layout import DIRECTIONS
from teleterm.ui.panes.tab_broadcast import TabBroadcast

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


def split(desk: "Desk", *, is_row: bool) -> None:
    """Put another terminal like the active one beside or below it."""
    active = desk.tabs.active
    if isinstance(active, PanesDocument):
        active.split(is_row=is_row)
    elif isinstance(active, TerminalDocument):
        page = desk.tabs.make(DocumentView(kind="panes"))
        if isinstance(page, PanesDocument):
            desk.tabs.swap(active, page)
            page.begin(active, is_row=is_row)
            page.shown()


def open_in_panes(desk: "Desk", views: Sequence[DocumentView]) -> None:
    """Open these terminals in one new tab, in rows and columns; several can be typed into then."""
    desk.tabs.open(panes_view(views), is_again=True)


def pane_actions(desk: "Desk") -> list[Action]:
    """Split, close, zoom, go, resize, type into all."""
    tab_broadcast = TabBroadcast(desk)

    def is_terminal() -> bool:
        return isinstance(desk.tabs.active, (TerminalDocument, PanesDocument))

    def does(act: Callable[[PanesDocument], object]) -> Callable[[], object]:
        def run() -> None:
            active = desk.tabs.active
            if isinstance(active, PanesDocument):
                act(active)

        return run

    def can(test: Callable[[PanesDocument], bool] = lambda _page: True) -> Callable[[], bool]:
        def check() -> bool:
            active = desk.tabs.active
            return isinstance(active, PanesDocument) and test(active)

        return check

    def made(name: str, title: str, act: Callable[[PanesDocument], object]) -> Action:
        return Action(name=name, title=title, run=does(act), can_run=can())

    def steps() -> Iterator[Action]:
        for way in DIRECTIONS:
            yield Action(
                name=f"focusPane{way.capitalize()}",
                title=f"Go to the pane {_WORDS[way]}",
                run=does(lambda page, way=way: page.focus_pane(way)),  # type: ignore[misc]
                can_run=can(lambda page, way=way: page.can_focus_pane(way)),  # type: ignore[misc]
            )
            yield Action(
                name=f"resizePane{way.capitalize()}",
                run=does(lambda page, way=way: page.resize_pane(way)),  # type: ignore[misc]
                can_run=can(),
            )

    return [
        Action(
            name="splitRight",
            title="Split right",
            run=lambda: split(desk, is_row=True),
            can_run=is_terminal,
        ),
        Action(
            name="splitDown",
            title="Split down",
            run=lambda: split(desk, is_row=False),
            can_run=is_terminal,
        ),
        made("closePane", "Close pane", PanesDocument.close_pane),
        made("zoomPane", "Zoom pane", PanesDocument.zoom_pane),
        made("toggleBroadcast", "Broadcast to panes", PanesDocument.toggle_broadcast),
        Action(
            name="broadcastToTabs",
            title="Broadcast to tabs…",
            run=tab_broadcast.toggle,
            can_run=tab_broadcast.can_toggle,
        ),
        made("excludePane", "Take this pane out of the broadcast", PanesDocument.exclude_pane),
        *steps(),
    ]


_WORDS = {"left": "at the left", "right": "at the right", "up": "above", "down": "below"}
