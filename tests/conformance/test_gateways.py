"""The daemon's gateways to Kubernetes clusters and applications, as programs use them."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.support.daemon_login import ROOT, gateway, log_in, window_of
from tests.support.daemon_process import CALL_S, Daemon, connected, running_daemon
from tests.support.demo_process import Ready, running_demo
from tests.support.engines import ENGINES, Engine
from tests.support.kubectl import speaks_websocket
from tests.support.raw_client import TIMEOUT_S
from tests.support.tcp import first_line

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.slow
MANY = 200
needs_kubectl = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="kubectl is not installed"
)


@pytest.fixture
def daemon(demo: Ready, tmp_path: Path) -> Iterator[Daemon]:
    environ = {"SSL_CERT_FILE": demo.ca_file, "KUBECONFIG": str(tmp_path / "own-config")}
    with running_daemon(tmp_path / "d", environ=environ) as running:
        yield running


def kubectl(setting: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run kubectl as the gateway says."""
    name, _, value = setting.partition("=")
    return subprocess.run(
        ["kubectl", *words],
        env={**os.environ, name: value},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )


@needs_kubectl
def test_kubectl_through_a_gateway(daemon: Daemon, demo: Ready) -> None:
    written: list[Path] = []

    async def steps() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            listed = await tsh.ListUnifiedResources(
                pb.ListUnifiedResourcesRequest(cluster_uri=ROOT, kinds=["kube_cluster"]),
                timeout=CALL_S,
            )
            assert [one.kube.name for one in listed.resources] == ["staging", "tools"]
            request = pb.ListKubernetesResourcesRequest(
                cluster_uri=ROOT, resource_type="pod", kubernetes_cluster="staging", limit=2
            )
            pods = await tsh.ListKubernetesResources(request, timeout=CALL_S)
            assert pods.resources[0].name == "hello"
            assert len(pods.resources) == 4
            assert pods.resources[0].uri == f"{ROOT}/kubes/staging/namespaces/hello"
            for target, name in (
                ("kubes/staging", "staging"),
                (f"leaves/{demo.leaf}/kubes/edge", "edge"),
            ):
                made = await gateway(tsh, target)
                setting = made.gateway_cli_command.env[0]
                said = await asyncio.to_thread(kubectl, setting, "logs", "hello")
                assert f"hello starting on {name}" in said.stdout
                if speaks_websocket():
                    done = await asyncio.to_thread(
                        kubectl, setting, "exec", "hello", "--", "sh", "-c", "exit 6"
                    )
                    assert done.returncode == 6
                path = Path(setting.partition("=")[2])
                await tsh.RemoveGateway(
                    pb.RemoveGatewayRequest(gateway_uri=made.uri), timeout=CALL_S
                )
                written.append(path)

    asyncio.run(steps())
    assert len(written) == 2
    assert not any(path.exists() for path in written)


@ENGINES
def test_databases_through_gateways(engine: Engine, daemon: Daemon, demo: Ready) -> None:
    """The command line a gateway names is the client's own, and gets through."""
    engine.needed(demo)

    async def steps() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            uri = f"{ROOT}/dbs/{engine.database}"
            users = await tsh.ListDatabaseUsers(
                pb.ListDatabaseUsersRequest(db_uri=uri), timeout=CALL_S
            )
            assert "reader" in users.users
            for user in ("alice", "reader"):
                request = pb.CreateGatewayRequest(
                    target_uri=uri, target_user=user, target_subresource_name=engine.name
                )
                made = await tsh.CreateGateway(request, timeout=CALL_S)
                assert made.protocol == engine.protocol
                assert made.gateway_cli_command.preview.startswith(engine.client)
                process = await asyncio.create_subprocess_exec(
                    made.gateway_cli_command.path,
                    *made.gateway_cli_command.args[1:],
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT,
                )
                out, _ = await process.communicate(engine.question.encode())
                assert engine.answer.format(user=user) in out.decode()

    asyncio.run(steps())


def test_applications_through_gateways(daemon: Daemon, demo: Ready) -> None:
    async def steps() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            web = await gateway(tsh, "apps/wiki")
            assert web.protocol == "HTTP"
            reader, writer = await asyncio.open_connection("127.0.0.1", int(web.local_port))
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert b"alice asked for / with GET" in await reader.read()
            writer.close()
            ports = await gateway(tsh, "apps/ports", subresource="7001")
            line = await asyncio.to_thread(first_line, int(ports.local_port))
            assert line == b"ports port 7001\n"
            renamed = await tsh.SetGatewayTargetSubresourceName(
                pb.SetGatewayTargetSubresourceNameRequest(
                    gateway_uri=ports.uri, target_subresource_name="7003"
                ),
                timeout=CALL_S,
            )
            assert renamed.target_subresource_name == "7003"
            line = await asyncio.to_thread(first_line, int(ports.local_port))
            assert line == b"ports port 7003\n"
            with pytest.raises(grpc.aio.AioRpcError):
                await gateway(tsh, "apps/ports", subresource="9999")

    asyncio.run(steps())


def test_many_connections_at_once(daemon: Daemon, demo: Ready) -> None:
    async def steps() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            made = await gateway(tsh, "apps/echo")
            port = int(made.local_port)
            with ThreadPoolExecutor(MANY) as pool:
                waiting = [pool.submit(first_line, port, b"x" * 1000) for _ in range(MANY)]
                lines = {await asyncio.wrap_future(one) for one in waiting}
            assert lines == {b"echo port 7000\n"}

    asyncio.run(steps())


def test_an_ended_login_is_asked_for_again(tmp_path: Path) -> None:
    with running_demo("--allow-code-reuse", "--session-ttl=6") as running:
        demo = running.ready
        with running_daemon(tmp_path / "d", environ={"SSL_CERT_FILE": demo.ca_file}) as daemon:
            window = window_of(demo)

            async def steps() -> None:
                async with connected(daemon, window) as tsh:

                    async def again() -> None:
                        await log_in(tsh, demo)

                    window.relogin = again
                    await log_in(tsh, demo)
                    made = await gateway(tsh, "apps/echo")
                    while not window.relogins:
                        line = await asyncio.to_thread(first_line, int(made.local_port))
                        assert line == b"echo port 7000\n"
                    assert window.relogins[0].gateway_cert_expired.gateway_uri == made.uri

            asyncio.run(asyncio.wait_for(steps(), 60))
