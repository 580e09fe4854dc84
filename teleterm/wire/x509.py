"""The few fields of an X.509 certificate that a client shows and decides by.

A reader of its own: it takes microseconds and needs no library, where starting one costs more than
all of `tsh status`. It checks nothing: signatures are the TLS library's business.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from teleterm.model.errors import PeerBroke

_INTEGER, _OID, _SEQUENCE, _SET = 0x02, 0x06, 0x30, 0x31
_UTC_TIME, _GENERALIZED_TIME, _VERSION = 0x17, 0x18, 0xA0
_BMP_STRING = 0x1E
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s*(.*?)-----END \1-----", re.DOTALL)
COMMON_NAME = "2.5.4.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Names are lists of (object id, value), in order; an id may come several times."""

    serial: int
    issuer: tuple[tuple[str, str], ...]
    subject: tuple[tuple[str, str], ...]
    not_before: datetime
    not_after: datetime
    public_key: bytes

    @property
    def issuer_name(self) -> str:
        """The common name of the issuer: the cluster's name, for what its authority signed."""
        return next((value for oid, value in self.issuer if oid == COMMON_NAME), "")

    @property
    def subject_name(self) -> str:
        """The common name of the subject."""
        return next((value for oid, value in self.subject if oid == COMMON_NAME), "")


def pem_blocks(text: bytes) -> Iterator[tuple[str, bytes]]:
    """The blocks of a PEM text: label and DER bytes; what is no base64 is left out."""
    for block in _PEM.finditer(text):
        try:
            yield block[1].decode(), base64.b64decode(block[2])
        except binascii.Error:
            continue


def pem(label: str, der: bytes) -> bytes:
    """The PEM text of a block."""
    body = base64.b64encode(der)
    lines = b"\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    mark = label.encode()
    return b"-----BEGIN " + mark + b"-----\n" + lines + b"\n-----END " + mark + b"-----\n"


def parse_pem(text: bytes) -> Certificate:
    """The first certificate of a PEM text.

    Raises: PeerBroke when there is none, or it can't be read.
    """
    for label, der in pem_blocks(text):
        if label == "CERTIFICATE":
            return parse(der)
    raise PeerBroke("There is no certificate where one was expected.")


def parse(der: bytes) -> Certificate:
    """The fields of a certificate.

    Raises: PeerBroke when the bytes are no certificate.
    """
    try:
        return _parse(der)
    except (ValueError, IndexError, StopIteration) as error:
        raise PeerBroke("A certificate can't be read.", details=repr(error)) from error


def _parse(der: bytes) -> Certificate:
    _, certificate, _ = _element(der, 0)
    _, body, _ = _element(certificate, 0)
    fields = list(_elements(body))
    if fields[0][0] == _VERSION:
        fields = fields[1:]
    (serial_tag, serial), _algorithm, issuer, validity, subject, key = fields[:6]
    if serial_tag != _INTEGER:
        raise ValueError("no serial number")
    not_before, not_after = list(_elements(validity[1]))[:2]
    return Certificate(
        serial=int.from_bytes(serial, "big", signed=True),
        issuer=tuple(_name(issuer[1])),
        subject=tuple(_name(subject[1])),
        not_before=_time(*not_before),
        not_after=_time(*not_after),
        public_key=key[1],
    )


def _element(data: bytes, at: int) -> tuple[int, bytes, int]:
    """The element at `at`: its tag, its body and where the next one begins."""
    tag, size = data[at], data[at + 1]
    at += 2
    if size & 0x80:
        count = size & 0x7F
        size = int.from_bytes(data[at : at + count], "big")
        at += count
    if at + size > len(data):
        raise ValueError("cut short")
    return tag, data[at : at + size], at + size


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, body, at = _element(data, at)
        yield tag, body


def _name(data: bytes) -> Iterator[tuple[str, str]]:
    for tag, group in _elements(data):
        if tag != _SET:
            raise ValueError("no name")
        for _, pair in _elements(group):
            (oid_tag, oid), (value_tag, value) = list(_elements(pair))[:2]
            if oid_tag != _OID:
                raise ValueError("no object id")
            encoding = "utf-16-be" if value_tag == _BMP_STRING else "utf-8"
            yield _object_id(oid), value.decode(encoding)


def _object_id(data: bytes) -> str:
    numbers: list[int] = []
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def _time(tag: int, data: bytes) -> datetime:
    text = data.decode("ascii").removesuffix("Z")
    if tag == _UTC_TIME:
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError("no time")
    return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
