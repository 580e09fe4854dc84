"""Connections through an HTTP proxy, with a TLS server behind it."""

import asyncio
import base64
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from teleterm.client.joint import End, abort_all
from teleterm.client.net import NetOptions, open_tls
from teleterm.client.trust import cluster_context
from teleterm.model.errors import ErrorCode, Refused, TeletermError, Unreachable

HOST = "named.example"
WAIT_S = 10.0


@pytest.fixture(scope="module")
def server_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of the server, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


@asynccontextmanager
async def _proxy(files: Path, answer: bytes, asked: list[bytes]) -> AsyncIterator[str]:
    """An HTTP proxy that answers `answer`, then is the TLS server itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files)
    context.set_alpn_protocols(["h2"])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        if b" 200 " not in answer:
            writer.close()
            return
        try:
            await writer.start_tls(context)
            writer.write(b"hello")
            await reader.read()
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://alice:p%40ss@127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _context(files: Path) -> ssl.SSLContext:
    return cluster_context([files.read_bytes()], ["teleport-x", "h2"], cluster="x")


async def _connect(files: Path, proxy: str, name: str = HOST) -> str:
    context = _context(files)
    options = NetOptions(environ={"HTTPS_PROXY": proxy}, timeout_s=WAIT_S)
    _, end = await open_tls(End, f"{HOST}:443", options, context=context, server_name=name)
    agreed = end.protocol()
    await abort_all([end])
    return agreed


def test_tls_goes_through_the_proxy(server_files: Path) -> None:
    async def scenario() -> None:
        asked: list[bytes] = []
        async with _proxy(server_files, b"HTTP/1.1 200 Yes\r\n\r\n", asked) as proxy:
            assert await _connect(server_files, proxy) == "h2"
        lines = asked[0].split(b"\r\n")
        assert lines[0] == b"CONNECT named.example:443 HTTP/1.1"
        secret = base64.b64encode(b"alice:p@ss")
        assert b"Proxy-Authorization: Basic " + secret in lines

    asyncio.run(scenario())


def test_the_name_is_checked_behind_a_proxy_too(server_files: Path) -> None:
    async def scenario() -> TeletermError:
        async with _proxy(server_files, b"HTTP/1.1 200 Yes\r\n\r\n", []) as proxy:
            with pytest.raises(TeletermError) as caught:
                await _connect(server_files, proxy, name="other.example")
            return caught.value

    error = asyncio.run(scenario())
    assert isinstance(error, Refused)
    assert error.code is ErrorCode.UNTRUSTED


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 No\r\n\r\n", b""])
def test_a_proxy_that_refuses_is_named(server_files: Path, answer: bytes) -> None:
    async def scenario() -> TeletermError:
        async with _proxy(server_files, answer, []) as proxy:
            with pytest.raises(TeletermError) as caught:
                await _connect(server_files, proxy)
            return caught.value

    assert "The proxy 127.0.0.1" in asyncio.run(scenario()).message


def test_other_kinds_of_proxies_are_refused(server_files: Path) -> None:
    with pytest.raises(Unreachable, match="only http"):
        asyncio.run(_connect(server_files, "socks5://127.0.0.1:1"))
