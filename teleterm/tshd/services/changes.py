"""What changes in the daemon, told to whoever listens. Nothing is kept for those who don't."""

import asyncio
from collections.abc import AsyncIterator

from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as pb

_MOST_WAITING = 1000


class Changes:
    """Takes changes in and gives each to every listener, in order."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[pb.Change]] = set()

    def tell(self, change: pb.Change) -> None:
        """Hand on a change; a listener that reads far too slowly misses some."""
        for queue in self._queues:
            if queue.qsize() < _MOST_WAITING:
                queue.put_nowait(change)

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._queues)

    async def listen(self) -> AsyncIterator[pb.Change]:
        """Every change from now on, until the listener leaves."""
        queue: asyncio.Queue[pb.Change] = asyncio.Queue()
        self._queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._queues.discard(queue)
