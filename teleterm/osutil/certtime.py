"""When a certificate ends, read from its PEM text without any library.

The process that needs this may not load a cryptography library before the first prompt stands, and
reads certificates for one date only; nothing here checks a signature.
"""

import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

_BEGIN = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"
_SEQUENCE = 0x30
_VERSION = 0xA0
_UTC_TIME = 0x17
_GENERALIZED_TIME = 0x18


class NotACertificate(ValueError):
    """The text holds no certificate that could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    tag: int
    body: bytes
    rest: bytes


def not_after(pem: str) -> datetime:
    """The end of the first certificate in `pem`, in UTC.

    Raises: NotACertificate.
    Source: RFC 5280 4.1 (Certificate, TBSCertificate, Validity).
    """
    start = pem.find(_BEGIN)
    end = pem.find(_END, start)
    if start < 0 or end < 0:
        raise NotACertificate("there is no certificate in this text")
    try:
        der = binascii.a2b_base64(pem[start + len(_BEGIN) : end])
    except ValueError as error:
        raise NotACertificate(str(error)) from None
    rest = _inside(_inside(der, _SEQUENCE), _SEQUENCE)
    element = _element(rest)
    if element.tag == _VERSION:
        element = _element(element.rest)
    for _ in range(2):  # the serial number was read; signature algorithm and issuer follow
        element = _element(element.rest)
    validity = _element(element.rest)
    if validity.tag != _SEQUENCE:
        raise NotACertificate("there is no validity where it should be")
    return _time(_element(_element(validity.body).rest))


def _inside(data: bytes, tag: int) -> bytes:
    found = _element(data)
    if found.tag != tag:
        raise NotACertificate(f"tag {found.tag:#x} where {tag:#x} should be")
    return found.body


def _element(data: bytes) -> _Element:
    if len(data) < 2:
        raise NotACertificate("the certificate ends too early")
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        start = 2 + count
        if not 1 <= count <= 4 or len(data) < start:
            raise NotACertificate("a length can't be read")
        length = int.from_bytes(data[2:start], "big")
    if len(data) < start + length:
        raise NotACertificate("the certificate ends too early")
    return _Element(tag=data[0], body=data[start : start + length], rest=data[start + length :])


def _time(element: _Element) -> datetime:
    try:
        text = element.body.decode("ascii")
        if element.tag == _UTC_TIME and len(text) == len("YYMMDDHHMMSSZ"):
            century = "19" if text[:2] >= "50" else "20"
            text = century + text
        elif element.tag != _GENERALIZED_TIME:
            raise NotACertificate("a time can't be read")
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise NotACertificate(str(error)) from None
