"""A tab with several terminals beside each other, typed into one by one or all at once."""

import tkinter as tk
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

from teleterm.bridge.views import DocumentView, TerminalView
from teleterm.ui.dialogs.confirm import ConfirmDialog
from teleterm.ui.documents.document import Document
from teleterm.ui.documents.news import NOTHING, News
from teleterm.ui.documents.terminal import TerminalDocument
from teleterm.ui.panes import layout
from teleterm.ui.panes.broadcast import Broadcast
from teleterm.ui.panes.kept import is_same, kept, panes_view
from teleterm.ui.panes.stage import Stage

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

STEP = 0.05
"""How far a key moves a divider, as a share of the split."""


class PanesDocument(Document):
    """Its panes are whole terminal documents, children of the notebook that lie over this page.

    So a terminal goes from a tab into a pane and back without being built anew.
    """

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._panes: dict[int, TerminalDocument] = {}
        self._count = 0
        self._current = 0
        self._is_shown = False
        self._is_zoomed = False
        self._broadcast = Broadcast(desk, self._broadcast_changed)
        self._stage = Stage(desk.look, self, name="stage")
        self._stage.grid(row=1, column=0, sticky="nsew")
        self._stage.on_place = self._place
        self._stage.on_settle = lambda: self.on_change()  # noqa: PLW0108 - it is set later
        views, tree = kept(view)
        for one in views:
            self._take(TerminalDocument(desk, parent, one, self._new_name()))
        self._layout = tree
        if self._panes:
            self._arrange()

    # Making

    def _new_name(self) -> str:
        return f"{self.winfo_name()}p{self._count}"

    def _take(self, pane: TerminalDocument) -> int:
        number = self._count
        self._count += 1
        self._panes[number] = pane
        pane.on_change = self._pane_changed
        pane.is_in_front = lambda: self._is_front(pane)
        pane.on_leave = lambda: self._drop(number)
        pane.area.on_focus = lambda: self._focused(number)
        pane.area.on_typed = lambda message: self._broadcast.typed(pane, message)
        return number

    def _is_front(self, pane: TerminalDocument) -> bool:
        return self._is_shown and pane is self.pane

    def begin(self, first: TerminalDocument, *, is_row: bool) -> None:
        """Start with the terminal of a tab and another one like it beside or below it."""
        self._layout = layout.Layout(layout.Leaf(self._take(first)))
        self.split(is_row=is_row)

    def split(self, *, is_row: bool) -> None:
        """Put another terminal like the active one beside or below it."""
        old = self.pane
        if old is None:
            return
        view = old.twin()
        number = self._take(TerminalDocument(self.desk, self.master, view, self._new_name()))
        self._layout.split(self._current, number, is_row=is_row)
        self._is_zoomed = False
        self._current = number
        self._arrange()
        self._panes[number].set_dimmed(is_dimmed=False)
        if self._is_shown:
            self._panes[number].shown()
        self._broadcast.keep_to(list(self._panes.values()))
        self.on_change()
        self.desk.say(f"ui: pane opened, {len(self._panes)} panes")

    def attach(self, terminals: list[TerminalView]) -> list[TerminalView]:
        """Take those of these living terminals that were its panes; give the rest back."""
        left = list(terminals)
        for pane in self._panes.values():
            view = pane.view()
            found = next((t for t in left if is_same(t.document, view)), None)
            if found is not None:
                left.remove(found)
                pane.attach(found.terminal_id)
        return left

    # What it is

    @property
    def pane(self) -> TerminalDocument | None:
        """The active pane."""
        return self._panes.get(self._current)

    @property
    def inner(self) -> Document:
        """The active pane."""
        return self.pane or self

    @property
    def panes(self) -> list[TerminalDocument]:
        """All panes in reading order."""
        return [self._panes[number] for number in self._layout.panes()]

    @property
    def key(self) -> str:
        """It is never the same as another."""
        return f"panes {self}"

    @property
    def icon(self) -> str:
        """The sign of a split."""
        return "split_right"

    @property
    def title(self) -> str:
        """The active pane's."""
        return self.custom_title or (self.pane.title if self.pane is not None else "")

    @property
    def cluster_uri(self) -> str:
        """The active pane's."""
        return self.pane.cluster_uri if self.pane is not None else ""

    @property
    def state(self) -> str:
        """The active pane's."""
        return self.pane.state if self.pane is not None else ""

    @property
    def is_live(self) -> bool:
        """Whether any pane is."""
        return any(pane.is_live for pane in self._panes.values())

    @property
    def live_text(self) -> str:
        """What is lost."""
        count = sum(pane.is_live for pane in self._panes.values())
        noun = "pane is" if count == 1 else "panes are"
        return f"{count} {noun} connected. Closing the tab ends them."

    def has(self, key: str) -> bool:
        """Whether one of its panes is the document of that key."""
        return any(pane.key == key for pane in self._panes.values())

    def reveal(self, key: str) -> None:
        """Make the pane with that key the active one."""
        for number, pane in self._panes.items():
            if pane.key == key:
                self._activate(number)
                return

    def view(self) -> DocumentView:
        """The form that is kept: every pane's, and how they lie."""
        views = [pane.view() for pane in self.panes]
        return panes_view(views, self._layout, title=self.custom_title)

    def status(self) -> str:
        """The active pane's own words, and which one fills the tab."""
        words = self.pane.status() if self.pane is not None else ""
        if self._is_zoomed and not self._broadcast.is_on:
            at = self._layout.panes().index(self._current) + 1
            return f"pane {at} of {len(self._panes)}, zoomed    {words}"
        return words

    @property
    def alarm(self) -> str:
        """Where typing goes, if not to the active pane alone."""
        if self._broadcast.is_on:
            return f"typing goes to {len(self._broadcast.targets)} panes"
        return self.pane.alarm if self.pane is not None else ""

    # Life

    def with_kept(self, use: Callable[[int, int], object]) -> None:
        """Call `use` for each pane."""
        for pane in self.panes:
            pane.with_kept(use)

    def shown(self) -> None:
        """Connect and paint every pane that is seen."""
        self._is_shown = True
        current = self.pane
        self._arrange()
        for pane in self.panes:
            if not self._is_zoomed or pane is current:
                pane.shown()
        super().shown()

    def hidden(self) -> None:
        """Paint nothing; typing to all panes ends here."""
        self._is_shown = False
        for pane in self.panes:
            pane.news = NOTHING  # it was seen until now
        self._broadcast.stop()
        for pane in self._panes.values():
            pane.hidden()

    def focus_content(self) -> None:
        """The keyboard goes to the active pane."""
        if self.pane is not None:
            self.pane.focus_content()

    def close(self) -> None:
        """End every pane."""
        self._broadcast.stop()
        for pane in self._panes.values():
            pane.close()
            pane.destroy()
        self._panes.clear()

    def _drop(self, number: int) -> None:
        """A pane goes; with the last but one the tab is an ordinary one again."""
        pane = self._panes.pop(number, None)
        if pane is None:
            return
        was_current = number == self._current
        before = self._layout.panes()
        at = before.index(number)
        self._layout.remove(number)
        pane.close()
        pane.destroy()
        self.desk.say(f"ui: pane closed, {len(self._panes)} panes")
        if not self._panes:
            self.desk.tabs.drop(self)
            return
        if was_current:
            left = self._layout.panes()
            self._current = left[min(at, len(left) - 1)]
            self._is_zoomed = False
        if len(self._panes) == 1:
            self._dissolve()
            return
        self._broadcast.keep_to(list(self._panes.values()))
        self._arrange()
        if self._is_shown:
            self._activate(self._current)
        self.on_change()

    def _dissolve(self) -> None:
        (pane,) = self._panes.values()
        self._panes.clear()
        self._broadcast.stop()
        pane.place_forget()
        pane.stand_alone()
        was_shown = self._is_shown
        self.desk.tabs.swap(self, pane)
        self.destroy()
        if was_shown:
            pane.shown()

    # Layout

    def _arrange(self) -> None:
        self._stage.show(self._layout, zoomed=self._current if self._is_zoomed else None)

    def _place(self, boxes: dict[int, layout.Box]) -> None:
        for number, pane in self._panes.items():
            box = boxes.get(number)
            if box is None:
                pane.place_forget()
                continue
            x, y, width, height = box
            pane.place(in_=self._stage, x=x, y=y, width=width, height=height)
            tk.Misc.lift(pane)
        self._paint_panes()

    def _paint_panes(self) -> None:
        targets = {number for number, pane in self._panes.items() if self._broadcast.has(pane)}
        self._stage.mark(targets)
        for number, pane in self._panes.items():
            is_plain = number == self._current or number in targets
            pane.set_dimmed(is_dimmed=not is_plain)

    def _focused(self, number: int) -> None:
        if number in self._panes and number != self._current:
            self._current = number
            self._paint_panes()
            self.on_change()
            self.desk.say(f"ui: pane active {self._layout.panes().index(number)}")

    def _activate(self, number: int) -> None:
        self._focused(number)
        if self._is_zoomed:
            self._show_zoomed()
        self.focus_content()

    def _pane_changed(self) -> None:
        if not self._is_shown:
            self.news = reduce(News.with_more, (pane.news for pane in self.panes), NOTHING)
        self.on_change()

    # What actions do to it

    def split_right(self) -> None:
        """Another terminal right of the active one."""
        self.split(is_row=True)

    def split_down(self) -> None:
        """Another terminal below the active one."""
        self.split(is_row=False)

    def close_pane(self) -> None:
        """Close the active pane; asks first if something live would end."""
        pane, number = self.pane, self._current
        if pane is None:
            return
        if pane.is_live and self.desk.store.settings.tabs_confirm_close:
            self.desk.dialogs.close_tabs([pane], lambda: self._drop(number))
        else:
            self._drop(number)

    def can_focus_pane(self, direction: str) -> bool:
        """Whether a pane lies that way."""
        boxes = self._stage.pane_boxes(self._layout)
        return layout.neighbour(boxes, self._current, direction) is not None

    def focus_pane(self, direction: str) -> None:
        """Go to the pane that lies that way."""
        found = layout.neighbour(self._stage.pane_boxes(self._layout), self._current, direction)
        if found is not None:
            self._activate(found)

    def resize_pane(self, direction: str) -> None:
        """Move the active pane's divider."""
        if self._layout.resize(self._current, direction, STEP):
            self._arrange()
            self.on_change()

    def zoom_pane(self) -> None:
        """Show the active pane alone, or all again."""
        self._is_zoomed = not self._is_zoomed
        self._show_zoomed()
        self.on_change()
        self.desk.say(f"ui: pane zoomed {self._is_zoomed}")

    def _show_zoomed(self) -> None:
        self._arrange()
        for number, pane in self._panes.items():
            is_seen = self._is_shown and (not self._is_zoomed or number == self._current)
            pane.area.set_shown(is_shown=is_seen)
        self.focus_content()

    def toggle_broadcast(self) -> None:
        """Type into all panes, or into one again."""
        if self._broadcast.is_on:
            self._broadcast.stop()
            return
        if self._is_zoomed:
            self.zoom_pane()
        guarded = [pane for pane in self.panes if pane.guard.is_on]
        if not guarded:
            self._broadcast.start(self.panes)
            return
        ConfirmDialog(
            self.desk, "dlg_broadcast", "Type into all panes?",
            text="A rule of the settings guards some of them:",
            lines=[pane.title for pane in guarded],
            choices=(
                ("cancel", "Cancel", "", lambda: None),
                ("start", "Type into all", "Danger", lambda: self._broadcast.start(self.panes)),
            ),
        )  # fmt: skip

    def exclude_pane(self) -> None:
        """Leave the active pane out of the broadcast."""
        self._broadcast.keep_to([pane for pane in self.panes if pane is not self.pane])

    def _broadcast_changed(self) -> None:
        for pane in self._panes.values():
            pane.area.set_shared(is_shared=self._broadcast.has(pane))
        self._paint_panes()
        self.on_change()
