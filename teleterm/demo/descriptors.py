"""Reading and writing file descriptors (pipes, a terminal's master side) without blocking."""

import asyncio
import errno
import os
import sys
from collections.abc import Callable

_READ_BYTES = 64 * 1024


class DescriptorReader:
    """The reading end of a pipe or of a terminal; owns its descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        _never_block(descriptor)

    async def read(self) -> bytes:
        """Give the next bytes; nothing at the end (a terminal says EIO then)."""
        while True:
            try:
                return os.read(self._descriptor, _READ_BYTES)
            except BlockingIOError:
                await self._wait()
            except OSError as error:
                if error.errno == errno.EIO:
                    return b""
                raise

    def close(self) -> None:
        """Close the descriptor; nobody may be reading."""
        os.close(self._descriptor)

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        await _once(
            lambda ready: loop.add_reader(self._descriptor, ready),
            lambda: loop.remove_reader(self._descriptor),
        )


class DescriptorWriter:
    """The writing end of a pipe or of a terminal; owns its descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._is_open = True
        _never_block(descriptor)

    async def write(self, data: bytes) -> None:
        """Write all of `data`; what nobody reads any more is dropped."""
        view = memoryview(data)
        while view and self._is_open:
            try:
                view = view[os.write(self._descriptor, view) :]
            except BlockingIOError:
                await self._wait()
            except OSError:
                return

    def close(self) -> None:
        """Close the descriptor, once; nobody may be writing."""
        if self._is_open:
            self._is_open = False
            os.close(self._descriptor)

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        await _once(
            lambda ready: loop.add_writer(self._descriptor, ready),
            lambda: loop.remove_writer(self._descriptor),
        )


async def _once(watch: Callable[[Callable[[], None]], None], forget: Callable[[], object]) -> None:
    ready = asyncio.Event()
    watch(ready.set)
    try:
        await ready.wait()
    finally:
        forget()


def _never_block(descriptor: int) -> None:
    if sys.platform != "win32":
        os.set_blocking(descriptor, False)
