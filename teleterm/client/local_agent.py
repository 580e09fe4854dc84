"""An SSH agent that holds the login's key and certificate only, for `-o ForwardAgent=local`.

Shape:  a message is its length (4 bytes, big endian), a number and its fields; only the questions
        for keys and for a signature are answered, all others with a failure.
Source: the agent protocol, draft-miller-ssh-agent sections 3.2, 3.6; numbers in 6.1.
"""

import asyncio
import struct
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client import login_key, ssh_agent
from teleterm.model.errors import ErrorCode, Refused

if TYPE_CHECKING:
    import asyncssh

    from teleterm.client.cluster import ClusterClient

_ASK_KEYS, _KEYS, _ASK_SIGNATURE, _SIGNATURE, _FAILURE = 11, 12, 13, 14, 5
_MAX_BYTES = 256 * 1024
_RSA = ((4, b"rsa-sha2-512"), (2, b"rsa-sha2-256"))
_LENGTH = struct.Struct(">I")


class LocalAgent:
    """Answers whoever is connected."""

    def __init__(
        self, key: "asyncssh.SSHKey", certificate: "asyncssh.SSHCertificate", comment: str
    ) -> None:
        self._key = key
        self._comment = comment.encode()
        self._blobs = (certificate.public_data, key.public_data)

    def answer(self, message: bytes) -> bytes:
        """The answer to one message, without its length."""
        if message[:1] == bytes([_ASK_KEYS]):
            listed = b"".join(_string(blob) + _string(self._comment) for blob in self._blobs)
            return bytes([_KEYS]) + _LENGTH.pack(len(self._blobs)) + listed
        if message[:1] == bytes([_ASK_SIGNATURE]):
            with suppress(ValueError, struct.error):
                return self._sign(message[1:])
        return bytes([_FAILURE])

    def _sign(self, rest: bytes) -> bytes:
        blob, rest = _take(rest)
        data, rest = _take(rest)
        (flags,) = _LENGTH.unpack(rest)
        if blob not in self._blobs:
            raise ValueError("another key")
        algorithm = self._key.algorithm
        if algorithm == b"ssh-rsa":
            algorithm = next((name for flag, name in _RSA if flags & flag), algorithm)
        return bytes([_SIGNATURE]) + _string(self._key.sign(data, algorithm))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer until the other side closes."""
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while True:
                    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
                    if length > _MAX_BYTES:
                        return
                    writer.write(_string(self.answer(await reader.readexactly(length))))
                    await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def listening(client: "ClusterClient") -> AsyncIterator[str]:
    """The path of a socket where such an agent answers, for as long as the block lasts.

    Raises: Refused (NOT_IMPLEMENTED) where there are no such sockets.
    """
    profile = client.profile
    ring = client.store.keys.key_ring(profile.name, profile.user)
    agent = LocalAgent(
        *login_key.read(ring, ring.ssh_certificate(client.cluster, client.root)),
        ssh_agent.comment(profile.name, client.cluster, profile.user),
    )
    with tempfile.TemporaryDirectory(prefix="tsh-agent-") as folder:
        path = str(Path(folder) / "agent")
        server = await _serve(agent, path)
        try:
            yield path
        finally:
            server.close()


async def _serve(agent: LocalAgent, path: str) -> asyncio.Server:
    if sys.platform != "win32":
        return await asyncio.start_unix_server(agent.serve, path)
    raise Refused("ForwardAgent=local does not work on Windows.", code=ErrorCode.NOT_IMPLEMENTED)


def _string(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def _take(data: bytes) -> tuple[bytes, bytes]:
    (length,) = _LENGTH.unpack_from(data)
    end = _LENGTH.size + length
    if end > len(data):
        raise ValueError("cut short")
    return data[_LENGTH.size : end], data[end:]
