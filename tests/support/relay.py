"""A relay in front of a port that cuts connections in the middle: in a thread of its own."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_CHUNK = 1 << 16


@dataclass(slots=True)
class Cut:
    """After how many bytes of the server's a connection ends, None for never.

    `connection` counts them from 1; 0 means each. `is_abrupt` resets it instead of closing it.
    """

    after: int | None = None
    connection: int = 0
    is_abrupt: bool = False
    seen: int = field(default=0, init=False)

    def begin(self) -> int | None:
        """Take the next connection; gives its limit."""
        self.seen += 1
        return self.after if self.connection in {0, self.seen} else None


@dataclass(slots=True)
class Relay:
    """Its port, and what it does to the connections from now on."""

    port: int
    cut: Cut = field(default_factory=Cut)


@contextlib.contextmanager
def relay(behind: int, *, host: str = "127.0.0.1") -> Iterator[Relay]:
    """Have it run until the block ends; it listens on `host`."""
    running: queue.Queue[tuple[int, Callable[[], None]]] = queue.Queue()
    made = Relay(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cut = made.cut
        limit = cut.begin()
        try:
            there = await asyncio.open_connection("127.0.0.1", behind)
        except OSError:
            writer.close()
            return
        down = _copy(there[0], writer, limit, is_abrupt=cut.is_abrupt)
        tasks = [asyncio.ensure_future(one) for one in (down, _copy(reader, there[1], None))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, there[1]):
            end.close()
        await asyncio.wait(tasks)

    async def run() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(serve, host, 0)
        port: int = server.sockets[0].getsockname()[1]
        running.put((port, lambda: _set(loop, stopped)))
        await stopped.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    made.port, stop = running.get()
    try:
        yield made
    finally:
        stop()
        thread.join()


def _set(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    loop.call_soon_threadsafe(stopped.set)


async def _copy(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    limit: int | None,
    *,
    is_abrupt: bool = False,
) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while limit is None or passed < limit:
            data = await reader.read(_CHUNK if limit is None else min(_CHUNK, limit - passed))
            if not data:
                return
            writer.write(data)
            await writer.drain()
            passed += len(data)
        if is_abrupt:
            writer.transport.abort()
