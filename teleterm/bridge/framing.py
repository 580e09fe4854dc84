"""Messages of the bridge as bytes: a length, then msgpack.

Shape: 4 bytes big endian length of the body, then the body; at most contract.MAX_BODY_BYTES.
"""

from typing import Generic, TypeVar

import msgspec

from teleterm.bridge.contract import MAX_BODY_BYTES, Answer, Ask, Tell
from teleterm.model.errors import PeerBroke

HEAD_BYTES = 4
M = TypeVar("M")

_encoder = msgspec.msgpack.Encoder()


def pack(message: Ask | Answer | Tell) -> bytes:
    """One message as it goes over the wire.

    Raises: PeerBroke when it is too long; nothing was sent then.
    """
    body = _encoder.encode(message)
    if len(body) > MAX_BODY_BYTES:
        raise PeerBroke(f"A bridge message of {len(body)} bytes is longer than {MAX_BODY_BYTES}.")
    return len(body).to_bytes(HEAD_BYTES, "big") + body


class Unpacker(Generic[M]):
    """Turn the bytes that arrive, in any pieces, into messages."""

    def __init__(self, decoder: "msgspec.msgpack.Decoder[M]") -> None:
        self._decoder = decoder
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[M]:
        """Take the next bytes and give the messages that are whole now, in order.

        Raises: PeerBroke when a length is over the limit or a body fits no type of the contract;
                the connection is then of no further use.
        """
        self._pending += data
        messages: list[M] = []
        start = 0
        while len(self._pending) - start >= HEAD_BYTES:
            length = int.from_bytes(self._pending[start : start + HEAD_BYTES], "big")
            if length > MAX_BODY_BYTES:
                raise PeerBroke(f"A bridge message claims {length} bytes.")
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
            raise PeerBroke("A bridge message doesn't fit the contract.", details=str(error)) from (
                None
            )


def main_unpacker() -> Unpacker[Ask]:
    """For main's end: what a window may send."""
    return Unpacker(msgspec.msgpack.Decoder(Ask))


def window_unpacker() -> Unpacker[Answer | Tell]:
    """For the window's end: what main sends."""
    return Unpacker(msgspec.msgpack.Decoder(Answer | Tell))
