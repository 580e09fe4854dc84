"""The parts of the PostgreSQL protocol a proxy needs: start-up messages, errors, a simple query.

Source: PostgreSQL documentation, "Frontend/Backend Protocol", version 3.0.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from teleterm.demo.streams import ExactReader

SSL_REQUEST = 80877103
GSS_REQUEST = 80877104
CANCEL_REQUEST = 80877102
PROTOCOL_3 = 196608
SSL_REQUEST_BYTES = struct.pack(">II", 8, SSL_REQUEST)

NO_SUCH_PERMISSION = "28000"
CANNOT_CONNECT = "08006"
PROTOCOL_VIOLATION = "08P01"

_MAX_STARTUP_BYTES = 10_000
_HEAD = struct.Struct(">II")


class NotPostgres(ValueError):
    """The bytes are no PostgreSQL start-up message."""


class ServerError(Exception):
    """The PostgreSQL server refused something; the message is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """The first message of a connection: its kind, and the whole of it for handing on.

    `parameters` are filled for PROTOCOL_3 only.
    """

    code: int
    raw: bytes
    parameters: Mapping[str, str]

    @property
    def user(self) -> str:
        """The database user asked for."""
        return self.parameters.get("user", "")

    @property
    def database(self) -> str:
        """The database asked for; by the protocol, the user's name if none is said."""
        return self.parameters.get("database", "") or self.user


async def read_startup(reader: ExactReader) -> Startup:
    """Read a connection's first message.

    Raises: NotPostgres, or EOFError when the stream ends before.
    """
    head = await reader.take(_HEAD.size)
    length, code = _HEAD.unpack(head)
    if not _HEAD.size <= length <= _MAX_STARTUP_BYTES:
        raise NotPostgres("the start-up message has an impossible length")
    body = await reader.take(length - _HEAD.size)
    parameters: dict[str, str] = {}
    if code == PROTOCOL_3:
        words = [word.decode("utf-8", "replace") for word in body.split(b"\0")]
        for name, value in zip(words[::2], words[1::2], strict=False):
            if not name:
                break
            parameters[name] = value
    return Startup(code=code, raw=head + body, parameters=parameters)


def encode_startup(parameters: Mapping[str, str]) -> bytes:
    """Give the message that opens a connection."""
    body = b"".join(f"{name}\0{value}\0".encode() for name, value in parameters.items()) + b"\0"
    return _HEAD.pack(len(body) + _HEAD.size, PROTOCOL_3) + body


def encode_fatal(sqlstate: str, message: str) -> bytes:
    """Give the message that tells a client why its connection ends."""
    fields = {"S": "FATAL", "V": "FATAL", "C": sqlstate, "M": message}
    body = b"".join(f"{key}{value}\0".encode() for key, value in fields.items()) + b"\0"
    return b"E" + struct.pack(">I", len(body) + 4) + body


def encode_query(sql: str) -> bytes:
    """Give a simple query."""
    body = sql.encode() + b"\0"
    return b"Q" + struct.pack(">I", len(body) + 4) + body


async def read_until_ready(reader: ExactReader) -> None:
    """Read a server's messages until it is ready for the next query.

    Raises: ServerError with the first error's message, EOFError when the server goes away.
    """
    failure = ""
    while True:
        kind = await reader.take(1)
        (length,) = struct.unpack(">I", await reader.take(4))
        body = await reader.take(length - 4)
        if kind == b"E":
            failure = failure or _message_of(body)
            if _severity_of(body) == "FATAL":
                raise ServerError(failure)
        elif kind == b"Z":
            if failure:
                raise ServerError(failure)
            return


def _message_of(body: bytes) -> str:
    return _field_of(body, "M")


def _severity_of(body: bytes) -> str:
    return _field_of(body, "V") or _field_of(body, "S")


def _field_of(body: bytes, key: str) -> str:
    for field in body.split(b"\0"):
        text = field.decode("utf-8", "replace")
        if text[:1] == key:
            return text[1:]
    return ""
