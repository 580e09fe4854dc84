"""Identity files, as text."""

import pytest

from teleterm.client import identity_file
from teleterm.client.identity_file import IdentityFile
from teleterm.model.errors import BadInput
from teleterm.model.secret import Secret

KEY = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----\n"
AUTHORITY = b"-----BEGIN CERTIFICATE-----\nCCCC\n-----END CERTIFICATE-----\n"
SSH = "ecdsa-sha2-nistp256-cert-v01@openssh.com DDDD\n"
HOST = "@cert-authority proxy,root,*.root ssh-ed25519 EEEE type=host"


def whole() -> IdentityFile:
    return IdentityFile(
        private_key=Secret(KEY),
        ssh_certificate=SSH,
        tls_certificate=CERTIFICATE,
        authority_lines=(HOST,),
        authority_pems=(AUTHORITY,),
    )


def test_order_of_the_official_program() -> None:
    expected = KEY + SSH.encode() + CERTIFICATE + HOST.encode() + b"\n" + AUTHORITY
    assert identity_file.encode(whole()) == expected


def test_reads_what_it_writes_and_skips_the_rest() -> None:
    text = "# a remark\n\n" + identity_file.encode(whole()).decode().replace("\n", "\r\n")
    found = identity_file.decode(text)
    assert found.private_key.reveal() == KEY
    assert (found.ssh_certificate, found.tls_certificate) == (SSH, CERTIFICATE)
    assert (found.authority_lines, found.authority_pems) == ((HOST,), (AUTHORITY,))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no private key"),
        (CERTIFICATE.decode(), "no private key"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n", "no end"),
    ],
)
def test_damaged(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        identity_file.decode(text)
