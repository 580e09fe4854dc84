"""What a TLS client asks for first: the server name and the application protocols it offers."""

from dataclasses import dataclass

_RECORD_HANDSHAKE = 22
_HANDSHAKE_CLIENT_HELLO = 1
_EXTENSION_SERVER_NAME = 0
_EXTENSION_ALPN = 16
_MAX_HELLO_BYTES = 65536


class NotAClientHello(ValueError):
    """The bytes are no TLS ClientHello."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """The parts of a ClientHello that decide where a connection goes."""

    server_name: str
    protocols: tuple[str, ...]


def read_client_hello(data: bytes) -> ClientHello | None:
    """Read a ClientHello from the front of a connection.

    Gives:  None while more bytes are needed.
    Raises: NotAClientHello as soon as it can be none.
    Source: RFC 8446 sections 4.1.2 and 5.1; RFC 6066 section 3; RFC 7301 section 3.1.
    """
    message = bytearray()
    at = 0
    while at + 5 <= len(data):
        if data[at] != _RECORD_HANDSHAKE or data[at + 1] != 3:
            raise NotAClientHello("not a TLS handshake")
        end = at + 5 + int.from_bytes(data[at + 3 : at + 5])
        message += data[at + 5 : end]
        if message and message[0] != _HANDSHAKE_CLIENT_HELLO:
            raise NotAClientHello("not a ClientHello")
        if len(message) >= 4:
            size = int.from_bytes(message[1:4])
            if size > _MAX_HELLO_BYTES:
                raise NotAClientHello("the ClientHello is too large")
            if len(message) >= 4 + size:
                return _parse(_Cursor(bytes(message[4 : 4 + size])))
        at = end
    if data and data[0] != _RECORD_HANDSHAKE:
        raise NotAClientHello("not a TLS handshake")
    return None


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._data)

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise NotAClientHello("the ClientHello is cut short")
        part = self._data[self._at : end]
        self._at = end
        return part

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count))

    def vector(self, length_bytes: int) -> "_Cursor":
        return _Cursor(self.take(self.number(length_bytes)))

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)


def _parse(hello: _Cursor) -> ClientHello:
    hello.take(2 + 32)  # version, random
    hello.vector(1)  # session id
    hello.vector(2)  # cipher suites
    hello.vector(1)  # compression methods
    server_name = ""
    protocols: tuple[str, ...] = ()
    extensions = hello.vector(2) if not hello.at_end else _Cursor(b"")
    while not extensions.at_end:
        kind = extensions.number(2)
        body = extensions.vector(2)
        if kind == _EXTENSION_SERVER_NAME:
            server_name = _server_name(body.vector(2))
        elif kind == _EXTENSION_ALPN:
            protocols = _protocols(body.vector(2))
    return ClientHello(server_name=server_name, protocols=protocols)


def _server_name(names: _Cursor) -> str:
    while not names.at_end:
        kind = names.number(1)
        name = names.vector(2).rest()
        if kind == 0:
            return name.decode("latin-1")
    return ""


def _protocols(names: _Cursor) -> tuple[str, ...]:
    found: list[str] = []
    while not names.at_end:
        found.append(names.vector(1).rest().decode("latin-1"))
    return tuple(found)
