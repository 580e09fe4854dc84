"""Bytes on their way out of a descriptor that never blocks."""

import os


class Outlet:
    """A bounded queue in front of a non-blocking descriptor.

    Shape: `put` takes what fits below `limit_bytes` and refuses the rest, so that no peer that has
           stopped reading can make this process grow.
    """

    def __init__(self, descriptor: int, limit_bytes: int) -> None:
        self._descriptor = descriptor
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
                sent = os.write(self._descriptor, self._pending[:65536])
            except (BlockingIOError, InterruptedError):
                return
            del self._pending[:sent]
