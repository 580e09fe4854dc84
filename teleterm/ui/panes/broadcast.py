"""Typing into several panes at once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge import frames

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk
    from teleterm.ui.documents.terminal import TerminalDocument


class Broadcast:
    """The panes that get what is typed into one of them; `on_change` after every change."""

    def __init__(self, desk: "Desk", on_change: Callable[[], object]) -> None:
        self._desk, self._on_change = desk, on_change
        self.targets: list[TerminalDocument] = []

    @property
    def is_on(self) -> bool:
        """Whether more than one pane gets the keys."""
        return bool(self.targets)

    def has(self, pane: "TerminalDocument") -> bool:
        """Whether a pane gets them."""
        return pane in self.targets

    def start(self, panes: "list[TerminalDocument]") -> None:
        """From now on these panes get what one of them gets."""
        self.targets = list(panes)
        self._tell()

    def stop(self) -> None:
        """Type into one pane again."""
        if self.targets:
            self.targets = []
            self._tell()

    def keep_to(self, panes: "list[TerminalDocument]") -> None:
        """Other panes than these are gone; a single one needs no broadcast."""
        left = [pane for pane in self.targets if pane in panes]
        if left != self.targets:
            self.targets = left if len(left) > 1 else []
            self._tell()

    def typed(self, source: "TerminalDocument", message: frames.ToEngine) -> None:
        """A pane got this: so do the others."""
        if source in self.targets:
            for pane in self.targets:
                if pane is not source:
                    pane.area.type_along(message)

    def _tell(self) -> None:
        self._on_change()
        count = len(self.targets)
        self._desk.say(f"ui: broadcast to {count} panes" if count else "ui: broadcast off")
