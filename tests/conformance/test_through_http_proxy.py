"""Commands and a daemon on a computer that reaches the cluster by HTTPS_PROXY alone.

The cluster's name means nothing to this computer: only the proxy knows the way.
"""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.conformance.test_kube_and_apps import OFFICIAL, Person
from tests.support.connect_proxy import ConnectProxy, connect_proxy
from tests.support.daemon_process import CALL_S, connected, running_daemon
from tests.support.demo_process import Ready, running_demo
from tests.support.tcp import first_line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
HOST = "nowhere.demo.localhost"
CLUSTER = f"/clusters/{HOST}"
PROGRAMS = {"ours": [sys.executable, "-m", "teleterm.tsh"], "official": [OFFICIAL]}


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse", f"--host={HOST}") as running:
        yield running.ready


@pytest.fixture(scope="module")
def proxy(demo: Ready) -> Iterator[ConnectProxy]:
    with connect_proxy(demo.port) as running:
        yield running


@pytest.fixture(scope="module", params=PROGRAMS)
def person(
    request: pytest.FixtureRequest,
    demo: Ready,
    proxy: ConnectProxy,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Person]:
    """Somebody who logged in through it, by each of the two programs."""
    if request.param == "official" and not OFFICIAL:
        pytest.skip("OFFICIAL_TSH names no program")
    with pytest.MonkeyPatch.context() as patched:
        for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "https_proxy"):
            patched.delenv(name, raising=False)
        patched.setenv("HTTPS_PROXY", proxy.url)
        yield Person(PROGRAMS[request.param], demo, tmp_path_factory.mktemp("proxied"))


def test_lists_shells_and_copies(person: Person, proxy: ConnectProxy, demo: Ready) -> None:
    assert set(proxy.asked) == {f"CONNECT {HOST}:{demo.port} HTTP/1.1"}
    assert person.run("ls", "--format=names").stdout.split() == ["build", "web-1", "web-2"]
    done = person.run("ssh", "alice@web-1", "hostname; exit 3")
    assert (done.stdout, done.returncode) == ("web-1\n", 3), done.stderr
    done = person.run("ssh", f"--cluster={demo.leaf}", "alice@edge-1", "hostname")
    assert done.stdout == "edge-1\n", done.stderr
    copy = person.home.parent / "copy"
    done = person.run("scp", "/etc/hostname", f"alice@web-1:{copy}")
    assert done.returncode == 0, done.stderr
    assert copy.read_bytes() == Path("/etc/hostname").read_bytes()


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_databases(person: Person) -> None:
    words = ("db", "connect", "orders", "--db-user=alice", "--db-name=orders")
    done = person.run(*words)
    assert done.returncode == 0, done.stderr


def test_a_proxy_that_refuses_is_named(person: Person, proxy: ConnectProxy) -> None:
    proxy.refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    try:
        done = person.run("ls")
    finally:
        proxy.refusal = b""
    assert done.returncode == 1
    if person.tsh == PROGRAMS["ours"]:
        assert "The proxy 127.0.0.1 did not open a connection" in done.stderr


def test_a_daemon(person: Person, proxy: ConnectProxy, demo: Ready) -> None:
    folder = person.home.parent / "d"
    environ = {
        "SSL_CERT_FILE": demo.ca_file,
        "HTTPS_PROXY": proxy.url,
        "NO_PROXY": "",
        "TELEPORT_HOME": str(person.home),
    }

    async def steps() -> None:
        async with connected(daemon) as tsh:
            listing = pb.ListUnifiedResourcesRequest(cluster_uri=CLUSTER, kinds=["node"])
            found = await tsh.ListUnifiedResources(listing, timeout=CALL_S)
            assert len(found.resources) == 3
            request = pb.CreateGatewayRequest(target_uri=f"{CLUSTER}/apps/echo")
            made = await tsh.CreateGateway(request, timeout=CALL_S)
            line = await asyncio.to_thread(first_line, int(made.local_port), b"through")
            assert line == b"echo port 7000\n"

    program = PROGRAMS["ours"] if person.tsh == PROGRAMS["ours"] else [OFFICIAL]
    with running_daemon(folder, environ=environ, program=program) as daemon:
        asyncio.run(steps())
