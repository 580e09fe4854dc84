"""The small HTTP server, without a socket."""

import asyncio
from http import HTTPStatus

import pytest

from teleterm.demo import http


class Wire:
    """A stream with a script of what comes in and a record of what goes out."""

    def __init__(self, *incoming: bytes) -> None:
        self._incoming = list(incoming)
        self.sent = b""

    async def read(self) -> bytes:
        return self._incoming.pop(0) if self._incoming else b""

    async def write(self, data: bytes) -> None:
        self.sent += data

    async def close(self) -> None:
        self._incoming.clear()


async def echo(request: http.Request) -> http.Response:
    return http.json_response(
        {"path": request.path, "body": request.body.decode(), "from": request.peer_host}
    )


def answers(*incoming: bytes) -> bytes:
    wire = Wire(*incoming)
    asyncio.run(http.serve(wire, "127.0.0.1", echo))
    return wire.sent


def test_answers_requests_one_after_another_however_they_are_cut() -> None:
    data = (
        b"POST /a%20b?x=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
        b"GET /second HTTP/1.1\r\nConnection: close\r\n\r\nnever read"
    )
    whole = answers(data)
    assert whole == answers(*[data[at : at + 1] for at in range(len(data))])
    assert whole.count(b"HTTP/1.1 200 OK") == 2
    assert b'{"path": "/a b", "body": "hi", "from": "127.0.0.1"}' in whole
    assert b"Connection: close" in whole


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nx: " + b"y" * 70_000,
    ],
)
def test_refuses_what_it_does_not_take(data: bytes) -> None:
    assert answers(data).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_client_that_leaves_ends_the_connection() -> None:
    assert answers(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhi") == b""


def test_errors_have_the_shape_clients_read() -> None:
    response = http.error_response(HTTPStatus.FORBIDDEN, "invalid credentials")
    assert response.body == b'{"error": {"message": "invalid credentials"}}'
