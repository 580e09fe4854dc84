"""A web server of updates that misbehaves on request: away, slow, silent, endless, or honest."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class UpdateServer:
    """Serves a folder; what it does with each request is a word."""

    def __init__(self, folder: Path, way: str) -> None:
        self._folder, self._way = folder, way
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._clients: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Let everybody go."""
        self._listener.shutdown(socket.SHUT_RDWR)
        for client in self._clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for client in self._clients:
            client.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._clients.append(client)
            with contextlib.suppress(OSError):
                self._answer(client)

    def _answer(self, client: socket.socket) -> None:
        """Answer one request; "slow" and "silent" keep the connection open and say no more."""
        asked = client.recv(65536).split(b" ")[1].decode().lstrip("/")
        if self._way == "silent":
            return
        if self._way == "slow":
            client.sendall(HEAD + b"{")
            return
        if self._way == "endless":
            client.sendall(HEAD)
            while True:
                client.sendall(b" " * 65536)
        path = self._folder / asked
        client.sendall(HEAD + path.read_bytes() if path.is_file() else MISSING)
        client.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def serving(folder: Path, way: str) -> Iterator[UpdateServer]:
    """Serve for a while."""
    server = UpdateServer(folder, way)
    try:
        yield server
    finally:
        server.close()
