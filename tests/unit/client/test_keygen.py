"""Fresh keys, and the forms they are kept in."""

import pytest
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
    load_ssh_private_key,
)

from teleterm.client import keygen


@pytest.mark.parametrize(
    ("suite", "ssh_start", "ssh_form", "tls_form"),
    [
        ("balanced-v1", "ssh-ed25519 ", b"OPENSSH PRIVATE KEY", b"PRIVATE KEY"),
        ("hsm-v1", "ssh-ed25519 ", b"OPENSSH PRIVATE KEY", b"PRIVATE KEY"),
        ("fips-v1", "ecdsa-sha2-nistp256 ", b"OPENSSH PRIVATE KEY", b"PRIVATE KEY"),
    ],
)
def test_forms(suite: str, ssh_start: str, ssh_form: bytes, tls_form: bytes) -> None:
    keys = keygen.user_keys(suite)
    assert keys.ssh_public.startswith(ssh_start)
    assert keys.ssh_public.endswith("\n")
    assert keys.ssh_private.reveal().startswith(b"-----BEGIN " + ssh_form)
    assert keys.tls_private.reveal().startswith(b"-----BEGIN " + tls_form)
    assert keys.tls_public.startswith(b"-----BEGIN PUBLIC KEY")
    load_ssh_private_key(keys.ssh_private.reveal(), None)
    load_pem_public_key(keys.tls_public)
    assert keygen.tls_public(keys.tls_private) == keys.tls_public


@pytest.mark.slow
def test_legacy_has_one_rsa_key_for_both() -> None:
    keys = keygen.user_keys("")
    assert keys.ssh_private.reveal() == keys.tls_private.reveal()
    assert keys.tls_private.reveal().startswith(b"-----BEGIN RSA PRIVATE KEY")
    assert keys.tls_public.startswith(b"-----BEGIN RSA PUBLIC KEY")


@pytest.mark.slow
def test_databases_get_rsa_and_the_rest_what_the_suite_says() -> None:
    assert b"RSA" in keygen.database_key().private.reveal()
    key = keygen.session_key("balanced-v1")
    assert b"RSA" not in key.private.reveal()
    load_pem_private_key(key.private.reveal(), None)
