"""An HTTP proxy that connects, to one port whatever is asked for: in a thread of its own."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_CHUNK = 1 << 16


@dataclass(slots=True)
class ConnectProxy:
    """Its port, what was asked for so far, and what it answers instead of connecting."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    refusal: bytes = b""

    @property
    def url(self) -> str:
        """What to set HTTPS_PROXY to."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def connect_proxy(behind: int) -> Iterator[ConnectProxy]:
    """Have it run until the block ends."""
    made = ConnectProxy()
    running: queue.Queue[tuple[int, Callable[[], None]]] = queue.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            head = await reader.readuntil(b"\r\n\r\n")
            made.asked.append(head.partition(b"\r\n")[0].decode())
            if made.refusal:
                writer.write(made.refusal)
            else:
                there = await asyncio.open_connection("127.0.0.1", behind)
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))
        writer.close()

    async def run() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
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


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
