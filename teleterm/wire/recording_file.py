"""Recordings in files: parts with a header each, and in each part records, compressed.

Shape:  part: version (8 bytes, big endian as all numbers here), size, padding (8 each); from
        version 2 on flags (1 byte, then 7 unused); `size` bytes of gzip, and the padding.
        Unpacked: records, each its length (4 bytes) and that many bytes, a protobuf `OneOf`.
Source: Teleport 18.3 `lib/events/stream.go`; checked on a file that its node wrote.
"""

import struct
import zlib
from collections.abc import Iterator

from teleterm.model.errors import BadInput, ErrorCode, Refused

MAX_RECORD_BYTES = 64 * 1024
_HEAD = struct.Struct(">QQQ")
_FLAGS = struct.Struct(">B7x")
_LENGTH = struct.Struct(">I")
_ENCRYPTED = 1
_GZIP = 31
_STEP_BYTES = 256 * 1024


class Decoder:
    """Takes what a file holds, in any split, and gives its records."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._left = 0
        self._padding = 0
        self._is_in_part = False
        self._unpacker = zlib.decompressobj(_GZIP)
        self._records = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The records that are whole now.

        Raises: BadInput for what is no recording; Refused for one that is encrypted.
        """
        self._waiting += data
        while self._waiting:
            if not self._is_in_part:
                if not self._begins():
                    return
            elif self._left:
                packed = bytes(self._waiting[: self._left])
                del self._waiting[: self._left]
                self._left -= len(packed)
                yield from self._unpack(packed)
            else:
                skipped = min(self._padding, len(self._waiting))
                del self._waiting[:skipped]
                self._padding -= skipped
            if self._is_in_part and not self._left and not self._padding:
                self._is_in_part = False

    def close(self) -> None:
        """There is no more.

        Raises: BadInput when the file ends in the middle of something.
        """
        if self._is_in_part or self._waiting or self._records:
            raise BadInput("The recording is cut off.", field="recording")

    def _begins(self) -> bool:
        """Read the header of a part; False until it is all there."""
        size = _HEAD.size
        if len(self._waiting) < size:
            return False
        version, self._left, self._padding = _HEAD.unpack_from(self._waiting)
        if version not in (1, 2):
            raise BadInput("This file is no recording of a session.", field="recording")
        if version == 2:
            size += _FLAGS.size
            if len(self._waiting) < size:
                return False
            (flags,) = _FLAGS.unpack_from(self._waiting, _HEAD.size)
            if flags & _ENCRYPTED:
                raise Refused(
                    "The recording is encrypted.",
                    code=ErrorCode.NOT_IMPLEMENTED,
                    hint="Play it by its session ID: the cluster can read it.",
                )
        del self._waiting[:size]
        self._is_in_part = True
        self._unpacker = zlib.decompressobj(_GZIP)
        return True

    def _unpack(self, packed: bytes) -> Iterator[bytes]:
        """Unpack a little at a time: a small file may hold a lot."""
        while packed:
            try:
                self._records += self._unpacker.decompress(packed, _STEP_BYTES)
            except zlib.error:
                raise BadInput("The recording is damaged.", field="recording") from None
            if self._unpacker.unconsumed_tail:
                packed = self._unpacker.unconsumed_tail
            elif self._unpacker.unused_data:  # several streams may stand behind one another
                packed = self._unpacker.unused_data
                self._unpacker = zlib.decompressobj(_GZIP)
            else:
                packed = b""
            yield from self._cut()

    def _cut(self) -> Iterator[bytes]:
        while len(self._records) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._records)
            if not 0 < length <= MAX_RECORD_BYTES:
                raise BadInput("The recording is damaged.", field="recording")
            end = _LENGTH.size + length
            if len(self._records) < end:
                return
            record = bytes(self._records[_LENGTH.size : end])
            del self._records[:end]
            yield record
