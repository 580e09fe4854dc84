"""A load balancer that ends TLS and knows no ALPN, in front of a proxy: in a thread of its own."""

import asyncio
import contextlib
import queue
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

_CHUNK = 1 << 16


@contextlib.contextmanager
def balancer(behind: int, authority: Path, pair: Path) -> Iterator[int]:
    """Have it run until the block ends; gives its port.

    `behind` is the proxy's port and `authority` who vouches for it; `pair` holds the balancer's own
    certificate and key.
    """
    near = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    near.load_cert_chain(pair)
    far = ssl.create_default_context(cafile=authority)
    far.set_alpn_protocols(["http/1.1"])
    running: queue.Queue[tuple[int, Callable[[], None]]] = queue.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            to = await asyncio.open_connection(
                "127.0.0.1", behind, ssl=far, server_hostname="localhost"
            )
            await asyncio.gather(_pump(reader, to[1]), _pump(to[0], writer))

    async def run() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=near)
        port: int = server.sockets[0].getsockname()[1]
        running.put((port, lambda: _set(loop, stopped)))
        await stopped.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    port, stop = running.get()
    try:
        yield port
    finally:
        stop()
        thread.join()


def _set(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    loop.call_soon_threadsafe(stopped.set)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
