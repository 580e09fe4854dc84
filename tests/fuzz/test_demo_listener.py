"""The demo's one port takes whatever comes, and still serves afterwards."""

import os
import socket
import ssl
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.demo_process import RunningDemo, running_demo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
WAIT_S = 20.0
GENEROUS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STARTS = st.sampled_from(
    [
        b"",
        b"GET / HTTP/1.1\r\n",
        b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"SSH-2.0-x\r\n",
    ]
)
PROTOCOLS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "http/1.1",
                "h2",
                "teleport-proxy-ssh-grpc",
                "teleport-postgres",
                "teleport-postgres-ping",
                "teleport-tcp-ping",
                "teleport-mysql",
                "teleport-mysql-OC4w",
                "teleport-redis-ping",
                "teleport-reversetunnel",
                "teleport-auth@" + b"demo.localhost".hex() + ".teleport.cluster.local",
            ]
        ),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40),
    ),
    max_size=3,
)
BODIES = [b"{}", b'{"user":1}', b"[", b"null", b'{"x":' * 5000]
PATHS = st.sampled_from(["/webapi/ping", "/webapi/mfa/login/begin", "/web/config.js", "/x", ""])


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    with running_demo("--no-postgres") as running:
        yield running


def serves(demo: RunningDemo) -> bool:
    """Whether it still answers somebody with manners."""
    context = ssl.create_default_context(cafile=demo.ready.ca_file)
    with (
        socket.create_connection(("127.0.0.1", demo.ready.port), WAIT_S) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"GET /webapi/ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return tls.recv(12) == b"HTTP/1.1 200"


def talk(connection: socket.socket, data: bytes) -> None:
    """Say something and listen until the other side is done; it may hang up at any time."""
    try:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    except (ConnectionError, ssl.SSLError):
        pass  # it hung up: its right


@GENEROUS
@given(start=STARTS, rest=st.binary(max_size=300))
def test_any_bytes(demo: RunningDemo, start: bytes, rest: bytes) -> None:
    with socket.create_connection(("127.0.0.1", demo.ready.port), WAIT_S) as connection:
        talk(connection, start + rest)
    assert demo.process.poll() is None


@GENEROUS
@given(protocols=PROTOCOLS, name=st.sampled_from(["localhost", "kube-teleport-proxy-alpn.x", "x"]),
       data=st.binary(max_size=200))  # fmt: skip
def test_any_protocol(demo: RunningDemo, protocols: list[str], name: str, data: bytes) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(protocols)
    try:
        with (
            socket.create_connection(("127.0.0.1", demo.ready.port), WAIT_S) as plain,
            context.wrap_socket(plain, server_hostname=name) as tls,
        ):
            tls.sendall(data)
    except (ConnectionError, ssl.SSLError):
        pass  # it hung up: its right
    assert demo.process.poll() is None


@GENEROUS
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "X" * 50]),
    path=PATHS,
    tail=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20),
    body=st.one_of(st.binary(max_size=80), st.sampled_from(BODIES)),
    length=st.one_of(st.none(), st.integers(-5, 100)),
)
def test_any_request(
    demo: RunningDemo, method: str, path: str, tail: str, body: bytes, length: int | None
) -> None:
    context = ssl.create_default_context(cafile=demo.ready.ca_file)
    told = len(body) if length is None else length
    head = f"{method} {path}{tail} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {told}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", demo.ready.port), WAIT_S) as plain:
        tls = context.wrap_socket(plain, server_hostname="localhost")
        with tls:
            try:
                tls.sendall(head.encode() + body)
                if told <= len(body):
                    tls.recv(65536)
            except (ConnectionError, ssl.SSLError):
                pass  # it hung up: its right
    assert demo.process.poll() is None


def test_it_serves_after_all_that(demo: RunningDemo) -> None:
    assert serves(demo)
