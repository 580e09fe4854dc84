"""The body of a control string that is being read: bounded, however long the string is."""

from __future__ import annotations

from teleterm.terminal.pieces import STRAY

_MAX_LENGTH = 140_000


class Body:
    """What came of a string so far. `kind` is the character that began it; none: no string."""

    __slots__ = ("_length", "_parts", "kind")

    def __init__(self) -> None:
        self.start("")

    def start(self, kind: str) -> None:
        """Forget what was collected, and collect for a string of another kind, or none."""
        self.kind = kind
        self._parts: list[str] = []
        self._length = 0

    def collect(self, part: str) -> None:
        """Take a part; of a string that grew too long nothing is kept."""
        self._length += len(part)
        if self._length > _MAX_LENGTH:
            self._parts.clear()
        elif part:
            self._parts.append(part)

    def take(self) -> str | None:
        """Give the whole without controls, and end it; None if it was too long."""
        whole = "".join(self._parts) if self._length <= _MAX_LENGTH else None
        self.start("")
        return None if whole is None else STRAY.sub("", whole)
