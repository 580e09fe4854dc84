"""A client of the PostgreSQL protocol, just enough to load a local proxy that asks no password."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

ROWS, ROW_BYTES = 60_000, 1_000
CONNECTIONS = 20
_READY = b"Z"
_FAILED = b"E"


class Refused(Exception):
    """The server answered with an error."""


@contextmanager
def connection(port: int, user: str, database: str) -> Iterator[socket.socket]:
    """A connection that is ready for a query."""
    words = b"".join(text.encode() + b"\0" for text in ("user", user, "database", database))
    body = struct.pack(">I", 196608) + words + b"\0"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(struct.pack(">I", len(body) + 4) + body)
        _until_ready(sock)
        yield sock


def _until_ready(sock: socket.socket) -> int:
    """Read whole messages up to the one that says ready; gives the bytes that were read."""
    with sock.makefile("rb", buffering=256 * 1024) as stream:
        total = 0
        while True:
            head = stream.read(5)
            if len(head) < 5:
                raise Refused("the connection was closed")
            length: int = struct.unpack(">I", head[1:])[0]
            body = stream.read(length - 4)
            total += 1 + length
            if head[:1] == _FAILED:
                raise Refused(body.decode(errors="replace"))
            if head[:1] == _READY:
                return total


def bytes_per_s(port: int, user: str, database: str) -> float:
    """How fast rows come out of one query."""
    query = f"copy (select repeat('x', {ROW_BYTES}) from generate_series(1, {ROWS})) to stdout"
    text = query.encode() + b"\0"
    with connection(port, user, database) as sock:
        start = time.perf_counter()
        sock.sendall(b"Q" + struct.pack(">I", len(text) + 4) + text)
        return _until_ready(sock) / (time.perf_counter() - start)


def connections_per_s(port: int, user: str, database: str) -> float:
    """How many connections can be opened one after the other."""
    start = time.perf_counter()
    for _ in range(CONNECTIONS):
        with connection(port, user, database):
            pass
    return CONNECTIONS / (time.perf_counter() - start)
