"""Escapes at the start of a typed line, however the bytes arrive."""

import pytest

from teleterm.tsh.escapes import Asked, EscapeReader


def feed(*pieces: bytes) -> tuple[bytes, list[Asked]]:
    reader = EscapeReader()
    data = b""
    asked: list[Asked] = []
    for piece in pieces:
        typed = reader.feed(piece)
        data += typed.data
        asked += typed.asked
    return data, asked


@pytest.mark.parametrize(
    ("typed", "sent", "asked"),
    [
        (b"ls\r", b"ls\r", []),
        (b"~.", b"", [Asked.DISCONNECT]),
        (b"a\r~?b", b"a\rb", [Asked.HELP]),
        (b"a~.", b"a~.", []),
        (b"\r~~.", b"\r~.", []),
        (b"\r~x", b"\r~x", []),
        (b"~\r~.", b"~\r", [Asked.DISCONNECT]),
        (b"cd ~/x\r", b"cd ~/x\r", []),
    ],
)
def test_escapes(typed: bytes, sent: bytes, asked: list[Asked]) -> None:
    assert feed(typed) == (sent, asked)
    assert feed(*(bytes([byte]) for byte in typed)) == (sent, asked)
