"""Small things to do with TCP ports of this machine."""

import socket

TIMEOUT_S = 20.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def first_line(port: int, given: bytes = b"") -> bytes:
    """What a TCP application says first, and that it gives back what it gets."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as tcp:
        with tcp.makefile("rwb") as stream:
            line = stream.readline()
            stream.write(given)
            stream.flush()
            assert stream.read(len(given)) == given
    return line
