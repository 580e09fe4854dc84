"""MySQL's handshake as bytes."""

import asyncio
import struct

import pytest

from teleterm.demo.databases import mysqlwire
from teleterm.demo.databases.mysqlwire import NotMysql, Packet, Response
from teleterm.demo.streams import ExactReader

SALT = bytes(range(1, 21))
HEAD = struct.Struct("<IIB23x")
FLAGS = mysqlwire.OFFERED & ~mysqlwire.PLUGIN_AUTH_LENENC


class Script:
    """A stream that gives prepared bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def read(self) -> bytes:
        data, self._data = self._data, b""
        return data

    async def write(self, data: bytes) -> None:
        raise AssertionError("nothing is written here")

    async def close(self) -> None:
        self._data = b""


def packet(data: bytes) -> Packet:
    return asyncio.run(mysqlwire.read_packet(ExactReader(Script(data))))


def test_a_greeting_survives_both_ways() -> None:
    data = mysqlwire.encode_greeting("8.0.0-Teleport", SALT, with_tls=True)
    found = packet(data)
    assert found.sequence == 0
    assert found.body.startswith(b"\x0a8.0.0-Teleport\0")
    assert found.body.endswith(b"mysql_native_password\0")
    greeting = mysqlwire.read_greeting(found)
    assert greeting.salt == SALT
    assert greeting.capabilities == mysqlwire.OFFERED | mysqlwire.SSL


def test_no_tls_is_offered_where_it_is_there_already() -> None:
    found = packet(mysqlwire.encode_greeting("8", SALT, with_tls=False))
    assert not mysqlwire.read_greeting(found).capabilities & mysqlwire.SSL


def test_a_login_as_a_client_sends_it() -> None:
    body = HEAD.pack(FLAGS, 1 << 24, 45) + b"alice\0\0shop\0mysql_native_password\0more"
    found = mysqlwire.read_response(Packet(sequence=1, body=body))
    assert found == Response(capabilities=FLAGS, charset=45, user="alice", database="shop")


def test_the_answer_to_a_server_is_read_back() -> None:
    greeting = mysqlwire.read_greeting(packet(mysqlwire.encode_greeting("8", SALT, with_tls=False)))
    asked = Response(capabilities=FLAGS | 1 << 7, charset=33, user="é", database="shop")
    found = packet(mysqlwire.encode_response(asked, greeting, "secret"))
    assert found.sequence == 1
    back = mysqlwire.read_response(found)
    assert (back.user, back.database, back.charset) == ("é", "shop", 33)
    assert not back.capabilities & 1 << 7  # what the proxy has not offered is not asked for
    assert mysqlwire.scramble("secret", SALT) in found.body


def test_a_client_that_goes_over_to_tls() -> None:
    body = HEAD.pack(FLAGS | mysqlwire.SSL, 1 << 24, 45)
    assert mysqlwire.read_response(Packet(sequence=1, body=body)).wants_tls


def test_passwords_are_proved_as_the_documentation_says() -> None:
    """SHA1(password) XOR SHA1(salt, SHA1(SHA1(password))): the hash of the proof's own part."""
    import hashlib

    def sha(data: bytes) -> bytes:
        return hashlib.sha1(data, usedforsecurity=False).digest()

    proof = mysqlwire.scramble("secret", SALT)
    stored = sha(sha(b"secret"))
    mask = sha(SALT + stored)
    assert sha(bytes(a ^ b for a, b in zip(proof, mask, strict=True))) == stored


def test_a_server_may_ask_again_with_another_salt() -> None:
    asked = Packet(sequence=2, body=b"\xfemysql_native_password\0" + SALT + b"\0")
    assert mysqlwire.encode_switched(asked, "x") == b"\x14\0\0\x03" + mysqlwire.scramble("x", SALT)
    with pytest.raises(NotMysql):
        mysqlwire.encode_switched(Packet(sequence=2, body=b"\xfedialog\0"), "x")


def test_errors_carry_code_and_state() -> None:
    data = mysqlwire.encode_error(2, 1045, "28000", "no")
    assert data == b"\x0b\0\0\x02\xff\x15\x04#28000no"
    assert packet(data).is_failure


@pytest.mark.parametrize(
    "body",
    [
        b"",
        HEAD.pack(1, 0, 0),
        HEAD.pack(FLAGS, 0, 0) + b"no end",
        HEAD.pack(FLAGS, 0, 0) + b"alice\0",
        HEAD.pack(FLAGS, 0, 0) + b"alice\0\xff",
        HEAD.pack(FLAGS, 0, 0) + b"alice\0\x05abc",
        HEAD.pack(FLAGS, 0, 0) + b"alice\0\0shop",
    ],
)
def test_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(NotMysql):
        mysqlwire.read_response(Packet(sequence=1, body=body))


def test_packets_are_not_longer_than_a_handshake() -> None:
    with pytest.raises(NotMysql):
        packet(b"\xff\xff\xff\0")
    with pytest.raises(EOFError):
        packet(b"\x05\0\0\0abc")
    with pytest.raises(NotMysql):
        mysqlwire.read_greeting(Packet(sequence=0, body=b"\x0ashort\0"))
