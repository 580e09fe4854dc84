"""The way from grpcio to us inside this process, closed to everybody else on this computer.

Where there are unix sockets: one in a folder that only this user can enter. On Windows asyncio has
none, so there it is a local port, with TLS and a certificate that only this process holds, asked of
both sides.
"""

import asyncio
import os
import ssl
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client.joint import End
from teleterm.client.shredding import remove_folder
from teleterm.client.trust import show_certificate
from teleterm.model.secret import Secret

if TYPE_CHECKING:
    import grpc

_NAME = "teleterm"
_FAREWELL_S = 0.5  # gRPC's library notices the end of a connection, but not TLS's goodbye


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateLeg:
    """Where grpcio shall connect, and with which credentials (none: plain)."""

    server: asyncio.Server
    target: str
    credentials: "grpc.ChannelCredentials | None" = None
    folder: Path | None = None

    def close(self) -> None:
        """Take no more connections, leave nothing behind."""
        self.server.close()
        if self.folder is not None:
            remove_folder(self.folder)

    def channel(self, options: list[tuple[str, str | int]]) -> "grpc.aio.Channel":
        """A channel that comes this way."""
        import grpc

        if self.credentials is None:
            return grpc.aio.insecure_channel(self.target, options=options)
        named = [*options, ("grpc.ssl_target_name_override", _NAME)]
        return grpc.aio.secure_channel(self.target, self.credentials, options=named)


Listen = Callable[[Callable[[], End]], Awaitable[PrivateLeg]]


async def by_certificate(accept: Callable[[], End]) -> PrivateLeg:
    """A local port that only this process can use."""
    import grpc

    key, certificate = _certificate()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=certificate.decode())
    context.set_alpn_protocols(["h2"])
    show_certificate(context, key, certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        accept, "127.0.0.1", 0, ssl=context, ssl_shutdown_timeout=_FAREWELL_S
    )
    credentials = grpc.ssl_channel_credentials(certificate, key.reveal(), certificate)
    port = server.sockets[0].getsockname()[1]
    return PrivateLeg(server=server, target=f"127.0.0.1:{port}", credentials=credentials)


if sys.platform == "win32":
    listen: Listen = by_certificate
else:

    async def by_folder(accept: Callable[[], End]) -> PrivateLeg:
        """A socket in a folder that only this user can enter."""
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        parent = runtime if runtime and os.access(runtime, os.W_OK) else None
        folder = Path(tempfile.mkdtemp(prefix="teleterm-", dir=parent))
        path = folder / "grpc"
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(accept, str(path))
        return PrivateLeg(server=server, target=f"unix:{path}", folder=folder)

    listen = by_folder


def _certificate() -> tuple[Secret[bytes], bytes]:
    """A fresh key and a certificate signed by itself, both as PEM."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(_NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Secret(private), certificate.public_bytes(serialization.Encoding.PEM)
