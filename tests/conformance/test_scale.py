"""Many servers, many connections, many certificates: nothing grows that shouldn't.

SCALE multiplies the counts: 1 in the suite; 10 is 1,000 connections and 10,000 servers.
"""

import asyncio
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from teleterm.client.cluster import ClusterClient
from teleterm.client.net import NetOptions
from teleterm.client.ssh import SshTarget, connect
from teleterm.client.store import ProfileStore
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from tests.support.daemon_process import TSH, running_daemon
from tests.support.demo_process import ROOT, Ready, running_demo
from tests.support.login import login_with_tsh

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SCALE = int(os.environ.get("SCALE", "1"))
SERVERS, CONNECTIONS, PAGE = 1000 * SCALE, 100 * SCALE, 200
CALL_S = 60.0
CLUSTER = "/clusters/localhost"


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse", "--no-postgres", f"--more-nodes={SERVERS}") as running:
        yield running.ready


@pytest.fixture(scope="module")
def environ(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("scale") / "home"
    home.mkdir()
    env = {
        "SSL_CERT_FILE": demo.ca_file,
        "TELEPORT_HOME": str(home),
        "TELEPORT_TOOLS_VERSION": "off",
        "PYTHONPATH": str(ROOT),
    }
    login_with_tsh(TSH, demo, env)
    return env


def test_ls_lists_them_all(environ: dict[str, str]) -> None:
    listed = subprocess.run(
        [*TSH, "ls", "--format=names"], env=os.environ | environ, capture_output=True, text=True,
        timeout=CALL_S,
    )  # fmt: skip
    names = listed.stdout.split()
    assert len(names) == len(set(names)) == SERVERS + 3


def test_the_daemon_pages_through_them(environ: dict[str, str], tmp_path: Path) -> None:
    async def pages(socket_path: Path) -> list[str]:
        found: list[str] = []
        key = ""
        async with grpc.aio.insecure_channel(f"unix:{socket_path}") as channel:
            stub = pb_grpc.TerminalServiceStub(channel)
            while True:
                request = pb.ListUnifiedResourcesRequest(
                    cluster_uri=CLUSTER,
                    kinds=["node"],
                    limit=PAGE,
                    start_key=key,
                    sort_by=pb.SortBy(field="name"),
                )
                answer = await stub.ListUnifiedResources(request, timeout=CALL_S)
                found += [one.server.hostname for one in answer.resources]
                key = answer.next_key
                if not key:
                    return found

    with running_daemon(tmp_path / "d", environ=environ) as daemon:
        before = resident_kb(daemon.process.pid)
        names = asyncio.run(pages(daemon.socket))
        asyncio.run(pages(daemon.socket))
        grown = resident_kb(daemon.process.pid) - before
    assert len(set(names)) == SERVERS + 3
    assert names == sorted(names)
    assert grown < 60_000, f"{grown} kB"


def resident_kb(pid: int) -> int:
    """The memory a process has."""
    path = Path(f"/proc/{pid}/status")
    if not path.exists():
        pytest.skip("needs /proc")
    line = next(line for line in path.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


def descriptors() -> int:
    """How many descriptors this process has open."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("needs /proc")
    return len(list(folder.iterdir()))


def test_connections_one_after_another_leave_nothing(environ: dict[str, str]) -> None:
    options = NetOptions(environ=environ)
    store = ProfileStore(Path(environ["TELEPORT_HOME"]))

    async def visit(client: ClusterClient) -> None:
        connection = await connect(client, SshTarget(host="web-1", login="alice"))
        try:
            done = await connection.run("true")
            assert done.exit_status == 0
        finally:
            connection.close()
            await connection.wait_closed()

    async def many() -> None:
        async with ClusterClient(store, store.load(""), options) as client:
            for _ in range(3):
                await visit(client)
            transport = await client.transport()
            await transport.settle(timeout_s=CALL_S)
            files, tasks = descriptors(), len(asyncio.all_tasks())
            for _ in range(CONNECTIONS):
                await visit(client)
            await transport.settle(timeout_s=CALL_S)
            assert descriptors() <= files + 2
            assert len(asyncio.all_tasks()) <= tasks + 2

    asyncio.run(many())


def test_two_hundred_at_the_same_time(environ: dict[str, str]) -> None:
    options = NetOptions(environ=environ)
    store = ProfileStore(Path(environ["TELEPORT_HOME"]))
    count = 20 * SCALE

    async def together() -> list[int]:
        async with ClusterClient(store, store.load(""), options) as client:
            streams: list[socket.socket] = []
            transport = await client.transport()

            async def one() -> int:
                stream = await transport.proxy_ssh("web-1:0", client.cluster, timeout_s=CALL_S)
                streams.append(stream)
                stream.setblocking(False)
                said = await asyncio.get_running_loop().sock_recv(stream, 8)
                return len(said)

            try:
                return await asyncio.gather(*(one() for _ in range(count)))
            finally:
                for stream in streams:
                    stream.close()

    assert all(asyncio.run(together()))
