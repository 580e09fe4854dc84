"""When a frame may leave and how much may be fed at once: the rules of pressure, without I/O.

Source: terminal-engine.md, "Rules for pressure".
"""

SLOT_S = 0.016
HOLD_S = 0.150
"""Longest time a program may hold frames back (synchronized output)."""
CHUNK_BYTES = 65536
SMALL_CHUNK_BYTES = 16384
SLOW_S = 0.008


class FrameGate:
    """One frame on its way, at most one a slot; damage adds up meanwhile.

    Units: seconds of any steady clock.
    """

    def __init__(self) -> None:
        self._sent_at = -1.0
        self._held_since: float | None = None
        self._unanswered = 0
        self.serial = 0

    @property
    def is_waiting(self) -> bool:
        """Whether the window has yet to paint the last frame."""
        return self._unanswered != 0

    def due_in(self, now_s: float, *, is_held: bool) -> float | None:
        """Seconds until a frame may leave; None while the window hasn't painted the last one."""
        if self.is_waiting:
            return None
        wait_s = max(0.0, self._sent_at + SLOT_S - now_s)
        if not is_held:
            self._held_since = None
            return wait_s
        if self._held_since is None:
            self._held_since = now_s
        return max(wait_s, self._held_since + HOLD_S - now_s)

    def sent(self, now_s: float) -> None:
        """A frame with `serial` + 1 has left."""
        self.serial += 1
        self._unanswered = self.serial
        self._sent_at = now_s
        self._held_since = None

    def painted(self, serial: int) -> None:
        """The window has painted a frame."""
        if serial == self._unanswered:
            self._unanswered = 0

    def reset(self) -> None:
        """A new window: nothing is on its way to it."""
        self._unanswered = 0
        self._sent_at = -1.0


class Appetite:
    """How many bytes to feed between two looks at the window: fewer after a slow chunk."""

    def __init__(self) -> None:
        self.chunk_bytes = CHUNK_BYTES

    def ate(self, seconds: float) -> None:
        """The last chunk took so long."""
        self.chunk_bytes = SMALL_CHUNK_BYTES if seconds > SLOW_S else CHUNK_BYTES
