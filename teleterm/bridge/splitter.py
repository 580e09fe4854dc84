"""Length-prefixed msgpack messages, as every channel between our processes frames them.

Shape: 4 bytes big endian length of the body, then the body.
"""

from typing import Generic, TypeVar

import msgspec

from teleterm.model.errors import PeerBroke

HEAD_BYTES = 4
M = TypeVar("M")

_encoder = msgspec.msgpack.Encoder()


def pack(message: object, *, limit_bytes: int, what: str) -> bytes:
    """One message as it goes over the wire; `what` names the channel in an error.

    Raises: PeerBroke when it is too long; nothing was sent then.
    """
    body = _encoder.encode(message)
    if len(body) > limit_bytes:
        raise PeerBroke(f"A {what} message of {len(body)} bytes is longer than {limit_bytes}.")
    return len(body).to_bytes(HEAD_BYTES, "big") + body


class Splitter(Generic[M]):
    """Turns the bytes that arrive, in any pieces, into messages; holds at most one unfinished."""

    def __init__(
        self, decoder: "msgspec.msgpack.Decoder[M]", *, limit_bytes: int, what: str
    ) -> None:
        self._decoder = decoder
        self._limit_bytes, self._what = limit_bytes, what
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[M]:
        """Take the next bytes and give the messages that are whole now, in order.

        Raises: PeerBroke when a length is over the limit or a body fits no type of the channel;
                the connection is then of no further use.
        """
        self._pending += data
        messages: list[M] = []
        start = 0
        while len(self._pending) - start >= HEAD_BYTES:
            length = int.from_bytes(self._pending[start : start + HEAD_BYTES], "big")
            if length > self._limit_bytes:
                raise PeerBroke(f"A {self._what} message claims {length} bytes.")
            end = start + HEAD_BYTES + length
            if len(self._pending) < end:
                break
            messages.append(self._decode(bytes(self._pending[start + HEAD_BYTES : end])))
            start = end
        del self._pending[:start]
        return messages

    def _decode(self, body: bytes) -> M:
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            message = f"A {self._what} message doesn't fit the contract."
            raise PeerBroke(message, details=str(error)) from None
