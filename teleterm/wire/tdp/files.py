"""The desktop protocol's messages about shared folders: requests, answers, descriptions of files.

Paths are relative to the shared folder, with `/`; the empty one is the folder itself.
Source: connections.md 5.2.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, TypeVar

from teleterm.model.errors import PeerBroke
from teleterm.wire.tdp.codec import (
    MAX_DATA,
    MAX_ENTRIES,
    MAX_NAME,
    MAX_TEXT,
    Message,
    Numbers,
    Reader,
    blob_bytes,
    text_bytes,
    types,
)
from teleterm.wire.tdp.messages import PLAIN

FILE, FOLDER = 0, 1
R = TypeVar("R", bound="Request")
A = TypeVar("A", bound="ObjectAnswer")


class FileError(IntEnum):
    """What became of a request for a shared folder."""

    OK = 0
    FAILED = 1
    MISSING = 2
    EXISTS = 3


@dataclass(frozen=True, slots=True)
class FileObject:
    """A file or a folder; `modified` is in milliseconds since 1970, `is_empty` 0 or 1."""

    modified: int = 0
    size: int = 0
    kind: int = FILE
    is_empty: int = 0
    path: str = ""

    def bytes(self) -> bytes:
        """As it stands in messages."""
        head = struct.pack(">QQIB", self.modified, self.size, self.kind, self.is_empty)
        return head + text_bytes(self.path)

    @classmethod
    def read(cls, reader: Reader) -> "FileObject":
        """Read one."""
        modified, size, kind, is_empty = struct.unpack(">QQIB", reader.take(21))
        return cls(modified, size, kind, is_empty, reader.text(MAX_TEXT))


@dataclass(frozen=True, slots=True)
class Announce(Message):
    """A folder is shared; the first number means nothing."""

    TYPE: ClassVar[int] = 11
    directory: int
    name: str

    def body(self) -> bytes:
        """Numbers and name."""
        return struct.pack(">II", 0, self.directory) + text_bytes(self.name)

    @classmethod
    def read(cls, reader: Reader) -> "Announce":
        """Numbers and name."""
        reader.number("I")
        return cls(reader.number("I"), reader.text(MAX_NAME))


@dataclass(frozen=True, slots=True)
class Acknowledge(Numbers):
    """The desktop has taken the folder, or not."""

    TYPE: ClassVar[int] = 12
    SHAPE: ClassVar[str] = "II"
    error: int
    directory: int


@dataclass(frozen=True, slots=True)
class Request(Message):
    """A request about a path; `completion` comes back with the answer."""

    completion: int
    directory: int
    path: str

    def body(self) -> bytes:
        """Numbers and path."""
        return struct.pack(">II", self.completion, self.directory) + text_bytes(self.path)

    @classmethod
    def read(cls: type[R], reader: Reader) -> R:
        """Numbers and path."""
        return cls(reader.number("I"), reader.number("I"), reader.text(MAX_TEXT))


@dataclass(frozen=True, slots=True)
class InfoRequest(Request):
    """What is it?"""

    TYPE: ClassVar[int] = 13


@dataclass(frozen=True, slots=True)
class DeleteRequest(Request):
    """Remove it, with all that is in it."""

    TYPE: ClassVar[int] = 17


@dataclass(frozen=True, slots=True)
class ListRequest(Request):
    """What is in it?"""

    TYPE: ClassVar[int] = 25


@dataclass(frozen=True, slots=True)
class CreateRequest(Message):
    """Make a file or a folder."""

    TYPE: ClassVar[int] = 15
    completion: int
    directory: int
    kind: int
    path: str

    def body(self) -> bytes:
        """Numbers and path."""
        return struct.pack(">III", self.completion, self.directory, self.kind) + text_bytes(
            self.path
        )

    @classmethod
    def read(cls, reader: Reader) -> "CreateRequest":
        """Numbers and path."""
        completion, directory, kind = struct.unpack(">III", reader.take(12))
        return cls(completion, directory, kind, reader.text(MAX_TEXT))


@dataclass(frozen=True, slots=True)
class ReadRequest(Message):
    """Give `length` bytes from `offset` on."""

    TYPE: ClassVar[int] = 19
    completion: int
    directory: int
    path: str
    offset: int
    length: int

    def body(self) -> bytes:
        """The path stands between the numbers."""
        head = struct.pack(">II", self.completion, self.directory)
        return head + text_bytes(self.path) + struct.pack(">QI", self.offset, self.length)

    @classmethod
    def read(cls, reader: Reader) -> "ReadRequest":
        """The path stands between the numbers."""
        head = (reader.number("I"), reader.number("I"), reader.text(MAX_TEXT))
        return cls(*head, reader.number("Q"), reader.number("I"))


@dataclass(frozen=True, slots=True)
class WriteRequest(Message):
    """Put bytes at `offset`, which comes before the path here."""

    TYPE: ClassVar[int] = 21
    completion: int
    directory: int
    offset: int
    path: str
    data: bytes

    def body(self) -> bytes:
        """Numbers, path, bytes."""
        head = struct.pack(">IIQ", self.completion, self.directory, self.offset)
        return head + text_bytes(self.path) + blob_bytes(self.data)

    @classmethod
    def read(cls, reader: Reader) -> "WriteRequest":
        """Numbers, path, bytes."""
        completion, directory, offset = struct.unpack(">IIQ", reader.take(16))
        path = reader.text(MAX_TEXT)
        return cls(completion, directory, offset, path, reader.blob(MAX_DATA))


@dataclass(frozen=True, slots=True)
class MoveRequest(Message):
    """Give it another path."""

    TYPE: ClassVar[int] = 23
    completion: int
    directory: int
    path: str
    new_path: str

    def body(self) -> bytes:
        """Numbers and paths."""
        head = struct.pack(">II", self.completion, self.directory)
        return head + text_bytes(self.path) + text_bytes(self.new_path)

    @classmethod
    def read(cls, reader: Reader) -> "MoveRequest":
        """Numbers and paths."""
        head = (reader.number("I"), reader.number("I"))
        return cls(*head, reader.text(MAX_TEXT), reader.text(MAX_TEXT))


@dataclass(frozen=True, slots=True)
class TruncateRequest(Message):
    """Cut it, or lengthen it, to `size` bytes."""

    TYPE: ClassVar[int] = 33
    completion: int
    directory: int
    path: str
    size: int

    def body(self) -> bytes:
        """Numbers, path, size."""
        head = struct.pack(">II", self.completion, self.directory)
        return head + text_bytes(self.path) + struct.pack(">I", self.size)

    @classmethod
    def read(cls, reader: Reader) -> "TruncateRequest":
        """Numbers, path, size."""
        head = (reader.number("I"), reader.number("I"), reader.text(MAX_TEXT))
        return cls(*head, reader.number("I"))


# ---- answers ----


@dataclass(frozen=True, slots=True)
class ObjectAnswer(Message):
    """An answer that describes a file."""

    completion: int
    error: int
    file: FileObject

    def body(self) -> bytes:
        """Numbers and the file."""
        return struct.pack(">II", self.completion, self.error) + self.file.bytes()

    @classmethod
    def read(cls: type[A], reader: Reader) -> A:
        """Numbers and the file."""
        return cls(reader.number("I"), reader.number("I"), FileObject.read(reader))


@dataclass(frozen=True, slots=True)
class InfoAnswer(ObjectAnswer):
    """What it is."""

    TYPE: ClassVar[int] = 14


@dataclass(frozen=True, slots=True)
class CreateAnswer(ObjectAnswer):
    """What was made."""

    TYPE: ClassVar[int] = 16


@dataclass(frozen=True, slots=True)
class DeleteAnswer(Numbers):
    """Removed, or not."""

    TYPE: ClassVar[int] = 18
    SHAPE: ClassVar[str] = "II"
    completion: int
    error: int


@dataclass(frozen=True, slots=True)
class ReadAnswer(Message):
    """The bytes."""

    TYPE: ClassVar[int] = 20
    completion: int
    error: int
    data: bytes

    def body(self) -> bytes:
        """Numbers and bytes."""
        return struct.pack(">II", self.completion, self.error) + blob_bytes(self.data)

    @classmethod
    def read(cls, reader: Reader) -> "ReadAnswer":
        """Numbers and bytes."""
        return cls(reader.number("I"), reader.number("I"), reader.blob(MAX_DATA))


@dataclass(frozen=True, slots=True)
class WriteAnswer(Numbers):
    """How many bytes were written."""

    TYPE: ClassVar[int] = 22
    SHAPE: ClassVar[str] = "III"
    completion: int
    error: int
    written: int


@dataclass(frozen=True, slots=True)
class MoveAnswer(Numbers):
    """Moved, or not."""

    TYPE: ClassVar[int] = 24
    SHAPE: ClassVar[str] = "II"
    completion: int
    error: int


@dataclass(frozen=True, slots=True)
class ListAnswer(Message):
    """What is in a folder."""

    TYPE: ClassVar[int] = 26
    completion: int
    error: int
    files: tuple[FileObject, ...]

    def body(self) -> bytes:
        """Numbers and files."""
        head = struct.pack(">III", self.completion, self.error, len(self.files))
        return head + b"".join(one.bytes() for one in self.files)

    @classmethod
    def read(cls, reader: Reader) -> "ListAnswer":
        """Numbers and files. Raises: PeerBroke for more files than there may be."""
        completion, error, count = struct.unpack(">III", reader.take(12))
        if count > MAX_ENTRIES:
            raise PeerBroke(f"A list of {count} files is too long.")
        return cls(completion, error, tuple(FileObject.read(reader) for _ in range(count)))


@dataclass(frozen=True, slots=True)
class TruncateAnswer(Numbers):
    """Cut, or not."""

    TYPE: ClassVar[int] = 34
    SHAPE: ClassVar[str] = "II"
    completion: int
    error: int


REQUESTS = types(
    InfoRequest, CreateRequest, DeleteRequest, ReadRequest, WriteRequest, MoveRequest, ListRequest,
    TruncateRequest,
)  # fmt: skip
ANSWERS = types(
    InfoAnswer, CreateAnswer, DeleteAnswer, ReadAnswer, WriteAnswer, MoveAnswer, ListAnswer,
    TruncateAnswer,
)  # fmt: skip
ALL = PLAIN | REQUESTS | ANSWERS | types(Announce, Acknowledge)
"""Every message there is."""
