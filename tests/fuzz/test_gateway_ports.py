"""The local ports of gateways take whatever programs of this computer say to them."""

import asyncio
import os
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.support.daemon_login import ROOT, gateway, log_in, window_of
from tests.support.daemon_process import CALL_S, Daemon, connected, running_daemon
from tests.support.demo_process import Ready, running_demo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "15"))
WAIT_S = 20.0
TARGETS = ("apps/wiki", "apps/echo", "kubes/staging", "dbs/archive")
STARTS = st.sampled_from(
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
        b"\x00\x00\x00\x10\x04\xd2\x16\x2e\x00\x00\x00\x01\x00\x00\x00\x02",
        b"\x00\x00\x00\x16\x00\x03\x00\x00user\x00a\x00\x00",
    ]
)


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    arguments = ("--allow-code-reuse", "--no-postgres", "--no-mysql", "--no-redis")
    with running_demo(*arguments) as running:
        yield running.ready


@pytest.fixture(scope="module")
def daemon(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    folder = tmp_path_factory.mktemp("gateways") / "d"
    with running_daemon(folder, environ={"SSL_CERT_FILE": demo.ca_file}) as running:
        yield running


@pytest.fixture(scope="module")
def ports(daemon: Daemon, demo: Ready) -> list[int]:
    """A port for each kind of gateway."""
    found: list[int] = []

    async def steps() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            for target in TARGETS:
                if target.startswith("dbs/"):
                    request = pb.CreateGatewayRequest(
                        target_uri=f"{ROOT}/{target}",
                        target_user="alice",
                        target_subresource_name="orders",
                    )
                    made = await tsh.CreateGateway(request, timeout=CALL_S)
                else:
                    made = await gateway(tsh, target)
                found.append(int(made.local_port))

    asyncio.run(steps())
    return found


@settings(
    max_examples=EXAMPLES * len(TARGETS),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    which=st.integers(0, len(TARGETS) - 1),
    start=STARTS,
    rest=st.binary(max_size=80),
    is_reset=st.booleans(),
)
def test_any_bytes(
    daemon: Daemon, ports: list[int], which: int, start: bytes, rest: bytes, *, is_reset: bool
) -> None:
    with socket.create_connection(("127.0.0.1", ports[which]), WAIT_S) as connection:
        if is_reset:
            linger = b"\x01\0\0\0\0\0\0\0"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        try:
            connection.sendall(start + rest)
            if not is_reset:
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
        except ConnectionError:
            pass  # it hung up: its right
    assert daemon.process.poll() is None
    assert "Traceback" not in daemon.log()


def test_they_serve_afterwards(daemon: Daemon, ports: list[int]) -> None:
    with socket.create_connection(("127.0.0.1", ports[0]), WAIT_S) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert daemon.terminate() == 0
