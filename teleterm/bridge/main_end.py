"""Main's end of the bridge: one socket to one window, in an asyncio loop."""

import array
import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections import deque
from collections.abc import Callable

from teleterm.bridge import framing
from teleterm.bridge.contract import Answer, Ask, Event, Reply, Tell
from teleterm.model.errors import PeerBroke

_log = logging.getLogger("teleterm.bridge")
READ_BYTES = 256 * 1024
MAX_UNSENT_BYTES = 64 * 1024 * 1024
"""A window that reads this little is stuck; the bridge to it closes."""


class MainEnd:
    """Send answers and events to a window, and hear its requests.

    `on_ask` is called in the loop for every request, in order; `on_closed` once, when the window
    is gone or broke the contract.
    """

    def __init__(
        self, sock: socket.socket, *, on_ask: Callable[[Ask], None], on_closed: Callable[[], None]
    ) -> None:
        self._socket = sock
        self._on_ask = on_ask
        self._on_closed = on_closed
        self._unpacker = framing.main_unpacker()
        self._unsent: deque[tuple[bytes, int]] = deque()
        self._unsent_bytes = 0
        self._is_writing = False
        self._is_open = True
        self._loop = asyncio.get_running_loop()
        sock.setblocking(False)
        self._loop.add_reader(sock.fileno(), self._readable)

    @property
    def is_open(self) -> bool:
        """Whether the window can still be told anything."""
        return self._is_open

    def answer(self, ask_id: int, body: Reply, *, descriptor: int = -1) -> None:
        """Answer a request; a `descriptor` travels along and is closed here afterwards."""
        count = 1 if descriptor >= 0 else 0
        self._send(framing.pack(Answer(ask_id=ask_id, body=body, descriptors=count)), descriptor)

    def tell(self, event: Event) -> None:
        """Tell the window something; what is too long for a message is logged and dropped."""
        try:
            data = framing.pack(Tell(body=event))
        except PeerBroke as error:
            _log.warning("%s not told: %s", type(event).__name__, error.message)
            return
        self._send(data, -1)

    def close(self) -> None:
        """Close the socket; the window sees the end and leaves. `on_closed` isn't called."""
        if not self._is_open:
            return
        self._is_open = False
        self._loop.remove_reader(self._socket.fileno())
        if self._is_writing:
            self._loop.remove_writer(self._socket.fileno())
        for _, descriptor in self._unsent:
            _close(descriptor)
        self._unsent.clear()
        self._socket.close()

    def _send(self, data: bytes, descriptor: int) -> None:
        if not self._is_open:
            _close(descriptor)
            return
        self._unsent.append((data, descriptor))
        self._unsent_bytes += len(data)
        if self._unsent_bytes > MAX_UNSENT_BYTES:
            self._fail("the window doesn't read any more")
        elif not self._is_writing:
            self._writable()

    def _writable(self) -> None:
        try:
            while self._unsent:
                self._send_first()
        except (BlockingIOError, InterruptedError):
            if not self._is_writing:
                self._is_writing = True
                self._loop.add_writer(self._socket.fileno(), self._writable)
            return
        except OSError as error:
            self._fail(str(error))
            return
        if self._is_writing:
            self._is_writing = False
            self._loop.remove_writer(self._socket.fileno())

    def _send_first(self) -> None:
        """Send as much of the first message as goes; its descriptor goes with its first byte."""
        data, descriptor = self._unsent[0]
        if descriptor >= 0:
            count = _send_with_descriptor(self._socket, data, descriptor)
            _close(descriptor)
        else:
            count = self._socket.send(data)
        self._unsent_bytes -= count
        self._unsent.popleft()
        if count < len(data):
            self._unsent.appendleft((data[count:], -1))

    def _readable(self) -> None:
        try:
            data = self._socket.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._fail(str(error))
            return
        if not data:
            self._fail("")
            return
        try:
            asks = self._unpacker.feed(data)
        except PeerBroke as error:
            self._fail(f"{error.message} {error.details}")
            return
        for ask in asks:
            if self._is_open:
                self._on_ask(ask)

    def _fail(self, why: str) -> None:
        if not self._is_open:
            return
        if why:
            _log.warning("bridge closed: %s", why)
        self.close()
        self._on_closed()


if sys.platform == "win32":

    def _send_with_descriptor(sock: socket.socket, data: bytes, descriptor: int) -> int:
        raise OSError("descriptors don't travel over sockets on Windows")

else:

    def _send_with_descriptor(sock: socket.socket, data: bytes, descriptor: int) -> int:
        rights = array.array("i", [descriptor])
        return sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])


def _close(descriptor: int) -> None:
    if descriptor >= 0:
        with contextlib.suppress(OSError):
            os.close(descriptor)
