"""What blinks in the terminal that has the keyboard: the cursor, and text that asks for it."""

from teleterm.ui.terminal.painter import Painter
from teleterm.ui.terminal.timers import Timers

BLINK_MS = 600
"""Half a turn; less than once a second in all, as nothing may flash faster."""


class Blinker:
    """`wants_cursor` is the setting; programs may want it too."""

    def __init__(self, painter: Painter, timers: Timers) -> None:
        self._painter, self._timers = painter, timers
        self.wants_cursor = False

    @property
    def _has_cursor(self) -> bool:
        return self.wants_cursor or self._painter.blinks

    @property
    def _is_wanted(self) -> bool:
        return self._painter.has_focus and (self._has_cursor or self._painter.has_blinking_text)

    def follow(self) -> None:
        """A frame came: begin or end."""
        if self._is_wanted != ("blink" in self._timers):
            self.restart()

    def restart(self) -> None:
        """Show everything, and blink from now on if something should."""
        self._timers.stop("blink")
        self._painter.blink_text(is_off=False)
        if self._painter.has_focus:
            self._painter.set_focus(has_focus=True)
            if self._is_wanted:
                self._timers.later("blink", BLINK_MS, self._blink)

    def typed(self) -> None:
        """The cursor is shown while one types."""
        if "blink" in self._timers:
            self.restart()

    def _blink(self) -> None:
        if self._has_cursor:
            self._painter.blink()
        self._painter.blink_text(is_off=not self._painter.coloring.is_blink_off)
        self._timers.later("blink", BLINK_MS, self._blink)
