"""The parts of the MySQL protocol a proxy needs: the handshake from both ends, errors.

Source: MariaDB documentation, "Connecting: connection phase"; protocol version 10.
"""

import hashlib
import struct
from dataclasses import dataclass

from teleterm.demo.streams import ExactReader

LONG_PASSWORD = 1
CONNECT_WITH_DB = 1 << 3
PROTOCOL_41 = 1 << 9
SSL = 1 << 11
SECURE_CONNECTION = 1 << 15
PLUGIN_AUTH = 1 << 19
PLUGIN_AUTH_LENENC = 1 << 21
# What a client may ask for: with the same on both sides, packets can be handed on as they are.
# Found rows, long flags, transactions, several statements and results, session changes, no EOFs.
OFFERED = (
    LONG_PASSWORD | (1 << 1) | (1 << 2) | CONNECT_WITH_DB | PROTOCOL_41 | (1 << 13)
    | SECURE_CONNECTION | (1 << 16) | (1 << 17) | (1 << 18) | PLUGIN_AUTH | PLUGIN_AUTH_LENENC
    | (1 << 23) | (1 << 24)
)  # fmt: skip
# What concerns the handshake alone.
_OF_HANDSHAKE = SSL | PLUGIN_AUTH | PLUGIN_AUTH_LENENC | SECURE_CONNECTION | CONNECT_WITH_DB
_PLUGIN = b"mysql_native_password"
_UTF8 = 45  # utf8mb4_general_ci
_AUTOCOMMIT = 2
_SALT_BYTES = 20
_MAX_HANDSHAKE_BYTES = 65_536
_RESPONSE_HEAD = struct.Struct("<IIB23x")

OK, ERROR, SWITCH = 0x00, 0xFF, 0xFE
ACCESS_DENIED = 1045
CANNOT_CONNECT = 1105  # unknown error: numbers from 2000 on are clients' own


class NotMysql(ValueError):
    """The bytes are no MySQL handshake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One packet: its place in the exchange, and its body."""

    sequence: int
    body: bytes

    @property
    def is_failure(self) -> bool:
        """Whether it says that something went wrong."""
        return self.body[:1] == bytes([ERROR])


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a server says first, as far as it matters for answering."""

    capabilities: int
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a client answers; `wants_tls` stands alone: the rest then comes inside TLS."""

    capabilities: int
    charset: int
    user: str = ""
    database: str = ""
    wants_tls: bool = False


async def read_packet(reader: ExactReader) -> Packet:
    """Read one packet of a handshake.

    Raises: NotMysql when it is too long for one, EOFError when the stream ends before.
    """
    head = await reader.take(4)
    length = int.from_bytes(head[:3], "little")
    if length > _MAX_HANDSHAKE_BYTES:
        raise NotMysql("the packet is too long for a handshake")
    return Packet(sequence=head[3], body=await reader.take(length))


def encode_packet(sequence: int, body: bytes) -> bytes:
    """Give a packet as it travels."""
    return len(body).to_bytes(3, "little") + bytes([sequence & 0xFF]) + body


def encode_greeting(version: str, salt: bytes, *, with_tls: bool) -> bytes:
    """Give a server's first packet; `salt` are 20 bytes, none of them zero."""
    flags = OFFERED | (SSL if with_tls else 0)
    body = b"\x0a" + version.encode() + b"\0" + struct.pack("<I", 1) + salt[:8] + b"\0"
    body += struct.pack("<HBHHB", flags & 0xFFFF, _UTF8, _AUTOCOMMIT, flags >> 16, _SALT_BYTES + 1)
    body += bytes(10) + salt[8:] + b"\0" + _PLUGIN + b"\0"
    return encode_packet(0, body)


def read_greeting(packet: Packet) -> Greeting:
    """Read a server's first packet.

    Raises: NotMysql.
    """
    body = packet.body
    if body[:1] != b"\x0a" or (end := body.find(b"\0", 1)) < 0 or len(body) < end + 32:
        raise NotMysql("the server greets in another way")
    first = body[end + 5 : end + 13]
    low, _, _, high, length = struct.unpack_from("<HBHHB", body, end + 14)
    rest = body[end + 32 :][: max(13, length - 8)].rstrip(b"\0")
    return Greeting(capabilities=low | high << 16, salt=first + rest)


def read_response(packet: Packet) -> Response:
    """Read a client's answer to the greeting; passwords and attributes are passed over.

    Raises: NotMysql.
    """
    body = packet.body
    if len(body) < _RESPONSE_HEAD.size:
        raise NotMysql("the answer is too short")
    capabilities, _, charset = _RESPONSE_HEAD.unpack_from(body)
    if not capabilities & PROTOCOL_41:
        raise NotMysql("the client is too old")
    if len(body) == _RESPONSE_HEAD.size:
        return Response(capabilities=capabilities, charset=charset, wants_tls=True)
    user, rest = _until_zero(body[_RESPONSE_HEAD.size :])
    rest = _without_password(rest, capabilities)
    database = b""
    if capabilities & CONNECT_WITH_DB:
        database, rest = _until_zero(rest)
    return Response(
        capabilities=capabilities,
        charset=charset,
        user=user.decode("utf-8", "replace"),
        database=database.decode("utf-8", "replace"),
    )


def encode_response(response: Response, greeting: Greeting, password: str) -> bytes:
    """Give the answer that logs in to a server with `password`."""
    flags = response.capabilities & OFFERED & greeting.capabilities & ~_OF_HANDSHAKE
    flags |= LONG_PASSWORD | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH
    flags |= CONNECT_WITH_DB if response.database else 0
    secret = scramble(password, greeting.salt)
    body = _RESPONSE_HEAD.pack(flags, 1 << 24, response.charset)
    body += response.user.encode() + b"\0" + bytes([len(secret)]) + secret
    body += response.database.encode() + b"\0" if response.database else b""
    return encode_packet(1, body + _PLUGIN + b"\0")


def encode_switched(packet: Packet, password: str) -> bytes:
    """Give the answer to a server that wants the password once more, with another salt.

    Raises: NotMysql when it wants something else.
    """
    plugin, salt = _until_zero(packet.body[1:])
    if plugin != _PLUGIN:
        raise NotMysql("the server asks for another kind of password")
    return encode_packet(packet.sequence + 1, scramble(password, salt.rstrip(b"\0")))


def scramble(password: str, salt: bytes) -> bytes:
    """Prove a password without saying it."""
    once = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    twice = hashlib.sha1(once, usedforsecurity=False).digest()
    mask = hashlib.sha1(salt + twice, usedforsecurity=False).digest()
    return bytes(one ^ other for one, other in zip(once, mask, strict=True))


def encode_error(sequence: int, code: int, sqlstate: str, message: str) -> bytes:
    """Give the packet that tells a client why its connection ends."""
    body = bytes([ERROR]) + struct.pack("<H", code) + f"#{sqlstate}{message}".encode()
    return encode_packet(sequence, body)


def _until_zero(data: bytes) -> tuple[bytes, bytes]:
    text, zero, rest = data.partition(b"\0")
    if not zero:
        raise NotMysql("a text has no end")
    return text, rest


def _without_password(data: bytes, capabilities: int) -> bytes:
    if not data:
        raise NotMysql("the password is missing")
    if not capabilities & (PLUGIN_AUTH_LENENC | SECURE_CONNECTION):
        return _until_zero(data)[1]
    if data[0] > 250:
        raise NotMysql("the password is too long")
    if len(data) <= data[0]:
        raise NotMysql("the password is cut off")
    return data[1 + data[0] :]
