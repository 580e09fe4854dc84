"""The daemon's own service: how it stands, what changes, and that listeners can leave."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import msgspec
import pytest

from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as pb
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2_grpc as pb_grpc
from tests.support.daemon_process import CALL_S, TSH, Daemon, running_daemon
from tests.support.demo_process import Ready, running_demo

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LOGIN = """
import sys, msgspec
from tests.support.demo_process import Ready
from tests.support.login import login_with_tsh
tsh, demo, environ = msgspec.json.decode(sys.argv[1])
login_with_tsh(tsh, msgspec.convert(demo, Ready), environ)
"""


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse", "--no-postgres") as running:
        yield running.ready


@pytest.fixture
def daemon(tmp_path: Path, demo: Ready) -> Iterator[Daemon]:
    with running_daemon(tmp_path / "d", environ={"SSL_CERT_FILE": demo.ca_file}) as running:
        yield running


def log_in(daemon: Daemon, demo: Ready) -> None:
    """Log in with a tsh of its own, as somebody at a terminal.

    By a process in between: a pty is made by a fork, which the threads of gRPC here don't bear.
    """
    environ = {
        "SSL_CERT_FILE": demo.ca_file,
        "TELEPORT_HOME": str(daemon.folder / "home"),
        "TELEPORT_TOOLS_VERSION": "off",
        "PYTHONPATH": str(ROOT),
    }
    words = msgspec.json.encode([list(TSH), msgspec.to_builtins(demo), environ]).decode()
    subprocess.run([sys.executable, "-c", LOGIN, words], check=True, cwd=ROOT, timeout=CALL_S * 3)


def stub_of(channel: grpc.aio.Channel) -> "pb_grpc.DaemonServiceAsyncStub":
    return pb_grpc.DaemonServiceStub(channel)


async def until(changes: AsyncIterable[pb.Status], logins: int) -> pb.Status:
    async with asyncio.timeout(CALL_S):
        async for status in changes:
            if len(status.logins) == logins and all(
                one.HasField("valid_until") for one in status.logins
            ):
                return status
    raise AssertionError("the stream ended")


def test_a_login_elsewhere_is_seen(daemon: Daemon, demo: Ready) -> None:
    async def watch() -> None:
        async with grpc.aio.insecure_channel(f"unix:{daemon.socket}") as channel:
            stub = stub_of(channel)
            call = stub.WatchStatus(pb.GetStatusRequest(), timeout=CALL_S)
            assert len((await until(call, 0)).logins) == 0
            await asyncio.to_thread(log_in, daemon, demo)
            (login,) = (await until(call, 1)).logins
            assert (login.user, login.is_current) == (demo.user, True)
            assert login.root_cluster_uri == "/clusters/localhost"
            left = login.valid_until.ToDatetime(UTC) - datetime.now(UTC)
            assert timedelta(hours=11) < left < timedelta(hours=13)
            call.cancel()
            status = await stub.GetStatus(pb.GetStatusRequest(), timeout=CALL_S)
            assert len(status.logins) == 1

    asyncio.run(watch())


def test_many_listeners_leave_nothing_behind(daemon: Daemon) -> None:
    folder = Path(f"/proc/{daemon.process.pid}/fd")
    if not folder.is_dir():
        pytest.skip("needs /proc")

    async def come_and_go(times: int) -> None:
        async with grpc.aio.insecure_channel(f"unix:{daemon.socket}") as channel:
            stub = stub_of(channel)
            await stub.GetStatus(pb.GetStatusRequest(), timeout=CALL_S)
            for _ in range(times):
                call = stub.WatchStatus(pb.GetStatusRequest(), timeout=CALL_S)
                await anext(aiter(call))
                call.cancel()
            await stub.GetStatus(pb.GetStatusRequest(), timeout=CALL_S)

    asyncio.run(come_and_go(5))
    before = len(list(folder.iterdir()))
    asyncio.run(come_and_go(100))
    assert len(list(folder.iterdir())) <= before + 2
    assert daemon.terminate() == 0
