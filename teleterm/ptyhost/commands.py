"""How long a shell's commands take, by its marks (OSC 133)."""

from teleterm.bridge import frames
from teleterm.terminal.events import PromptMark

LONG_S = 10.0
"""Only commands that took longer are worth a word when they end."""


class Commands:
    """Watches the marks of one shell.

    Units: seconds of any steady clock.
    """

    def __init__(self) -> None:
        self._began_s: float | None = None

    def saw(self, mark: PromptMark, now_s: float) -> frames.Finished | None:
        """Take a mark; gives what to tell the window when a long command ended."""
        if mark.kind == "C":
            self._began_s = now_s
            return None
        began_s, self._began_s = self._began_s, None
        if mark.kind != "D" or began_s is None or now_s - began_s <= LONG_S:
            return None
        return frames.Finished(mark.exit_status or 0)
