"""What a program says besides cells (titles, bells, notices), in moderation.

A program can ring ten thousand times a second; the window must not wake as often for it.
"""

from teleterm.bridge import frames

SLOT_S = 0.1


class Bulletin:
    """The newest message of each kind, at most one batch a slot; the first leaves at once.

    Units: seconds of any steady clock.
    """

    def __init__(self) -> None:
        self._waiting: dict[type[frames.ToWindow], frames.ToWindow] = {}
        self._sent_at: float | None = None

    def add(self, message: frames.ToWindow) -> None:
        """Let this leave instead of what waits of its kind."""
        self._waiting.pop(type(message), None)
        self._waiting[type(message)] = message

    def due_in(self, now_s: float) -> float | None:
        """Seconds until a batch may leave; None when nothing waits."""
        if not self._waiting:
            return None
        return 0.0 if self._sent_at is None else max(0.0, self._sent_at + SLOT_S - now_s)

    def take(self, now_s: float) -> list[frames.ToWindow]:
        """Give what waits, in the order it came, and forget it."""
        found = list(self._waiting.values())
        self._waiting.clear()
        if found:
            self._sent_at = now_s
        return found
