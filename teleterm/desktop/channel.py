"""One end of a socket that carries framed messages, as a bare descriptor, without waiting on it."""

import os
import select
import sys
import time
from typing import Generic, TypeVar

from teleterm.bridge import desktop_contract
from teleterm.bridge.desktop_contract import Data, ToWindow
from teleterm.bridge.splitter import Splitter

M = TypeVar("M")
READ_BYTES = 256 * 1024
WRITE_BYTES = 64 * 1024
FULL_BYTES = 8 * 1024 * 1024
"""With this much unsent the other channel isn't read, so that a slow reader slows the desktop."""


class Channel(Generic[M]):
    """Reads and writes when the owner's loop says that the socket is ready."""

    def __init__(self, descriptor: int, reader: Splitter[M]) -> None:
        self.descriptor = descriptor
        if sys.platform != "win32":  # where main starts no such process
            os.set_blocking(descriptor, False)
        self._reader = reader
        self._unsent = bytearray()

    @property
    def has_unsent(self) -> bool:
        """Whether it waits to be writable."""
        return bool(self._unsent)

    @property
    def is_full(self) -> bool:
        """Whether the other side reads too slowly."""
        return len(self._unsent) > FULL_BYTES

    def send(self, message: ToWindow | Data) -> None:
        """Send a message, now or later."""
        self._unsent += desktop_contract.pack(message)
        self.flush()

    def flush(self) -> None:
        """Send what the socket takes now. Raises: ConnectionError when nobody is there."""
        while self._unsent:
            try:
                count = os.write(self.descriptor, self._unsent[:WRITE_BYTES])
            except (BlockingIOError, InterruptedError):
                return
            del self._unsent[:count]

    def receive(self) -> list[M] | None:
        """The messages that are whole now; None at the end.

        Raises: PeerBroke when what comes is none of the contract's.
        """
        try:
            data = os.read(self.descriptor, READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError:
            return None
        return self._reader.feed(data) if data else None

    def drain(self, seconds: float) -> None:
        """Wait until all is sent, for so long at most."""
        ends_at = time.monotonic() + seconds
        while self._unsent and (left := ends_at - time.monotonic()) > 0:
            select.select([], [self.descriptor], [], left)
            try:
                self.flush()
            except OSError:
                return
