"""A relay between a client and a port, which can break all its connections."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future


class CuttingRelay:
    """Listens on `port` of this machine; made by `relaying`."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._done = asyncio.Event()
        self.ready: Future[int] = Future()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.ready.result(20)

    def cut(self) -> None:
        """Break everything that goes through here; new connections are welcome."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(20)

    def run(self) -> None:
        """Blocks: serve until `stop`; in a thread of its own."""
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._serve())

    def stop(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self._done.set)

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        async with server:
            self.ready.set_result(server.sockets[0].getsockname()[1])
            await self._done.wait()
            server.close()
            await self._cut()
            await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    async def _cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, far_writer}
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        self._writers -= {writer, far_writer}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.contextmanager
def relaying(host: str, port: int) -> Iterator[CuttingRelay]:
    """Relay to a port for as long as the block lasts."""
    relay = CuttingRelay((host, port))
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        yield relay
    finally:
        relay.stop()
        thread.join(20)
