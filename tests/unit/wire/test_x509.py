"""Reading certificates: compared with what the cryptography library made."""

import contextlib
from datetime import UTC, datetime

import pytest
from cryptography import x509 as library
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import PeerBroke
from teleterm.wire import x509

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PAIRS = [
    ("2.5.4.3", "alice"),
    ("2.5.4.10", "access"),
    ("2.5.4.10", "Ümläut"),
    ("1.3.9999.1.20", "local"),
    ("2.5.4.17", '{"logins":["root"]}'),
]


def _certificate(not_after: datetime) -> bytes:
    def attribute(oid: str, value: str) -> "library.NameAttribute[str]":
        return library.NameAttribute(library.ObjectIdentifier(oid), value)

    return (
        library.CertificateBuilder()
        .subject_name(library.Name([attribute(oid, value) for oid, value in PAIRS]))
        .issuer_name(library.Name([attribute("2.5.4.3", "root.demo")]))
        .public_key(KEY.public_key())
        .serial_number(0xABCDEF)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(not_after)
        .sign(KEY, None)
        .public_bytes(Encoding.DER)
    )


@pytest.mark.parametrize("year", [2026, 2049, 2050, 2120])
def test_fields(year: int) -> None:
    end = datetime(year, 11, 23, 17, 12, 56, tzinfo=UTC)
    found = x509.parse(_certificate(end))
    assert list(found.subject) == PAIRS
    assert (found.issuer_name, found.subject_name) == ("root.demo", "alice")
    assert found.not_before == datetime(2020, 1, 1, tzinfo=UTC)
    assert found.not_after == end
    assert found.serial == 0xABCDEF


def test_pem_both_ways() -> None:
    der = _certificate(datetime(2030, 1, 1, tzinfo=UTC))
    text = b"words before\n" + x509.pem("CERTIFICATE", der) + b"\n" + x509.pem("X Y", b"ab")
    assert list(x509.pem_blocks(text)) == [("CERTIFICATE", der), ("X Y", b"ab")]
    assert x509.parse_pem(text).serial == 0xABCDEF
    assert library.load_pem_x509_certificate(text).serial_number == 0xABCDEF


def test_no_certificate() -> None:
    with pytest.raises(PeerBroke):
        x509.parse_pem(b"")
    with pytest.raises(PeerBroke):
        x509.parse_pem(x509.pem("CERTIFICATE", b"\x30\x82"))


@given(st.binary(max_size=200))
def test_any_bytes_raise_only_our_error(data: bytes) -> None:
    with pytest.raises(PeerBroke):
        x509.parse(data)


@given(st.integers(0, 600), st.integers(0, 255))
def test_damaged_certificates_raise_only_our_error(at: int, byte: int) -> None:
    der = bytearray(_certificate(datetime(2030, 1, 1, tzinfo=UTC)))
    der[at % len(der)] = byte
    with contextlib.suppress(PeerBroke):
        x509.parse(bytes(der))
