"""The key of a login, whole and as a crash leaves it."""

import asyncssh
import pytest

from teleterm.client import login_key
from teleterm.client.keystore import KeyRing
from teleterm.model.errors import ErrorCode, Refused
from teleterm.model.secret import Secret

KEY = asyncssh.generate_private_key("ssh-ed25519")
PEM = KEY.export_private_key()
LINE = KEY.generate_user_certificate(KEY, "alice", principals=["root"]).export_certificate()


def ring(pem: bytes) -> KeyRing:
    """A login with this SSH key."""
    nothing = Secret(b"")
    return KeyRing(ssh_private=Secret(pem), ssh_public="", tls_private=nothing, tls_certificate=b"")


def test_a_login_is_read() -> None:
    key, certificate = login_key.read(ring(PEM), LINE.decode())
    assert key.public_data == KEY.public_data
    assert certificate.key.public_data == KEY.public_data


@pytest.mark.parametrize(
    ("pem", "line"),
    [(b"", LINE), (PEM[:100], LINE), (b"\0\xff", LINE), (PEM, b""), (PEM, LINE[:60])],
)
def test_a_damaged_login_asks_for_another_one(pem: bytes, line: bytes) -> None:
    with pytest.raises(Refused, match="damaged") as caught:
        login_key.read(ring(pem), line.decode())
    assert caught.value.code is ErrorCode.NEEDS_LOGIN
