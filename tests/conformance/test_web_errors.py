"""What the web API's client says about servers that aren't what they should be."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from teleterm.client import discovery
from teleterm.client.net import NetOptions
from teleterm.model.errors import ErrorCode, PeerBroke, TeletermError

WAIT_S = 10.0
HOUR = datetime.timedelta(hours=1)


def _files(path: Path, *, start: datetime.datetime, name: str = "localhost") -> Path:
    """A certificate for a day from `start`, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


@asynccontextmanager
async def _server(context: ssl.SSLContext | None, answer: bytes) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if context is not None:
                await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def _error(files: Path, answer: bytes, *, tls: bool = True) -> TeletermError:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files)
    options = NetOptions(environ={"SSL_CERT_FILE": str(files)}, timeout_s=WAIT_S)

    async def scenario() -> TeletermError:
        async with _server(context if tls else None, answer) as port:
            with pytest.raises(TeletermError) as caught:
                await discovery.find_proxy(f"localhost:{port}", options)
            return caught.value

    return asyncio.run(scenario())


def _answer(body: str, *, status: str = "200 OK", date: datetime.datetime | None = None) -> bytes:
    stamp = format_datetime(date or datetime.datetime.now(datetime.UTC), usegmt=True)
    head = f"HTTP/1.1 {status}\r\nDate: {stamp}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n{body}".encode()


@pytest.fixture
def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


@pytest.mark.parametrize("body", ["<html>", "[]", '{"hello": "world"}'])
def test_another_web_server_is_no_proxy(tmp_path: Path, now: datetime.datetime, body: str) -> None:
    error = _error(_files(tmp_path / "web.pem", start=now - HOUR), _answer(body))
    assert isinstance(error, PeerBroke)
    assert "no Teleport proxy" in error.message


def test_an_error_page_is_named_by_its_status(tmp_path: Path, now: datetime.datetime) -> None:
    files = _files(tmp_path / "web.pem", start=now - HOUR)
    error = _error(files, _answer("<html>", status="404 Not Found"))
    assert error.code is ErrorCode.NOT_FOUND
    assert "HTTP 404" in error.message


def test_a_certificate_for_another_name(tmp_path: Path, now: datetime.datetime) -> None:
    files = _files(tmp_path / "web.pem", start=now - HOUR, name="other.example")
    error = _error(files, _answer("{}"))
    assert error.code is ErrorCode.UNTRUSTED
    assert "another name" in error.message


def test_a_certificate_that_ended(tmp_path: Path, now: datetime.datetime) -> None:
    files = _files(tmp_path / "web.pem", start=now - 48 * HOUR)
    error = _error(files, _answer("{}"))
    assert error.code is ErrorCode.UNTRUSTED
    assert "has expired" in error.message


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_is_off(tmp_path: Path, now: datetime.datetime, hours: int) -> None:
    there = now + hours * HOUR
    files = _files(tmp_path / "web.pem", start=there - HOUR)
    error = _error(files, _answer("{}", date=there))
    assert error.code is ErrorCode.CLOCK
    assert "48 h off" in error.message


def test_no_tls_at_all(tmp_path: Path, now: datetime.datetime) -> None:
    files = _files(tmp_path / "web.pem", start=now - HOUR)
    error = _error(files, _answer("{}"), tls=False)
    assert isinstance(error, PeerBroke)
    assert "does not speak TLS" in error.message
