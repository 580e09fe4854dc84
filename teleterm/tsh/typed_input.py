"""What somebody types or pipes in, and what is written back, as bytes."""

import asyncio
import os
from collections.abc import Callable

_STDIN = 0
_CHUNK_BYTES = 32 * 1024


class TypedInput:
    """Standard input as callbacks: terminals and pipes by readiness, files in a thread."""

    def __init__(self, give: Callable[[bytes], None]) -> None:
        self._give = give
        self._is_on = False
        self._is_over = False
        self._reading: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()

    def resume(self) -> None:
        """Read again, if there is more."""
        if self._is_on or self._is_over:
            return
        loop = asyncio.get_running_loop()
        self._is_on = True
        self._wanted.set()
        try:
            loop.add_reader(_STDIN, self._ready)
        except (PermissionError, NotImplementedError, ValueError):
            # Ordinary files, /dev/null, and every handle on Windows.
            if self._reading is None:
                from teleterm.osutil.tasks import spawn

                self._reading = spawn(self._read_file())

    def pause(self) -> None:
        """Leave what comes where it is."""
        if self._is_on:
            self._is_on = False
            self._wanted.clear()
            if self._reading is None:
                asyncio.get_running_loop().remove_reader(_STDIN)

    def close(self) -> None:
        """Read no more."""
        self.pause()
        self._is_over = True
        if self._reading is not None:
            self._reading.cancel()

    def _ready(self) -> None:
        try:
            data = os.read(_STDIN, _CHUNK_BYTES)
        except InterruptedError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
        self._give(data)

    async def _read_file(self) -> None:
        while not self._is_over:
            data = await asyncio.to_thread(os.read, _STDIN, _CHUNK_BYTES)
            if not data:
                self._is_over = True
            self._give(data)
            await self._wanted.wait()


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data`, waiting as long as nobody reads. Blocks."""
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(fd, view) :]
        except BlockingIOError:
            # Somebody made the shared terminal non-blocking: wait until it takes more.
            import select

            select.select([], [fd], [])
