"""The 96 bytes that say where the payload stands in the single file; glue writes, stub reads."""

import struct
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"ttpayld1"
LAYOUT = struct.Struct("!8sQQQ32s32s")
SIZE = LAYOUT.size
COOKIE = struct.Struct("!8sIIII64s")
COOKIE_MAGIC = b"MEI\014\013\012\013\016"


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """Where the payload is, how large it is unpacked, and its digest."""

    offset: int
    length: int
    unpacked: int
    sha256: bytes
    version: str


class NoPayload(OSError):
    """The file isn't one that glue made, or it was cut."""


def pack(footer: Footer) -> bytes:
    """The footer as it stands in the file."""
    return LAYOUT.pack(
        MAGIC, footer.offset, footer.length, footer.unpacked, footer.sha256, footer.version.encode()
    )


def find(path: Path) -> Footer:
    """Read the footer of a single file: it stands before the archive at the file's end.

    Raises: NoPayload.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size < COOKIE.size + SIZE:
            raise NoPayload("this file is cut: download it again")
        file.seek(size - COOKIE.size)
        magic, length, *_ = COOKIE.unpack(file.read(COOKIE.size))
        if magic != COOKIE_MAGIC or size - length - SIZE < 0:
            raise NoPayload("this file has no archive at its end: download it again")
        file.seek(size - length - SIZE)
        magic, offset, payload, unpacked, digest, version = LAYOUT.unpack(file.read(SIZE))
    if magic != MAGIC or offset + payload > size:
        raise NoPayload("this file holds no tree: download it again")
    return Footer(
        offset=offset,
        length=payload,
        unpacked=unpacked,
        sha256=digest,
        version=version.rstrip(b"\0").decode("ascii", "replace"),
    )
