"""The agent with the login's own key, message by message."""

import asyncssh
import pytest
from asyncssh.packet import Byte, SSHPacket, String, UInt32

from teleterm.client.local_agent import LocalAgent

FAILURE = b"\x05"
KEY = asyncssh.generate_private_key("ssh-ed25519")
CERTIFICATE = KEY.generate_user_certificate(KEY, "alice", principals=["alice"])
AGENT = LocalAgent(KEY, CERTIFICATE, "teleport:a:b:alice")


def test_it_names_the_certificate_and_the_key() -> None:
    packet = SSHPacket(AGENT.answer(Byte(11)))
    assert packet.get_byte() == 12
    assert packet.get_uint32() == 2
    assert packet.get_string() == CERTIFICATE.public_data
    assert packet.get_string() == b"teleport:a:b:alice"
    assert packet.get_string() == KEY.public_data


@pytest.mark.parametrize("blob", [CERTIFICATE.public_data, KEY.public_data], ids=["cert", "key"])
def test_it_signs_with_both(blob: bytes) -> None:
    packet = SSHPacket(AGENT.answer(Byte(13) + String(blob) + String(b"data") + UInt32(0)))
    assert packet.get_byte() == 14
    assert KEY.convert_to_public().verify(b"data", packet.get_string())


@pytest.mark.parametrize(
    "message",
    [b"", Byte(17), Byte(13), Byte(13) + String(b"other") + String(b"data") + UInt32(0),
     Byte(13) + b"\xff\xff\xff\xff"],
)  # fmt: skip
def test_all_else_fails(message: bytes) -> None:
    assert AGENT.answer(message) == FAILURE
