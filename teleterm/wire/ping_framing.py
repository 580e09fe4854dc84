"""Framing of `-ping` connections: a length before each piece, length 0 for a sign of life.

Shape:  length (4 bytes, big endian), that many bytes of payload; both directions.
Source: connections.md 0.4; Teleport `api/utils/pingconn/pingconn.go`.
"""

import struct

_LENGTH = struct.Struct(">I")
PING = _LENGTH.pack(0)


def header(size: int) -> bytes:
    """The bytes to send before a payload of `size` bytes (so that it needn't be copied)."""
    return _LENGTH.pack(size)


def encode(payload: bytes) -> bytes:
    """One frame; an empty payload gives nothing, since length 0 means a ping."""
    return _LENGTH.pack(len(payload)) + payload if payload else b""


class Decoder:
    """Takes what arrives, in any split, and gives the payload without the framing."""

    def __init__(self) -> None:
        self._left = 0
        self._head = b""

    def feed(self, data: bytes | memoryview) -> list[memoryview]:
        """The pieces of payload in `data`; they share its memory."""
        view = memoryview(data)
        pieces: list[memoryview] = []
        while view:
            if self._left:
                pieces.append(view[: self._left])
                taken = min(self._left, len(view))
                self._left -= taken
                view = view[taken:]
                continue
            missing = _LENGTH.size - len(self._head)
            self._head += bytes(view[:missing])
            view = view[missing:]
            if len(self._head) == _LENGTH.size:
                (self._left,) = _LENGTH.unpack(self._head)
                self._head = b""
        return pieces
