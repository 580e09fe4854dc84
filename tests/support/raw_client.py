"""A client of a cluster made of nothing but ssl, httpx and grpc: shares no code with ours."""

import base64
import contextlib
import select
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.support.demo_process import Ready

TIMEOUT_S = 20.0
SSH_GRPC = "teleport-proxy-ssh-grpc"


class HostSigner(msgspec.Struct):
    """What a login says about one cluster's host authority."""

    domain_name: str
    checking_keys: list[bytes]
    tls_certs: list[bytes]


class LoginAnswer(msgspec.Struct):
    """What a login gives; unknown keys are let be."""

    username: str
    cert: bytes
    tls_cert: bytes
    host_signers: list[HostSigner]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user who is logged in: keys, certificates and the host authority of the root cluster."""

    ready: Ready
    answer: LoginAnswer
    ssh_key: bytes
    tls_key: bytes

    @property
    def host_authority(self) -> bytes:
        """PEM."""
        return b"".join(self.answer.host_signers[0].tls_certs)


def encoded(cluster: str) -> str:
    """The name a cluster goes by inside TLS."""
    return f"{cluster.encode().hex()}.teleport.cluster.local"


def web(ready: Ready) -> httpx.Client:
    """A client of the web API that trusts the demo's web certificate only."""
    context = ssl.create_default_context(cafile=ready.ca_file)
    return httpx.Client(
        base_url=f"https://{ready.proxy}", verify=context, timeout=TIMEOUT_S, trust_env=False
    )


def finish_body(
    ready: Ready, code: str, ssh_key: ed25519.Ed25519PrivateKey, tls_key: ec.EllipticCurvePrivateKey
) -> dict[str, object]:
    """The second half of a login."""
    ssh_line = ssh_key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return {
        "user": ready.user,
        "password": ready.password,
        "totp_code": code,
        "ssh_pub_key": base64.b64encode(ssh_line + b"\n").decode(),
        "tls_pub_key": base64.b64encode(public_pem(tls_key)).decode(),
        "ttl": 3600 * 10**9,
        "compatibility": "",
        "RouteToCluster": "",
        "KubernetesCluster": "",
    }


def log_in(ready: Ready, code: str) -> Login:
    """Log in with password and code."""
    ssh_key = ed25519.Ed25519PrivateKey.generate()
    tls_key = ec.generate_private_key(ec.SECP256R1())
    with web(ready) as client:
        credentials = {"user": ready.user, "pass": ready.password, "passwordless": False}
        client.post("/webapi/mfa/login/begin", json=credentials).raise_for_status()
        body = finish_body(ready, code, ssh_key, tls_key)
        response = client.post("/webapi/mfa/login/finish", json=body).raise_for_status()
    return Login(
        ready=ready,
        answer=msgspec.json.decode(response.content, type=LoginAnswer),
        ssh_key=ssh_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        ),
        tls_key=private_pem(tls_key),
    )


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key as files hold it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as requests hold it."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def client_context(
    protocols: Sequence[str], authority: bytes, certificate: bytes = b"", key: bytes = b""
) -> ssl.SSLContext:
    """TLS that trusts `authority` and shows a certificate, if one is given."""
    context = ssl.create_default_context(cadata=authority.decode())
    context.set_alpn_protocols(list(protocols))
    if certificate:
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(certificate + key)
            file.flush()
            context.load_cert_chain(file.name)
    return context


def connect(ready: Ready, context: ssl.SSLContext, server_name: str) -> ssl.SSLSocket:
    """Open a TLS connection to the one port."""
    plain = socket.create_connection(("127.0.0.1", ready.port), TIMEOUT_S)
    return context.wrap_socket(plain, server_hostname=server_name)


@contextlib.contextmanager
def bridge(dial: Callable[[], socket.socket]) -> Iterator[int]:
    """Listen on a TCP port of our own and join every connection to a new one from `dial`."""
    listener = socket.create_server(("127.0.0.1", 0))
    opened: list[socket.socket] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = dial()
                opened.extend([near, far])
                threading.Thread(target=_join, args=(near, far), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(TIMEOUT_S)
        for one in opened:
            one.close()


def _join(near: socket.socket, far: socket.socket) -> None:
    """Copy both ways in one thread: a TLS socket must not be used by two at a time."""
    with contextlib.suppress(OSError, ValueError):
        while True:
            waiting = isinstance(far, ssl.SSLSocket) and far.pending()
            ready = [far] if waiting else select.select([near, far], [], [])[0]
            for source, sink in ((near, far), (far, near)):
                if source in ready:
                    data = _received(source)
                    if data == b"":
                        near.shutdown(socket.SHUT_RDWR)
                        far.shutdown(socket.SHUT_RDWR)
                        return
                    sink.settimeout(TIMEOUT_S)
                    sink.sendall(data or b"")


def _received(source: socket.socket) -> bytes | None:
    """What is there to read; None if it was only a part of a TLS record."""
    source.settimeout(0)
    try:
        return source.recv(65536)
    except (ssl.SSLWantReadError, BlockingIOError):
        return None


@contextlib.contextmanager
def auth_channel(login: Login, cluster: str, authority: bytes = b"") -> Iterator[grpc.Channel]:
    """A channel to the auth server of a cluster; the server name stays the root's."""
    name = encoded(login.ready.root)
    protocols = [f"teleport-auth@{encoded(cluster)}", "h2"]
    with _channel(login, protocols, name, authority or login.host_authority) as channel:
        yield channel


@contextlib.contextmanager
def transport_channel(login: Login) -> Iterator[grpc.Channel]:
    """A channel to the proxy's transport service."""
    name = encoded(login.ready.root)
    with _channel(login, [SSH_GRPC, "h2"], name, login.host_authority) as channel:
        yield channel


@contextlib.contextmanager
def _channel(
    login: Login, protocols: Sequence[str], name: str, authority: bytes
) -> Iterator[grpc.Channel]:
    context = client_context(protocols, authority, login.answer.tls_cert, login.tls_key)

    def dial() -> socket.socket:
        connection = connect(login.ready, context, name)
        assert connection.selected_alpn_protocol() == "h2"
        return connection

    with bridge(dial) as port:
        options = [("grpc.default_authority", name)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            yield channel


def write_private(path: Path, data: bytes) -> Path:
    """Write a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_bytes(data)
    return path
