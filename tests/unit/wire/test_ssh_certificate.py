"""OpenSSH certificates, compared with what the cryptography library made."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import SSHCertificateBuilder, SSHCertificateType
from hypothesis import given
from hypothesis import strategies as st

from teleterm.model.errors import PeerBroke
from teleterm.wire import ssh_certificate

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EXTENSIONS = ssh_certificate.teleport_extensions(
    roles=("access", "editor"),
    traits={"logins": ("root",)},
    route_to_cluster="root.demo",
    active_requests=("one",),
    others={"permit-pty": "", "login-ip": "127.0.0.1"},
)


def _line() -> str:
    builder = (
        SSHCertificateBuilder()
        .public_key(KEY.public_key())
        .serial(7)
        .type(SSHCertificateType.USER)
        .key_id(b"alice")
        .valid_principals([b"root", b"-teleport-internal-join"])
        .valid_after(1_700_000_000)
        .valid_before(1_700_003_600)
        .add_critical_option(b"source-address", b"10.0.0.1/32")
    )
    for name, value in EXTENSIONS.items():
        builder = builder.add_extension(name.encode(), value.encode())
    return builder.sign(KEY).public_bytes().decode()


def test_fields() -> None:
    found = ssh_certificate.parse_line(_line() + " a comment\n")
    assert found.kind is ssh_certificate.CertificateType.USER
    assert (found.key_id, found.serial) == ("alice", 7)
    assert found.logins == ("root",)
    assert found.valid_before == datetime.fromtimestamp(1_700_003_600, UTC)
    assert dict(found.extensions) == EXTENSIONS
    assert dict(found.critical_options) == {"source-address": "10.0.0.1/32"}
    assert found.roles == ("access", "editor")
    assert found.traits == {"logins": ("root",)}
    assert found.active_requests == ("one",)


def test_what_was_signed_is_written_the_same() -> None:
    found = ssh_certificate.parse_line(_line())
    signed = ssh_certificate.encode_unsigned(found)
    KEY.public_key().verify(found.signature[-64:], signed)


def test_one_that_never_ends() -> None:
    from dataclasses import replace

    found = replace(ssh_certificate.parse_line(_line()), valid_before_s=(1 << 64) - 1)
    assert found.valid_before == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !!"])
def test_other_lines_are_refused(text: str) -> None:
    with pytest.raises(PeerBroke):
        ssh_certificate.parse_line(text)


@given(st.binary(max_size=120))
def test_any_bytes_raise_only_our_error(data: bytes) -> None:
    with pytest.raises(PeerBroke):
        ssh_certificate.parse(data)
