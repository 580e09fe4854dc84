"""SSH connections that outlive the connections they run over: how one begins, and its frames.

Shape:  the server's first line is `SSH-2.0-Teleport resume-v1 <key> <host id>\\r\\n`, the key an
        uncompressed P-256 point in base64 without padding. A client that takes the offer answers
        `SSH-2.0-\\0teleport-resume-v1`, its own key and a tag: 0 for a new connection, 1 and a
        token for one to be resumed; the server answers the latter with one byte.
        From both keys comes a pad of 16 bytes: the token of a new connection, and what hides
        the token of a resumed one (exclusive or).
        Then a resumed one has each side's position, and both have frames: how many bytes are
        acknowledged, how many follow, and these. Numbers are unsigned LEB128; 2^64-1 as the
        first of a frame, or as position, says that the connection is over.
Source: connections.md 1.10; Teleport lib/resumption; bytes of its own program are in
        tests/unit/wire/test_resumption.py.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from teleterm.model.errors import PeerBroke

SSH_PREFIX = b"SSH-2.0-"
CLIENT_SUFFIX = b"\0teleport-resume-v1"
NEW, EXISTING = b"\0", b"\1"
RESUMED, UNKNOWN, WRONG_ADDRESS = b"\0", b"\1", b"\2"
KEY_BYTES, TOKEN_BYTES = 65, 16
MAX_LINE_BYTES = 255
MAX_FRAME_BYTES = 128 * 1024
_OFFER = re.compile(rb"SSH-2\.0-Teleport resume-v1 ([0-9A-Za-z+/]{87}) ([0-9a-z\-]+)\r\n")
_END = 2**64 - 1
_TOP_SHIFT = 63
_LAZY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a server's first line says."""

    key: bytes
    host_id: str


def encode_offer(offer: Offer) -> bytes:
    """The server's first line."""
    key = b64encode(offer.key).rstrip(b"=")
    return b"SSH-2.0-Teleport resume-v1 %s %s\r\n" % (key, offer.host_id.encode())


def decode_offer(line: bytes) -> Offer | None:
    """What a line offers; None for those of other servers."""
    match = _OFFER.fullmatch(line)
    if match is None:
        return None
    key = b64decode(match[1] + b"=")
    return Offer(key=key, host_id=match[2].decode()) if len(key) == KEY_BYTES else None


class Agreement:
    """One side's key for one connection; a fresh one unless given."""

    def __init__(self, private: ec.EllipticCurvePrivateKey | None = None) -> None:
        self._private = private or ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> bytes:
        """The key to tell."""
        return self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def pad(self, key: bytes) -> bytes:
        """The bytes that both sides get from their keys.

        Raises: PeerBroke when the other one is no key.
        """
        try:
            other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        except ValueError as error:
            raise PeerBroke("A key to resume connections with is none.") from error
        return sha256(self._private.exchange(ec.ECDH(), other)).digest()[:TOKEN_BYTES]


def hidden(token: bytes, pad: bytes) -> bytes:
    """A token under a pad, and out from under it again."""
    return bytes(one ^ two for one, two in zip(token, pad, strict=True))


def encode_number(number: int) -> bytes:
    """An unsigned LEB128 number."""
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


class _Wants(Enum):
    """What the next number that arrives means."""

    POSITION = auto()
    ACKNOWLEDGED = auto()
    SIZE = auto()


class Link:
    """Both directions of a connection, whatever it runs over; both sides keep one.

    `received` counts what came, and is where the other side goes on.
    """

    def __init__(self) -> None:
        self.received = 0
        self.is_over = False
        self._kept = bytearray()
        self._kept_from = 0
        self._next = 0
        self._told = 0
        self._number, self._shift = 0, 0
        self._left = 0
        self._wants = _Wants.ACKNOWLEDGED

    @property
    def unsure_bytes(self) -> int:
        """How much is kept, because the other side has not said that it has it."""
        return len(self._kept)

    @property
    def has_sent_all(self) -> bool:
        """Whether all that was written has gone out over the connection of now."""
        is_ready = self._wants is not _Wants.POSITION
        return is_ready and self._next == self._kept_from + len(self._kept)

    def write(self, data: bytes) -> None:
        """Have something sent."""
        self._kept += data

    def begin(self) -> None:
        """The first connection is there."""
        self._restart(_Wants.ACKNOWLEDGED)

    def resume(self) -> bytes:
        """Another one is there; gives what to send at once."""
        self._restart(_Wants.POSITION)
        return encode_number(self.received)

    def _restart(self, wants: _Wants) -> None:
        self._wants = wants
        self._number = self._shift = self._left = 0
        self._next = self._kept_from
        self._told = self.received

    def outgoing(self) -> bytes:
        """The next frame; nothing when there is none to send.

        What came is acknowledged along with data, or when it has become much.
        """
        if self._wants is _Wants.POSITION:
            return b""
        start = self._next - self._kept_from
        data = self._kept[start : start + MAX_FRAME_BYTES]
        ack = self.received - self._told
        if not data and ack < _LAZY_BYTES:
            return b""
        self._told = self.received
        self._next += len(data)
        return encode_number(ack) + encode_number(len(data)) + data

    @staticmethod
    def end() -> bytes:
        """What says that nothing more will be sent or taken."""
        return encode_number(_END)

    def feed(self, data: bytes) -> Iterator[memoryview]:
        """The payload in what arrived, in any split, piece by piece.

        Raises: PeerBroke for what no correct peer sends.
        """
        view = memoryview(data)
        while view and not self.is_over:
            if self._left:
                piece, view = view[: self._left], view[self._left :]
                self._left -= len(piece)
                self.received += len(piece)
                yield piece
                continue
            byte, view = view[0], view[1:]
            if self._shift > _TOP_SHIFT or (self._shift == _TOP_SHIFT and byte > 1):
                raise PeerBroke("A number in a resumed connection is too large.")
            self._number |= (byte & 0x7F) << self._shift
            self._shift += 7
            if byte < 0x80:
                number, self._number, self._shift = self._number, 0, 0
                self._take(number)

    def _take(self, number: int) -> None:
        if self._wants is _Wants.SIZE:
            if number > MAX_FRAME_BYTES:
                raise PeerBroke(f"A frame of a resumed connection has {number} bytes.")
            self._left = number
            self._wants = _Wants.ACKNOWLEDGED
        elif number == _END:
            self.is_over = True
        elif self._wants is _Wants.POSITION:
            self._forget(number - self._kept_from, most=len(self._kept))
            self._next = self._kept_from
            self._wants = _Wants.ACKNOWLEDGED
        else:
            self._forget(number, most=self._next - self._kept_from)
            self._wants = _Wants.SIZE

    def _forget(self, count: int, *, most: int) -> None:
        """Drop what the other side has."""
        if not 0 <= count <= most:
            raise PeerBroke(
                f"The other side of a resumed connection has {count} bytes more, of {most}."
            )
        del self._kept[:count]
        self._kept_from += count
