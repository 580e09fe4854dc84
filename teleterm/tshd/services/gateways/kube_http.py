"""The little HTTP that a Kubernetes gateway speaks itself."""

import asyncio
import json

from teleterm.tshd.splice import Stream

_END = b"\r\n\r\n"
_HEAD_LIMIT_S = 10.0


async def is_connect(near: Stream) -> bool:
    """Read a request's head; a CONNECT is accepted, anything else refused and False given."""
    try:
        async with asyncio.timeout(_HEAD_LIMIT_S):
            head = await near.reader.readuntil(_END)
    except (EOFError, asyncio.LimitOverrunError, TimeoutError, OSError):
        return False
    if not head.startswith(b"CONNECT "):
        near.writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
        await near.writer.drain()
        return False
    near.writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    await near.writer.drain()
    return True


async def refuse(near: Stream, message: str) -> None:
    """Answer a request with 504 and a Status that kubectl shows, and close."""
    try:
        async with asyncio.timeout(_HEAD_LIMIT_S):
            await near.reader.readuntil(_END)
        near.writer.write(status(message))
        await near.writer.drain()
    except (EOFError, asyncio.LimitOverrunError, TimeoutError, OSError):
        return
    finally:
        near.writer.close()


def status(message: str) -> bytes:
    """The whole response."""
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
