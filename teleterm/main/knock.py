"""Second starts knock here: one line each, answered at once."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from pathlib import Path

from teleterm.main import instance
from teleterm.osutil import tasks

_log = logging.getLogger("teleterm.main.knock")
READ_TIMEOUT_S = 2.0


class Door:
    """Listens on main.sock and hands each line to `on_line`."""

    def __init__(self, run_folder: Path, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._place = run_folder / instance.SOCKET_NAME
        self._socket = instance.listen(run_folder)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._knocked)

    def close(self) -> None:
        """Stop listening."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()
        self._place.unlink(missing_ok=True)

    def _knocked(self) -> None:
        with contextlib.suppress(OSError):  # gone again, or no descriptor is left for now
            visitor, _ = self._socket.accept()
            tasks.spawn(self._hear(visitor), name="second start")

    async def _hear(self, visitor: socket.socket) -> None:
        visitor.setblocking(False)
        with visitor:
            if not instance.is_own_peer(visitor):
                _log.warning("refused a second start of another user")
                return
            try:
                line = await asyncio.wait_for(self._line(visitor), READ_TIMEOUT_S)
                await self._loop.sock_sendall(visitor, instance.ANSWER)
            except (OSError, TimeoutError, UnicodeDecodeError) as error:
                _log.warning("a second start wasn't understood: %s", error)
                return
        self._on_line(line)

    async def _line(self, visitor: socket.socket) -> str:
        data = b""
        while not data.endswith(b"\n"):
            more = await self._loop.sock_recv(visitor, instance.MAX_LINE_BYTES)
            data += more
            if not more or len(data) > instance.MAX_LINE_BYTES:
                raise OSError("not a line")
        return data.decode().strip()
