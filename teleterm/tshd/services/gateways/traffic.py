"""Counts of what goes through a gateway."""

from collections.abc import Callable
from dataclasses import dataclass


def _nobody() -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class Traffic:
    """Connections and bytes of one gateway; `changed` is called after each change."""

    open_connections: int = 0
    all_connections: int = 0
    failed_connections: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    changed: Callable[[], None] = _nobody

    def opened(self) -> None:
        """A connection reached the resource."""
        self.open_connections += 1
        self.all_connections += 1
        self.changed()

    def closed(self, up: int, down: int) -> None:
        """A connection ended."""
        self.open_connections -= 1
        self.bytes_up += up
        self.bytes_down += down
        self.changed()

    def failed(self) -> None:
        """A connection was closed before it reached the resource."""
        self.failed_connections += 1
        self.changed()
