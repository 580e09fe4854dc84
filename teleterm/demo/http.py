"""Just enough HTTP/1.1 for the web API: requests with a body of known length, one after another."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import parse_qs, unquote, urlsplit

from teleterm.demo.streams import ByteStream, ExactReader, FrontedStream

_MAX_HEAD_BYTES = 64 * 1024
_MAX_BODY_BYTES = 1024 * 1024


class BadRequest(ValueError):
    """The bytes are no request this server takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; header names are in lower case, `path` is decoded and has no query.

    `query` holds all values of each name. A header that comes more than once is joined by commas.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: bytes = b""
    peer_host: str = ""

    @property
    def keeps_open(self) -> bool:
        """Whether the client wants to ask more on this connection."""
        return self.headers.get("connection", "").lower() != "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer."""

    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    content_type: str = "application/json"
    location: str = ""
    """Where to go on, for an answer that says so."""


def json_response(value: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with a JSON value."""
    return Response(status=status, body=json.dumps(value).encode())


def error_response(status: HTTPStatus, message: str) -> Response:
    """Answer with the error shape that every endpoint shares."""
    return json_response({"error": {"message": message}}, status)


def parse_head(head: bytes) -> Request:
    """Read the request line and the headers, up to and with the empty line.

    Raises: BadRequest.
    """
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest("not an HTTP/1.1 request")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        if line:
            name, colon, value = line.partition(":")
            if not colon:
                raise BadRequest("a header without a colon")
            key, text = name.strip().lower(), value.strip()
            headers[key] = f"{headers[key]},{text}" if key in headers else text
    target = urlsplit(words[1])
    return Request(
        method=words[0],
        path=unquote(target.path),
        headers=headers,
        query=parse_qs(target.query, keep_blank_values=True),
    )


def body_length(request: Request) -> int:
    """Say how many bytes of body follow the headers.

    Raises: BadRequest when that can't be told or is too much.
    """
    if "transfer-encoding" in request.headers:
        raise BadRequest("a body needs a Content-Length")
    text = request.headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()) or int(text) > _MAX_BODY_BYTES:
        raise BadRequest("the body is too large")
    return int(text)


def encode(response: Response, *, keep_open: bool) -> bytes:
    """Give the bytes of an answer."""
    location = f"Location: {response.location}\r\n" if response.location else ""
    head = (
        f"HTTP/1.1 {response.status.value} {response.status.phrase}\r\n"
        f"Content-Type: {response.content_type}\r\n{location}"
        f"Content-Length: {len(response.body)}\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"Connection: {'keep-alive' if keep_open else 'close'}\r\n\r\n"
    )
    return head.encode("latin-1") + response.body


Upgrade = Callable[[Request, ByteStream], Awaitable[bool]]
"""Takes over a connection whose request asks for another protocol; says whether it did."""


async def serve(
    stream: ByteStream,
    peer_host: str,
    handler: Callable[[Request], Awaitable[Response]],
    upgrade: Upgrade | None = None,
) -> None:
    """Answer the requests on one connection until the client is done."""
    reader = ExactReader(stream)
    while True:
        try:
            head = await reader.take_until(b"\r\n\r\n", limit=_MAX_HEAD_BYTES)
            request = parse_head(head)
            body = await reader.take(body_length(request))
        except EOFError:
            return
        except ValueError as error:
            refusal = error_response(HTTPStatus.BAD_REQUEST, str(error))
            await stream.write(encode(refusal, keep_open=False))
            return
        full = replace(request, body=body, peer_host=peer_host)
        wants_other = upgrade is not None and "upgrade" in full.headers
        rest = reader.rest() if wants_other else b""
        if upgrade is not None and wants_other and await upgrade(full, FrontedStream(stream, rest)):
            return
        await stream.write(encode(await handler(full), keep_open=full.keeps_open))
        if not full.keeps_open:
            return
