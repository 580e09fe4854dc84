"""The window's end of the bridge: one inherited socket, asks and their answers, no loop of its own.

Whoever owns the event loop (ui/pump.py) calls `receive` when the socket is readable and `flush`
when it is writable.
"""

import os
import socket
import sys
from collections import deque
from collections.abc import Callable

from teleterm.bridge import framing
from teleterm.bridge.contract import Answer, Ask, CancelAsk, Event, Log, Reply, Request, Tell

READ_BYTES = 256 * 1024
MAX_DESCRIPTORS = 16

OnReply = Callable[[Reply, int], None]
"""Called once with the answer and the descriptor that came along (-1: none)."""


class WindowEnd:
    """Ask main, match its answers to who asked, and hand on what it tells.

    Thread: the Tk thread alone. A descriptor that nobody waits for any more is closed here.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._unpacker = framing.window_unpacker()
        self._unsent = bytearray()
        self._descriptors: deque[int] = deque()
        self._waiting: dict[int, OnReply] = {}
        self._last_id = 0
        self.on_tell: Callable[[Event], None] = _ignore
        self.on_unsent: Callable[[], None] = _nothing

    def fileno(self) -> int:
        """The descriptor to watch."""
        return self._socket.fileno()

    @property
    def has_unsent(self) -> bool:
        """Whether bytes wait for the socket to be writable."""
        return bool(self._unsent)

    def ask(self, body: Request, on_reply: OnReply | None = None) -> int:
        """Send a request; `on_reply` is called from `dispatch` when its answer is here.

        Gives: the id of the ask, for `cancel` and `forget`.
        """
        self._last_id += 1
        if on_reply is not None:
            self._waiting[self._last_id] = on_reply
        self._unsent += framing.pack(Ask(ask_id=self._last_id, body=body))
        self.flush()
        return self._last_id

    def cancel(self, ask_id: int) -> None:
        """Ask main to stop working on an earlier ask; its answer still comes."""
        self.ask(CancelAsk(target_id=ask_id))

    def forget(self, ask_id: int) -> None:
        """Drop whoever waits for this answer (its widget is gone)."""
        self._waiting.pop(ask_id, None)

    def log(self, text: str, *, is_warning: bool = False) -> None:
        """Write a line to main's log."""
        self.ask(Log(level="warning" if is_warning else "info", text=text))

    def flush(self) -> None:
        """Send what the socket takes now; the rest goes when `on_unsent`'s listener calls again."""
        while self._unsent:
            try:
                count = self._socket.send(self._unsent)
            except (BlockingIOError, InterruptedError):
                self.on_unsent()
                return
            except OSError:
                self._unsent.clear()
                return
            del self._unsent[:count]

    def receive(self) -> list[Answer | Tell] | None:
        """Read once; give the messages that are whole now, or None when main is gone.

        Raises: PeerBroke when main breaks the contract; the bridge is then of no further use.
        """
        try:
            data, descriptors = _receive(self._socket)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError:
            return None
        self._descriptors.extend(descriptors)
        if not data:
            return None
        return self._unpacker.feed(data)

    def dispatch(self, message: Answer | Tell) -> None:
        """Hand one message to whoever waits for it."""
        if isinstance(message, Tell):
            self.on_tell(message.body)
            return
        descriptor = -1
        if message.descriptors and self._descriptors:
            descriptor = self._descriptors.popleft()
        on_reply = self._waiting.pop(message.ask_id, None)
        if on_reply is not None:
            on_reply(message.body, descriptor)
        elif descriptor >= 0:
            os.close(descriptor)


def connect(fd: int) -> WindowEnd:
    """The end of the bridge on an inherited descriptor."""
    return WindowEnd(socket.socket(fileno=fd))


if sys.platform == "win32":

    def _receive(sock: socket.socket) -> tuple[bytes, list[int]]:
        return sock.recv(READ_BYTES), []

else:

    def _receive(sock: socket.socket) -> tuple[bytes, list[int]]:
        data, descriptors, _flags, _address = socket.recv_fds(sock, READ_BYTES, MAX_DESCRIPTORS)
        return data, descriptors


def _ignore(event: Event) -> None:
    """Before the window is there nobody listens."""


def _nothing() -> None:
    """Before the pump runs nobody waits for the socket."""
