"""WebSocket: the handshake's answer, and frames. Source: RFC 6455."""

import base64
import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum

from teleterm.model.errors import PeerBroke

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_FIN = 0x80
_MASKED = 0x80
_LENGTH_16 = 126
_LENGTH_64 = 127
MAX_BODY = 1 << 24


class Opcode(IntEnum):
    """What a frame holds."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, its mask taken off."""

    opcode: Opcode
    body: bytes
    is_last: bool = True


def accept(key: str) -> str:
    """What a server answers to a client's `Sec-WebSocket-Key`."""
    digest = hashlib.sha1(f"{key}{_GUID}".encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii")


def encode(opcode: Opcode, body: bytes, *, mask: bytes = b"") -> bytes:
    """One frame that is a whole message; clients give a `mask` of four bytes, servers none."""
    return header(opcode, len(body), mask=mask) + (masked(body, mask) if mask else body)


def header(opcode: Opcode, length: int, *, mask: bytes = b"") -> bytes:
    """What stands before the body of a frame."""
    flag = _MASKED if mask else 0
    first = _FIN | opcode
    if length < _LENGTH_16:
        head = struct.pack(">BB", first, flag | length)
    elif length < 1 << 16:
        head = struct.pack(">BBH", first, flag | _LENGTH_16, length)
    else:
        head = struct.pack(">BBQ", first, flag | _LENGTH_64, length)
    return head + mask


def masked(body: bytes, mask: bytes) -> bytes:
    """The body with the mask laid over it; twice gives it back."""
    length = len(body)
    if not length:
        return b""
    whole = (mask * (length // 4 + 1))[:length]
    mixed = int.from_bytes(body, "little") ^ int.from_bytes(whole, "little")
    return mixed.to_bytes(length, "little")


class Decoder:
    """Cuts what arrives into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now.

        Raises: PeerBroke; the connection is then of no further use.
        """
        self._buffer += data
        found: list[Frame] = []
        while (frame := self._next()) is not None:
            found.append(frame)
        return found

    def rest(self) -> bytes:
        """What is no whole frame yet."""
        return bytes(self._buffer)

    def _next(self) -> Frame | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        first, second = buffer[0], buffer[1]
        at, length = 2, second & 0x7F
        if length == _LENGTH_16:
            if len(buffer) < 4:
                return None
            at, (length,) = 4, struct.unpack_from(">H", buffer, 2)
        elif length == _LENGTH_64:
            if len(buffer) < 10:
                return None
            at, (length,) = 10, struct.unpack_from(">Q", buffer, 2)
        if length > MAX_BODY:
            raise PeerBroke(f"A WebSocket frame of {length} bytes is too long.")
        mask = b""
        if second & _MASKED:
            mask = bytes(buffer[at : at + 4])
            at += 4
        if len(buffer) < at + length:
            return None
        body = bytes(buffer[at : at + length])
        del buffer[: at + length]
        return Frame(_opcode(first), masked(body, mask) if mask else body, bool(first & _FIN))


def _opcode(first: int) -> Opcode:
    if first & 0x70:
        raise PeerBroke("A WebSocket frame uses an extension that was not agreed on.")
    try:
        return Opcode(first & 0x0F)
    except ValueError:
        raise PeerBroke(f"A WebSocket frame has the unknown kind {first & 0x0F}.") from None
