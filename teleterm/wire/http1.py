"""HTTP/1.1 as a client speaks it: a request to bytes, bytes to an answer. No I/O.

Source: RFC 9112.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_HEAD = 1 << 16
MAX_BODY = 1 << 25
_END = b"\r\n\r\n"
_LINE = b"\r\n"
_NOT_IN_PATHS = re.compile("[^!-~]")


class NotHttp(ValueError):
    """The bytes are no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered; names of `headers` are in small letters.

    `is_last` says that the connection is of no use for another request.
    """

    status: int
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_last: bool = False

    @property
    def is_success(self) -> bool:
        """Whether it is what was asked for."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text; what isn't UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


def encode_request(
    method: str, path: str, host: str, headers: Mapping[str, str], body: bytes | None = None
) -> bytes:
    """Give a request as it travels; `body` None is a request without one.

    Letters that a path can't have are escaped.
    """
    if _NOT_IN_PATHS.search(path):
        from urllib.parse import quote

        path = quote(path, safe="/?=&%:;,+@~!$'()*")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


class AnswerReader:
    """Puts one answer together from the bytes of a connection.

    `has_body` is False for the answer to HEAD.
    """

    def __init__(self, *, has_body: bool = True) -> None:
        self._has_body = has_body
        self._data = bytearray()
        self._head: Answer | None = None
        self._body: bytearray = bytearray()
        self.answer: Answer | None = None

    def feed(self, data: bytes) -> Answer | None:
        """Take the next bytes; gives the answer once it is whole.

        Raises: NotHttp.
        """
        self._data += data
        while self._head is None:
            if not self._take_head():
                return None
        if len(self._data) + len(self._body) > MAX_BODY:
            raise NotHttp("the answer is too long")
        if self.answer is None and self._take_body(self._head):
            self._finish(self._head)
        return self.answer

    def end(self) -> Answer:
        """Give the answer now that the connection has ended.

        Raises: NotHttp when it is cut off.
        """
        if self.answer is not None:
            return self.answer
        head = self._head
        if head is None or _is_chunked(head) or "content-length" in head.headers:
            raise NotHttp("the answer is cut off")
        self._body += self._data
        self._finish(head)
        return self.end()

    def _take_head(self) -> bool:
        """Read the head if it is there; those that only say "go on" are passed over."""
        head, end, rest = bytes(self._data).partition(_END)
        if len(head) > MAX_HEAD:
            raise NotHttp("the head of the answer is too long")
        if not end:
            if not head[:7].startswith(b"HTTP/1."[: len(head)]):
                raise NotHttp("the answer is no HTTP")
            return False
        self._data = bytearray(rest)
        found = _parse_head(head)
        if found.status >= 200 or found.status == 101:
            self._head = found
        return True

    def _take_body(self, head: Answer) -> bool:
        """Move what there is of the body; whether that was all."""
        if not self._has_body or head.status in {101, 204, 304}:
            return True
        if _is_chunked(head):
            return self._take_chunks()
        length = _length(head)
        if length is None:
            return False  # until the connection ends
        if len(self._data) < length:
            return False
        self._body += self._data[:length]
        del self._data[:length]
        return True

    def _take_chunks(self) -> bool:
        while True:
            line, end, _ = bytes(self._data[: MAX_HEAD + 2]).partition(_LINE)
            if not end:
                if len(line) > MAX_HEAD:
                    raise NotHttp("a piece of the answer has no length")
                return False
            size = _hexadecimal(line)
            start = len(line) + 2
            if size == 0:
                return self._take_trailers(start)
            if len(self._data) < start + size + 2:
                return False
            if self._data[start + size : start + size + 2] != _LINE:
                raise NotHttp("a piece of the answer has no end")
            self._body += self._data[start : start + size]
            del self._data[: start + size + 2]

    def _take_trailers(self, start: int) -> bool:
        """Whether everything after the last piece is there; nobody wants what it says."""
        rest = bytes(self._data[start:])
        if rest.startswith(_LINE):
            del self._data[: start + 2]
            return True
        _, end, after = rest.partition(_END)
        if end:
            self._data = bytearray(after)
        return bool(end)

    def _finish(self, head: Answer) -> None:
        says_close = "close" in head.headers.get("connection", "").lower()
        has_end = _is_chunked(head) or "content-length" in head.headers or not self._has_body
        self.answer = Answer(
            status=head.status,
            reason=head.reason,
            headers=head.headers,
            body=bytes(self._body),
            is_last=head.is_last or says_close or not has_end or bool(self._data),
        )


def _parse_head(head: bytes) -> Answer:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    number, _, reason = rest.partition(" ")
    if not version.startswith("HTTP/1") or not (number.isdecimal() and len(number) == 3):
        raise NotHttp("the answer is no HTTP")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise NotHttp("a line of the answer's head is no header")
        headers.setdefault(name.strip().lower(), value.strip())
    return Answer(status=int(number), reason=reason, headers=headers, is_last=version == "HTTP/1.0")


def _is_chunked(head: Answer) -> bool:
    return "chunked" in head.headers.get("transfer-encoding", "").lower()


def _length(head: Answer) -> int | None:
    text = head.headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise NotHttp("the answer has an impossible length")
    if int(text) > MAX_BODY:
        raise NotHttp("the answer is too long")
    return int(text)


def _hexadecimal(line: bytes) -> int:
    text = line.partition(b";")[0].strip()
    if not text or len(text) > 8 or text.strip(b"0123456789abcdefABCDEF"):
        raise NotHttp("a piece of the answer has an impossible length")
    size = int(text, 16)
    if size > MAX_BODY:
        raise NotHttp("the answer is too long")
    return size
