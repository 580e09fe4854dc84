"""What the front of a command sends to the warm parent, and what comes back.

Shape:  request: the length of the body (4 bytes, big endian) together with the descriptors of
        standard input, output, error and the folder; then the body, fields with zero bytes between.
        answer: `P` and the worker's pid; the front sends `G` (go); at the end `E` and the exit
        status, negative for a signal. Numbers have 4 bytes, big endian.
Light:  every `tsh` loads it, so there is no dataclass here.
"""

import os
import struct

GO = b"G"
PID = b"P"
END = b"E"
ANSWER_BYTES = 5
DESCRIPTORS = 4
MAX_BODY_BYTES = 4 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_ANSWER = struct.Struct(">ci")
_SPACES = ("user", "net", "mnt", "pid")


class Broken(Exception):
    """Bytes that no front sends."""


class Request:
    """A command as it was started; `streams` is the encoding and its error rule of stdin, stdout.

    `spaces` names the kernel's namespaces of the front: a worker in others would see other files.
    """

    __slots__ = ("argv", "environ", "spaces", "streams", "umask")

    def __init__(
        self,
        *,
        argv: list[bytes],
        environ: dict[bytes, bytes],
        umask: int,
        streams: list[str],
        spaces: str,
    ) -> None:
        self.argv = argv
        self.environ = environ
        self.umask = umask
        self.streams = streams
        self.spaces = spaces


def encode(request: Request) -> tuple[bytes, bytes]:
    """The head, to be sent with the descriptors, and the body."""
    fields = [
        b"%o" % request.umask,
        request.spaces.encode(),
        " ".join(request.streams).encode(),
        b"%d" % len(request.argv),
        *request.argv,
        *(name + b"=" + value for name, value in request.environ.items()),
    ]
    body = b"\0".join(fields)
    return _LENGTH.pack(len(body)), body


def body_length(head: bytes) -> int:
    """How long the body is.

    Raises: Broken.
    """
    if len(head) != _LENGTH.size:
        raise Broken("a head of another size")
    (length,) = _LENGTH.unpack(head)
    if not 0 < length <= MAX_BODY_BYTES:
        raise Broken(f"a body of {length} bytes")
    return int(length)


def decode(body: bytes) -> Request:
    """The request.

    Raises: Broken.
    """
    try:
        umask, spaces, streams, count, *rest = body.split(b"\0")
        words = int(count)
        if not 0 < words <= len(rest):
            raise Broken("fewer words than announced")
        names = streams.decode("ascii").split(" ")
        if len(names) != 4:
            raise Broken("not two streams")
        pairs = (field.partition(b"=") for field in rest[words:])
        return Request(
            argv=rest[:words],
            environ={name: value for name, mark, value in pairs if mark and name},
            umask=int(umask, 8) & 0o777,
            streams=names,
            spaces=spaces.decode("ascii"),
        )
    except ValueError as error:
        raise Broken(str(error)) from error


def pack_answer(kind: bytes, number: int) -> bytes:
    """A pid or an exit status."""
    return _ANSWER.pack(kind, number)


def unpack_answer(data: bytes) -> tuple[bytes, int]:
    """The kind and the number.

    Raises: Broken.
    """
    if len(data) != _ANSWER.size:
        raise Broken("an answer of another size")
    kind, number = _ANSWER.unpack(data)
    return kind, number


def spaces() -> str:
    """The namespaces that this process lives in."""
    places = (f"/proc/self/ns/{name}" for name in _SPACES)
    return " ".join(os.readlink(place) for place in places)  # noqa: PTH115 - pathlib is heavy
