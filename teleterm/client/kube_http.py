"""The little HTTP that a local proxy to Kubernetes speaks itself."""

import asyncio
import json

from teleterm.client.joint import End

_END = b"\r\n\r\n"
_MAX_HEAD = 1 << 16
ACCEPTED = b"HTTP/1.1 200 OK\r\n\r\n"
_NOT_ALLOWED = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"


class ConnectRequest(asyncio.Protocol):
    """Reads the head of a CONNECT and stops there: `asked` says whether it was one."""

    def __init__(self) -> None:
        self.asked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect the head; the client sends nothing more before the answer to it."""
        self._head += data
        if self._head.endswith(_END):
            self._settle(is_connect=self._head.startswith(b"CONNECT "))
        elif len(self._head) > _MAX_HEAD:
            self._settle(is_connect=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody asks any more."""
        if not self.asked.done():
            self.asked.set_result(False)

    def _settle(self, *, is_connect: bool) -> None:
        if self.transport is None or self.asked.done():
            return
        if is_connect:
            self.transport.pause_reading()
        else:
            self.transport.write(_NOT_ALLOWED)
            self.transport.close()
        self.asked.set_result(is_connect)


class Refusal(End):
    """Stands in for a cluster that can't be reached: answers the first request, and closes."""

    def __init__(self, near: End, message: str) -> None:
        super().__init__()
        self._near = near
        self._message = message
        self._head = b""

    def send(self, data: bytes | memoryview) -> None:
        """Collect the request's head, then answer it."""
        self._head = (self._head + bytes(data))[-_MAX_HEAD:]
        if _END in self._head and not self._near.transport.is_closing():
            self._near.send(status(self._message))
            self._near.close()

    def close(self) -> None:
        """There is nothing to close."""


def status(message: str) -> bytes:
    """A whole response: 504 with a Status that kubectl shows."""
    body = json.dumps(
        {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": "Timeout",
            "code": 504,
        }
    ).encode()
    head = (
        "HTTP/1.1 504 Gateway Timeout\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
