"""How desktop messages are written and read, and where one ends in a stream.

Shape:  the type (1 byte), then the fields, integers big endian; a text is its length (4 bytes)
        and UTF-8. On a stream nothing frames a message, so its end follows from its fields.
Source: connections.md 5.1.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import ClassVar, TypeVar

from teleterm.model.errors import PeerBroke

MAX_TEXT = 10240
MAX_NAME = 256
MAX_DATA = 1 << 20
MAX_PNG = 10 << 20
MAX_PDU = 16 << 20
"""A fast-path update is at most 16 KiB; services wrap several as one."""
MAX_SIDE = 8192
MAX_ENTRIES = 100_000
PING_BYTES = 16
PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND"
CLIPBOARD = 6
_CLIPBOARD_HEAD = 5


class Incomplete(Exception):
    """More bytes are needed: `needed` in all, at least."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class Reader:
    """Takes fields off the front of a message that may not be whole yet."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._view = memoryview(data)
        self.at = 0

    def take(self, size: int) -> memoryview:
        """The next `size` bytes. Raises: Incomplete."""
        end = self.at + size
        if end > len(self._view):
            raise Incomplete(end)
        piece = self._view[self.at : end]
        self.at = end
        return piece

    def number(self, shape: str) -> int:
        """An integer, `shape` as `struct` names it."""
        value: int = struct.unpack(f">{shape}", self.take(struct.calcsize(f">{shape}")))[0]
        return value

    def blob(self, limit: int) -> bytes:
        """Bytes behind their length. Raises: PeerBroke beyond the limit."""
        return self.body(self.length(limit))

    def body(self, size: int) -> bytes:
        """The next `size` bytes, to keep. Raises: Incomplete."""
        return bytes(self.take(size))

    def length(self, limit: int) -> int:
        """A length. Raises: PeerBroke beyond the limit."""
        size = self.number("I")
        if size > limit:
            raise PeerBroke(f"A desktop message holds {size} bytes where {limit} are allowed.")
        return size

    def text(self, limit: int) -> str:
        """A text behind its length; what is no UTF-8 is replaced."""
        return self.blob(limit).decode("utf-8", "replace")

    def png(self) -> bytes:
        """A picture to its end, which only its own chunks tell. Raises: PeerBroke."""
        start = self.at
        if bytes(self.take(len(PNG_START))) != PNG_START:
            raise PeerBroke("A desktop picture is no PNG.")
        while True:
            size = self.number("I")
            kind = bytes(self.take(4))
            if self.at + size - start > MAX_PNG:
                raise PeerBroke("A desktop picture is longer than it may be.")
            self.take(size + 4)
            if kind == _PNG_END:
                size, self.at = self.at - start, start
                return self.body(size)


class _Measure(Reader):
    """Finds where a message ends, and copies nothing out of it."""

    def body(self, size: int) -> bytes:
        """Nothing of it."""
        self.take(size)
        return b""


def text_bytes(value: str) -> bytes:
    """A text behind its length."""
    return blob_bytes(value.encode("utf-8"))


def blob_bytes(value: bytes) -> bytes:
    """Bytes behind their length."""
    return struct.pack(">I", len(value)) + value


M = TypeVar("M", bound="Message")
B = TypeVar("B", bound="Blob")
T = TypeVar("T", bound="Text")


@dataclass(frozen=True, slots=True)
class Message:
    """Any message. Subclasses name their type, and read and write what follows it."""

    TYPE: ClassVar[int] = 0

    def body(self) -> bytes:
        """Everything after the type."""
        raise NotImplementedError

    @classmethod
    def read(cls: type[M], reader: Reader) -> M:
        """Make one from what follows the type. Raises: Incomplete, PeerBroke."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Numbers(Message):
    """A message of nothing but integers; SHAPE as `struct` writes it."""

    SHAPE: ClassVar[str] = ""

    def body(self) -> bytes:
        """The integers, in their order."""
        values = [getattr(self, one.name) for one in fields(self)]
        return struct.pack(f">{self.SHAPE}", *values)

    @classmethod
    def read(cls: type[M], reader: Reader) -> M:
        """The integers, in their order."""
        shape: str = f">{getattr(cls, 'SHAPE', '')}"
        return cls(*struct.unpack(shape, reader.take(struct.calcsize(shape))))


@dataclass(frozen=True, slots=True)
class Blob(Message):
    """A message of nothing but bytes behind their length."""

    LIMIT: ClassVar[int] = 0
    data: bytes

    def body(self) -> bytes:
        """Length and bytes."""
        return blob_bytes(self.data)

    @classmethod
    def read(cls: type[B], reader: Reader) -> B:
        """Length and bytes."""
        return cls(reader.blob(cls.LIMIT))


@dataclass(frozen=True, slots=True)
class Text(Message):
    """A message of nothing but a text."""

    LIMIT: ClassVar[int] = 0
    text: str

    def body(self) -> bytes:
        """The text."""
        return text_bytes(self.text)

    @classmethod
    def read(cls: type[T], reader: Reader) -> T:
        """The text."""
        return cls(reader.text(cls.LIMIT))


def types(*classes: type[Message]) -> dict[int, type[Message]]:
    """A table of messages by their types."""
    return {one.TYPE: one for one in classes}


def encode(message: Message) -> bytes:
    """A whole message."""
    return bytes([message.TYPE]) + message.body()


def decode(data: bytes, known: "dict[int, type[Message]]") -> Message:
    """The one message that `data` is.

    Raises: PeerBroke when it is none of the known ones, ends early, or goes on behind its end.
    """
    reader = Reader(data)
    try:
        message = _read(reader, known)
    except Incomplete as error:
        raise PeerBroke("A desktop message ends early.", details=str(error)) from None
    if reader.at != len(data):
        raise PeerBroke(f"{len(data) - reader.at} bytes follow a desktop message.")
    return message


def _read(reader: Reader, known: "dict[int, type[Message]]") -> Message:
    number = reader.number("B")
    kind = known.get(number)
    if kind is None:
        raise PeerBroke(f"There is no desktop message of type {number}.")
    return kind.read(reader)


class Splitter:
    """Cuts a stream into whole messages, still encoded.

    A clipboard text beyond the limit is skipped; `on_too_long` is told its length.
    """

    def __init__(
        self, known: "dict[int, type[Message]]", on_too_long: Callable[[int], None]
    ) -> None:
        self._known = known
        self._on_too_long = on_too_long
        self._pending = bytearray()
        self._needed = 1
        self._skip = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes, and give the messages that are whole now.

        Raises: PeerBroke; the stream is then of no further use.
        """
        self._pending += self._skipped(data)
        found: list[bytes] = []
        if len(self._pending) < self._needed:
            return found
        view = bytes(self._pending)
        at, needed = 0, 1
        while len(view) - at >= needed:
            if (size := _excess(view, at)) > 0:
                self._on_too_long(size)
                left = len(view) - at - _CLIPBOARD_HEAD
                self._skip = max(0, size - left)
                at = len(view) - max(0, left - size)
                continue
            reader = _Measure(view)
            reader.at = at
            try:
                _read(reader, self._known)
            except Incomplete as error:
                needed = error.needed - at
                break
            found.append(view[at : reader.at])
            at, needed = reader.at, 1
        del self._pending[:at]
        self._needed = needed
        return found

    def _skipped(self, data: bytes) -> bytes:
        count = min(self._skip, len(data))
        self._skip -= count
        return data[count:]


def _excess(view: bytes, at: int) -> int:
    """The length of a clipboard text that begins here and is too long; else 0."""
    if view[at] != CLIPBOARD or len(view) - at < _CLIPBOARD_HEAD:
        return 0
    size = int.from_bytes(view[at + 1 : at + _CLIPBOARD_HEAD], "big")
    return size if size > MAX_DATA else 0
