"""Messages of the bridge as bytes; at most contract.MAX_BODY_BYTES each."""

import msgspec

from teleterm.bridge import splitter
from teleterm.bridge.contract import MAX_BODY_BYTES, Answer, Ask, Tell
from teleterm.bridge.splitter import Splitter


def pack(message: Ask | Answer | Tell) -> bytes:
    """One message as it goes over the wire.

    Raises: PeerBroke when it is too long; nothing was sent then.
    """
    return splitter.pack(message, limit_bytes=MAX_BODY_BYTES, what="bridge")


def main_unpacker() -> Splitter[Ask]:
    """For main's end: what a window may send."""
    decoder = msgspec.msgpack.Decoder(Ask)
    return Splitter(decoder, limit_bytes=MAX_BODY_BYTES, what="bridge")


def window_unpacker() -> Splitter[Answer | Tell]:
    """For the window's end: what main sends."""
    decoder = msgspec.msgpack.Decoder(Answer | Tell)
    return Splitter(decoder, limit_bytes=MAX_BODY_BYTES, what="bridge")
