"""A week of logins that end, a few seconds each, with gateways open all the time.

LOGINS is how many; a week of twelve-hour logins is 14.
"""

import asyncio
import os
from pathlib import Path

import grpc
import pytest

from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as own
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2_grpc as own_grpc
from tests.conformance.test_scale import resident_kb
from tests.support.daemon_login import gateway, log_in, window_of
from tests.support.daemon_process import CALL_S, connected, running_daemon
from tests.support.demo_process import running_demo
from tests.support.tcp import first_line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LOGINS = int(os.environ.get("LOGINS", "3"))
TTL_S = 5
GROWTH_KB = 40_000


def descriptors(pid: int) -> int:
    """How many descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def test_gateways_outlive_logins(tmp_path: Path) -> None:
    with running_demo("--allow-code-reuse", "--no-postgres", f"--session-ttl={TTL_S}") as running:
        demo = running.ready
        with running_daemon(tmp_path / "d", environ={"SSL_CERT_FILE": demo.ca_file}) as daemon:
            window = window_of(demo)

            async def steps() -> None:
                async with (
                    connected(daemon, window) as tsh,
                    grpc.aio.insecure_channel(f"unix:{daemon.socket}") as channel,
                ):
                    standing: own_grpc.DaemonServiceAsyncStub = own_grpc.DaemonServiceStub(channel)

                    async def again() -> None:
                        await log_in(tsh, demo)

                    window.relogin = again
                    await log_in(tsh, demo)
                    echo = await gateway(tsh, "apps/echo")
                    ports = await gateway(tsh, "apps/ports", subresource="7001")
                    ends: list[int] = []
                    open_files: list[int] = []
                    memory: list[int] = []
                    while len(window.relogins) < LOGINS:
                        seen = len(window.relogins)
                        while len(window.relogins) == seen:
                            for one, line in ((echo, b"echo port 7000\n"),
                                              (ports, b"ports port 7001\n")):  # fmt: skip
                                got = await asyncio.to_thread(first_line, int(one.local_port))
                                assert got == line
                        status = await standing.GetStatus(own.GetStatusRequest(), timeout=CALL_S)
                        (login,) = status.logins
                        ends.append(login.valid_until.ToMicroseconds())
                        open_files.append(descriptors(daemon.process.pid))
                        memory.append(resident_kb(daemon.process.pid))
                        assert [one.failed_connections for one in status.gateways] == [0, 0]
                    assert ends == sorted(set(ends))
                    assert max(open_files) <= open_files[0] + 4
                    assert max(memory) - memory[0] < GROWTH_KB
                    assert not window.notices

            asyncio.run(asyncio.wait_for(steps(), 280))
            assert daemon.terminate() == 0
