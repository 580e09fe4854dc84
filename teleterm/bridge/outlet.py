"""Bytes on their way out of something that never blocks."""

from collections.abc import Callable


class Outlet:
    """A bounded queue in front of a write that takes what fits: 0, or BlockingIOError, for nothing.

    Shape: `put` takes what fits below `limit_bytes` and refuses the rest, so that no peer that has
           stopped reading can make this process grow.
    """

    def __init__(self, write: Callable[[bytes], int], limit_bytes: int) -> None:
        self._write = write
        self._pending = bytearray()
        self._limit_bytes = limit_bytes

    @property
    def waiting_bytes(self) -> int:
        """How much hasn't left yet."""
        return len(self._pending)

    def put(self, data: bytes) -> bool:
        """Queue `data` and send what goes; False when it would not fit and was not taken."""
        if len(self._pending) + len(data) > self._limit_bytes:
            return False
        self._pending += data
        self.flush()
        return True

    def flush(self) -> None:
        """Send what goes now.

        Raises: OSError when the other side has gone.
        """
        while self._pending:
            try:
                sent = self._write(bytes(self._pending[:65536]))
            except (BlockingIOError, InterruptedError):
                return
            if not sent:
                return
            del self._pending[:sent]
