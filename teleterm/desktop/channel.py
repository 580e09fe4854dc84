"""One end of a socket that carries framed messages, as a bare descriptor, without waiting on it."""

import os
import select
import sys
import time
from functools import partial
from typing import Generic, TypeVar

from teleterm.bridge import desktop_contract
from teleterm.bridge.desktop_contract import Data, ToWindow
from teleterm.bridge.outlet import Outlet
from teleterm.bridge.splitter import Splitter
from teleterm.model.errors import PeerBroke

M = TypeVar("M")
READ_BYTES = 256 * 1024
FULL_BYTES = 8 * 1024 * 1024
"""With this much unsent the other channel isn't read, so that a slow reader slows the desktop."""
LIMIT_BYTES = 512 * 1024 * 1024


class Channel(Generic[M]):
    """Reads and writes when the owner's loop says that the socket is ready."""

    def __init__(self, descriptor: int, reader: Splitter[M]) -> None:
        self.descriptor = descriptor
        if sys.platform != "win32":  # where main starts no such process
            os.set_blocking(descriptor, False)
        self._reader = reader
        self._outlet = Outlet(partial(os.write, descriptor), LIMIT_BYTES)

    @property
    def has_unsent(self) -> bool:
        """Whether it waits to be writable."""
        return bool(self._outlet.waiting_bytes)

    @property
    def is_full(self) -> bool:
        """Whether the other side reads too slowly."""
        return self._outlet.waiting_bytes > FULL_BYTES

    def send(self, message: ToWindow | Data) -> None:
        """Send a message, now or later.

        Raises: ConnectionError when nobody is there; PeerBroke when one read brought too much.
        """
        if not self._outlet.put(desktop_contract.pack(message)):
            raise PeerBroke("The desktop sends more than can be shown.")

    def flush(self) -> None:
        """Send what the socket takes now. Raises: ConnectionError when nobody is there."""
        self._outlet.flush()

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
        while self.has_unsent and (left := ends_at - time.monotonic()) > 0:
            select.select([], [self.descriptor], [], left)
            try:
                self.flush()
            except OSError:
                return
