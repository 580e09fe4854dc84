"""Connections through an HTTP proxy, with a TLS server behind it."""

import asyncio
import base64
import datetime
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from teleterm.client import discovery, race
from teleterm.client.joint import End, abort_all
from teleterm.client.net import NetOptions, open_tls
from teleterm.client.trust import cluster_context
from teleterm.model.errors import ErrorCode, Refused, TeletermError, Unreachable
from tests.support.demo_process import Ready
from tests.support.tcp import free_port

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
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName("localhost")]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


@asynccontextmanager
async def _proxy(
    files: Path, answer: bytes, asked: list[bytes], *, host: str = "127.0.0.1"
) -> AsyncIterator[str]:
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

    server = await asyncio.start_server(serve, host, 0)
    async with server:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://alice:p%40ss@{shown}:{server.sockets[0].getsockname()[1]}"


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


def test_a_proxy_with_an_address_of_version_6(server_files: Path) -> None:
    async def scenario() -> None:
        answer = b"HTTP/1.1 200 Yes\r\n\r\n"
        async with _proxy(server_files, answer, [], host="::1") as proxy:
            assert await _connect(server_files, proxy) == "h2"

    asyncio.run(scenario())


@asynccontextmanager
async def _tls_proxy(files: Path, target: int) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A proxy that is reached by TLS and really connects, to `target` whatever is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files)
    asked: list[bytes] = []

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked.append(await reader.readuntil(b"\r\n\r\n"))
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        if b"Proxy-Authorization: Basic " not in asked[-1]:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            writer.close()
            return
        there = await asyncio.open_connection("127.0.0.1", target)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"{HOST}:{server.sockets[0].getsockname()[1]}", asked


def test_the_web_api_and_the_rest_through_a_proxy_with_tls(
    server_files: Path, demo: Ready, tmp_path: Path
) -> None:
    """TLS inside TLS; the demo is called by a name that isn't this computer's own."""
    both = tmp_path / "both.pem"
    both.write_bytes(Path(demo.ca_file).read_bytes() + server_files.read_bytes())

    async def scenario() -> None:
        async with _tls_proxy(server_files, demo.port) as (address, asked):
            port = address.rpartition(":")[2]
            options = NetOptions(
                environ={
                    "SSL_CERT_FILE": str(both),
                    "HTTPS_PROXY": f"https://me:secret@localhost:{port}",
                },
                timeout_s=WAIT_S,
            )
            found = await discovery.find_proxy(f"{demo.root}:{demo.port}", options)
            assert found.cluster_name == demo.root
            assert not found.conn_upgrade
            assert {one.split(b"\r\n")[0] for one in asked} == {
                f"CONNECT {demo.root}:{demo.port} HTTP/1.1".encode()
            }
            bare = replace(
                options,
                environ={**options.environ, "HTTPS_PROXY": f"https://localhost:{port}"},
            )
            with pytest.raises(Refused, match="wants another user or password"):
                await discovery.find_proxy(f"{demo.root}:{demo.port}", bare)
            untrusted = replace(options, environ={**options.environ, "SSL_CERT_FILE": demo.ca_file})
            with pytest.raises(Refused, match="The proxy of HTTPS_PROXY can't be used") as caught:
                await discovery.find_proxy(f"{demo.root}:{demo.port}", untrusted)
            assert caught.value.code is ErrorCode.UNTRUSTED

    asyncio.run(scenario())


def test_a_proxy_that_is_not_there_is_named(server_files: Path) -> None:
    proxy = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unreachable) as caught:
        asyncio.run(_connect(server_files, proxy))
    assert proxy.removeprefix("http://") in caught.value.message
    assert HOST not in caught.value.message


def test_a_name_with_several_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one of them is listened on, then none is."""

    def both(_: str, port: int, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        families = ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1"))
        return [(family, socket.SOCK_STREAM, 0, "", (host, port)) for family, host in families]

    async def scenario() -> None:
        for host in ("127.0.0.1", "::1"):
            server = await asyncio.start_server(lambda _, writer: writer.close(), host, 0)
            async with server:
                port = server.sockets[0].getsockname()[1]
                with monkeypatch.context() as patched:
                    patched.setattr(socket, "getaddrinfo", both)
                    found = await race.connect("somewhere.example", port)
                assert found.getpeername()[0] == host
                found.close()
        with monkeypatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", both)
            with pytest.raises(ConnectionRefusedError):
                await race.connect("somewhere.example", free_port())

    asyncio.run(scenario())


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
