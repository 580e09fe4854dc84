import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from teleterm.osutil import certtime


def make(end: datetime) -> bytes:
    """A certificate that ends then."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "alice")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(hours=12))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    "end",
    [
        datetime(2026, 11, 23, 18, 40, 7, tzinfo=UTC),
        datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2050, 1, 1, tzinfo=UTC),
        datetime(1999, 1, 1, tzinfo=UTC),
    ],
)
def test_agrees_with_a_library(end: datetime) -> None:
    assert certtime.not_after(make(end).decode()) == end


def test_reads_the_first_of_several() -> None:
    first, second = datetime(2030, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    assert certtime.not_after("junk\n" + (make(first) + make(second)).decode()) == first


WHOLE = make(datetime(2030, 1, 1, tzinfo=UTC)).decode()


@pytest.mark.parametrize(
    "text",
    ["", "-----BEGIN CERTIFICATE-----", WHOLE[:80], WHOLE.lower()],
    ids=["empty", "only a head", "cut", "lower case"],
)
def test_says_so_when_there_is_none(text: str) -> None:
    with pytest.raises(certtime.NotACertificate):
        certtime.not_after(text)


@given(st.integers(0, len(WHOLE) - 1), st.characters())
def test_damage_raises_its_own_error_only(place: int, sign: str) -> None:
    with contextlib.suppress(certtime.NotACertificate):
        certtime.not_after(WHOLE[:place] + sign + WHOLE[place + 1 :])
