"""The id of a headless login."""

import uuid

from teleterm.client import headless


def test_id_is_a_uuid_of_the_key() -> None:
    first = headless.ident_of("ssh-ed25519 AAAA\n")
    assert uuid.UUID(first).version == 5
    assert uuid.UUID(first).variant == uuid.RFC_4122
    assert first == headless.ident_of("ssh-ed25519 AAAA\n")
    assert first != headless.ident_of("ssh-ed25519 AAAB\n")
