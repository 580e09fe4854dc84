"""Every desktop message but those about shared folders. Source: connections.md 5.2."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from teleterm.model.errors import PeerBroke
from teleterm.wire.tdp.codec import (
    CLIPBOARD,
    MAX_DATA,
    MAX_NAME,
    MAX_PDU,
    MAX_PNG,
    MAX_TEXT,
    PING_BYTES,
    Blob,
    Message,
    Numbers,
    Reader,
    Text,
    blob_bytes,
    text_bytes,
    types,
)


class Severity(IntEnum):
    """How bad an alert is; an error ends the session."""

    INFO = 0
    WARNING = 1
    ERROR = 2


# ---- the screen ----


@dataclass(frozen=True, slots=True)
class ScreenSpec(Numbers):
    """How large the client wants the screen, in pixels; later ones ask for another size."""

    TYPE: ClassVar[int] = 1
    SHAPE: ClassVar[str] = "II"
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PngFrame(Message):
    """A part of the screen, as services before 18 send it."""

    TYPE: ClassVar[int] = 27
    left: int
    top: int
    right: int
    bottom: int
    png: bytes

    def body(self) -> bytes:
        """The picture's length comes first."""
        sides = struct.pack(">IIII", self.left, self.top, self.right, self.bottom)
        return struct.pack(">I", len(self.png)) + sides + self.png

    @classmethod
    def read(cls, reader: Reader) -> "PngFrame":
        """The length, the sides, the picture."""
        size = reader.length(MAX_PNG)
        left, top, right, bottom = struct.unpack(">IIII", reader.take(16))
        return cls(left, top, right, bottom, reader.body(size))


@dataclass(frozen=True, slots=True)
class OldPngFrame(Message):
    """The same without a length; `right` and `bottom` are not part of it."""

    TYPE: ClassVar[int] = 2
    left: int
    top: int
    right: int
    bottom: int
    png: bytes

    def body(self) -> bytes:
        """The sides, the picture."""
        return struct.pack(">IIII", self.left, self.top, self.right, self.bottom) + self.png

    @classmethod
    def read(cls, reader: Reader) -> "OldPngFrame":
        """The sides, then a picture that says itself where it ends."""
        left, top, right, bottom = struct.unpack(">IIII", reader.take(16))
        return cls(left, top, right, bottom, reader.png())


@dataclass(frozen=True, slots=True)
class FastPath(Blob):
    """An update of the RDP server's, as it is."""

    TYPE: ClassVar[int] = 29
    LIMIT: ClassVar[int] = MAX_PDU


@dataclass(frozen=True, slots=True)
class RdpResponse(Blob):
    """Bytes for the RDP server, as they are."""

    TYPE: ClassVar[int] = 30
    LIMIT: ClassVar[int] = MAX_PDU


@dataclass(frozen=True, slots=True)
class Activated(Numbers):
    """The session stands, with these channels and this size; may come again."""

    TYPE: ClassVar[int] = 31
    SHAPE: ClassVar[str] = "HHHH"
    io_channel: int
    user_channel: int
    width: int
    height: int


# ---- input ----


@dataclass(frozen=True, slots=True)
class MouseMove(Numbers):
    """Where the pointer is."""

    TYPE: ClassVar[int] = 3
    SHAPE: ClassVar[str] = "II"
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MouseButton(Numbers):
    """Button 0 is left, 1 middle, 2 right; state 1 is down."""

    TYPE: ClassVar[int] = 4
    SHAPE: ClassVar[str] = "BB"
    button: int
    state: int


@dataclass(frozen=True, slots=True)
class Key(Numbers):
    """A key by its scancode (set 1; 0xE0xx for extended ones); state 1 is down."""

    TYPE: ClassVar[int] = 5
    SHAPE: ClassVar[str] = "IB"
    scancode: int
    state: int


@dataclass(frozen=True, slots=True)
class Wheel(Numbers):
    """Axis 0 is vertical; positive is up or left."""

    TYPE: ClassVar[int] = 8
    SHAPE: ClassVar[str] = "Bh"
    axis: int
    delta: int


@dataclass(frozen=True, slots=True)
class SyncKeys(Numbers):
    """Which locks are on: 1 is."""

    TYPE: ClassVar[int] = 32
    SHAPE: ClassVar[str] = "BBBB"
    scroll: int
    num: int
    caps: int
    kana: int


@dataclass(frozen=True, slots=True)
class KeyboardLayout(Message):
    """The client's layout, by the number Windows gives it."""

    TYPE: ClassVar[int] = 37
    layout: int

    def body(self) -> bytes:
        """Length and number."""
        return struct.pack(">II", 4, self.layout)

    @classmethod
    def read(cls, reader: Reader) -> "KeyboardLayout":
        """Length and number. Raises: PeerBroke for another length."""
        if reader.length(4) != 4:
            raise PeerBroke("A keyboard layout has four bytes.")
        return cls(reader.number("I"))


# ---- both ----


@dataclass(frozen=True, slots=True)
class Clipboard(Blob):
    """A text that was copied. One beyond the limit is left out: see `Splitter`."""

    TYPE: ClassVar[int] = CLIPBOARD
    LIMIT: ClassVar[int] = MAX_DATA


@dataclass(frozen=True, slots=True)
class Mfa(Message):
    """A challenge, or its answer, as JSON."""

    TYPE: ClassVar[int] = 10
    kind: int
    json: bytes

    def body(self) -> bytes:
        """Kind, length and bytes."""
        return bytes([self.kind]) + blob_bytes(self.json)

    @classmethod
    def read(cls, reader: Reader) -> "Mfa":
        """Kind, length and bytes."""
        return cls(reader.number("B"), reader.blob(MAX_DATA))


@dataclass(frozen=True, slots=True)
class Ping(Message):
    """Comes back as it went."""

    TYPE: ClassVar[int] = 36
    uuid: bytes

    def body(self) -> bytes:
        """Sixteen bytes."""
        return self.uuid

    @classmethod
    def read(cls, reader: Reader) -> "Ping":
        """Sixteen bytes."""
        return cls(bytes(reader.take(PING_BYTES)))


@dataclass(frozen=True, slots=True)
class Username(Text):
    """Who to log in as."""

    TYPE: ClassVar[int] = 7
    LIMIT: ClassVar[int] = MAX_NAME


@dataclass(frozen=True, slots=True)
class OldError(Text):
    """What ended the session, as old services say it."""

    TYPE: ClassVar[int] = 9
    LIMIT: ClassVar[int] = MAX_TEXT


@dataclass(frozen=True, slots=True)
class Alert(Message):
    """Something for the person; see `Severity`."""

    TYPE: ClassVar[int] = 28
    text: str
    severity: int

    def body(self) -> bytes:
        """A text, and how bad it is."""
        return text_bytes(self.text) + bytes([self.severity])

    @classmethod
    def read(cls, reader: Reader) -> "Alert":
        """A text, and how bad it is."""
        return cls(reader.text(MAX_TEXT), reader.number("B"))


@dataclass(frozen=True, slots=True)
class Latency(Numbers):
    """How long messages take to the service and from there to the desktop, in milliseconds."""

    TYPE: ClassVar[int] = 35
    SHAPE: ClassVar[str] = "II"
    client_ms: int
    server_ms: int


PLAIN = types(
    ScreenSpec, PngFrame, OldPngFrame, FastPath, RdpResponse, Activated, MouseMove, MouseButton,
    Key, Wheel, SyncKeys, KeyboardLayout, Clipboard, Mfa, Ping, Username, OldError, Alert, Latency,
)  # fmt: skip
"""The messages that aren't about shared folders (those are in `files`)."""
