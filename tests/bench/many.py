"""Many of everything, on the demo: servers in lists, connections through a gateway, one after one.

The official program beside ours where OFFICIAL_TSH names it. Memory is what a daemon has resident.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from teleterm.client.cluster import ClusterClient
from teleterm.client.net import NetOptions
from teleterm.client.ssh import SshTarget, connect
from teleterm.client.store import ProfileStore
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.support.daemon_login import ROOT, gateway
from tests.support.daemon_process import CALL_S, Daemon, connected, running_daemon
from tests.support.demo_process import ROOT as REPOSITORY
from tests.support.demo_process import running_demo
from tests.support.login import login_with_tsh
from tests.support.tcp import TIMEOUT_S

SERVERS, TOGETHER, ONE_BY_ONE = 10_000, 200, 1_000
PAGES = (1_000, 200)
OURS = [sys.executable, "-m", "teleterm.tsh"]
_RUNS = 5


def report() -> Iterator[str]:
    """The lines, as they come."""
    official = os.environ.get("OFFICIAL_TSH", "")
    programs = {"tsh": OURS} | ({"the official tsh": [official]} if official else {})
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo("--allow-code-reuse", "--no-postgres", f"--more-nodes={SERVERS}") as demo,
    ):
        (Path(folder) / "home").mkdir()
        env = {
            **os.environ,
            "SSL_CERT_FILE": demo.ready.ca_file,
            "TELEPORT_HOME": str(Path(folder) / "home"),
            "TELEPORT_TOOLS_VERSION": "off",
            "PYTHONPATH": str(REPOSITORY),
        }
        login_with_tsh(OURS, demo.ready, env)
        for name, program in programs.items():
            yield f"{name} ls of {SERVERS} servers: {_ls(program, env):.2f} s"
        for number, (name, program) in enumerate(programs.items()):
            place = Path(folder) / str(number)
            with running_daemon(place, environ=env, program=program) as daemon:
                for line in asyncio.run(_ask(daemon)):
                    yield f"daemon of {name}: {line}"
        yield asyncio.run(_one_by_one(env))


def _ls(program: list[str], env: Mapping[str, str]) -> float:
    times: list[float] = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        subprocess.run([*program, "ls"], env=env, check=True, capture_output=True, timeout=CALL_S)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


async def _ask(daemon: Daemon) -> list[str]:
    """Pages of servers, then connections at the same time through a gateway."""
    lines = [f"{_resident_mb(daemon)} MB when ready"]
    async with connected(daemon) as tsh:
        for size in PAGES:
            start, count, key = time.perf_counter(), 0, ""
            while True:
                request = pb.ListUnifiedResourcesRequest(
                    cluster_uri=ROOT, kinds=["node"], limit=size, start_key=key,
                    sort_by=pb.SortBy(field="name"),
                )  # fmt: skip
                page = await tsh.ListUnifiedResources(request, timeout=CALL_S)
                count, key = count + len(page.resources), page.next_key
                if not key:
                    break
            took = time.perf_counter() - start
            lines.append(
                f"{count} servers in pages of {size}: {took:.2f} s, {_resident_mb(daemon)} MB"
            )
        port = int((await gateway(tsh, "apps/echo")).local_port)
        start = time.perf_counter()
        streams = await asyncio.gather(*(_open(port) for _ in range(TOGETHER)))
        took = time.perf_counter() - start
        lines.append(
            f"{TOGETHER} connections through a gateway, all open: {took:.2f} s,"
            f" {_resident_mb(daemon)} MB"
        )
        for writer in streams:
            writer.close()
    return lines


async def _open(port: int) -> asyncio.StreamWriter:
    """A connection that has said something."""
    async with asyncio.timeout(TIMEOUT_S * 3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, family=socket.AF_INET)
        await reader.readline()
        writer.write(b"word\n")
        assert await reader.readline() == b"word\n"
    return writer


async def _one_by_one(env: Mapping[str, str]) -> str:
    """SSH connections one after another, in this process."""
    store = ProfileStore(Path(env["TELEPORT_HOME"]))
    options = NetOptions(environ=env)
    async with ClusterClient(store, store.load(""), options) as client:

        async def visit() -> None:
            connection = await connect(client, SshTarget(host="web-1", login="alice"))
            try:
                assert (await connection.run("true")).exit_status == 0
            finally:
                connection.close()
                await connection.wait_closed()

        await visit()
        transport = await client.transport()
        await transport.settle(timeout_s=CALL_S)
        before = len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())
        start = time.perf_counter()
        for _ in range(ONE_BY_ONE):
            await visit()
        took = time.perf_counter() - start
        await transport.settle(timeout_s=CALL_S)
        after = len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())
    return (
        f"{ONE_BY_ONE} SSH connections one after another: {took:.0f} s;"
        f" descriptors {before[0]} to {after[0]}, tasks {before[1]} to {after[1]}"
    )


def _resident_mb(daemon: Daemon) -> int:
    lines = Path(f"/proc/{daemon.process.pid}/status").read_text().splitlines()
    kb = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return kb // 1024
