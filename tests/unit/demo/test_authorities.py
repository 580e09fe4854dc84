"""What the demo's authorities sign: subjects, extensions, principals and lifetimes."""

import datetime
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import ssh
from cryptography.x509.oid import NameOID

from teleterm.demo.authorities import (
    SshAuthority,
    TlsAuthority,
    Window,
    read_ssh_public_key,
    read_tls_public_key,
)
from teleterm.demo.identity import DatabaseRoute, Identity, identity_of, subject_of

NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
ALICE = Identity(
    user="alice",
    cluster="root.example",
    roles=("access", "editor"),
    logins=("alice", "-teleport-internal-join"),
    traits={"logins": ("alice",), "empty": ()},
    route_to_cluster="leaf.example",
    login_ip="127.0.0.1",
    database=DatabaseRoute(service="orders", protocol="postgres", user="reader", name="shop"),
    database_users=("reader", "alice"),
    database_names=("shop",),
)


def test_a_tls_certificate_carries_the_identity() -> None:
    authority = TlsAuthority("root.example", NOW)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = authority.issue(subject_of(ALICE), key, Window.until(NOW, NOW + HOUR))
    certificate = x509.load_pem_x509_certificate(pem)
    assert identity_of(certificate) == ALICE
    certificate.verify_directly_issued_by(authority.certificate)
    assert certificate.not_valid_before_utc == NOW - datetime.timedelta(minutes=1)
    assert certificate.not_valid_after_utc == NOW + HOUR


def test_the_subject_uses_the_attributes_clients_read() -> None:
    subject = subject_of(ALICE)
    pairs = [(item.oid.dotted_string, item.value) for item in subject]
    assert ("2.5.4.3", "alice") in pairs
    assert ("2.5.4.10", "access") in pairs
    assert ("2.5.4.10", "editor") in pairs
    assert ("2.5.4.7", "alice") in pairs
    assert ("2.5.4.9", "leaf.example") in pairs
    assert ("1.3.9999.1.7", "root.example") in pairs
    assert ("1.3.9999.2.1", "orders") in pairs
    assert ("1.3.9999.2.3", "reader") in pairs
    assert ("1.3.9999.2.6", "alice") in pairs


def test_an_authority_is_named_after_its_cluster() -> None:
    subject = TlsAuthority("root.example", NOW).certificate.subject
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        assert [item.value for item in subject.get_attributes_for_oid(oid)] == ["root.example"]


def test_a_user_ssh_certificate_says_what_clients_show() -> None:
    authority = SshAuthority()
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    line = authority.issue_user(ALICE, key, Window.until(NOW, NOW + HOUR))
    assert line.endswith(b"\n")
    certificate = ssh.load_ssh_public_identity(line)
    assert isinstance(certificate, ssh.SSHCertificate)
    certificate.verify_cert_signature()
    assert certificate.type is ssh.SSHCertificateType.USER
    assert certificate.key_id == b"alice"
    assert certificate.serial == 0
    assert certificate.valid_principals == [b"alice", b"-teleport-internal-join"]
    assert certificate.valid_before == int((NOW + HOUR).timestamp())
    assert not certificate.critical_options
    assert json.loads(certificate.extensions[b"teleport-roles"]) == {"roles": ["access", "editor"]}
    assert certificate.extensions[b"teleport-route-to-cluster"] == b"leaf.example"
    assert certificate.extensions[b"permit-pty"] == b""


def test_a_host_certificate_never_ends() -> None:
    authority = SshAuthority()
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    certificate = ssh.load_ssh_public_identity(authority.issue_host("root.example", ["web"], key))
    assert isinstance(certificate, ssh.SSHCertificate)
    assert certificate.type is ssh.SSHCertificateType.HOST
    assert certificate.valid_principals == [b"web"]
    assert certificate.valid_before == 2**64 - 1
    assert certificate.signature_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    ) in (authority.public_line)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"-----BEGIN PUBLIC KEY-----\n"])
def test_unreadable_keys_are_value_errors(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_tls_public_key(data)
    with pytest.raises(ValueError, match=r".*"):
        read_ssh_public_key(data)
