"""Networks that refuse, delay and lose: one sentence and status 1, and all goes on afterwards."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from teleterm.client.cluster import ClusterClient
from teleterm.client.net import NetOptions
from teleterm.client.store import ProfileStore
from teleterm.model.errors import Unreachable
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth_pb2
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.conformance.test_kube_and_apps import PROGRAMS, Person
from tests.support.daemon_login import ROOT, gateway, log_in, window_of
from tests.support.daemon_process import CALL_S, connected, running_daemon
from tests.support.demo_process import RunningDemo, running_demo
from tests.support.tcp import TIMEOUT_S, first_line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LS = ["ls", "--format=names"]
SSH = ["ssh", "--no-resume", "alice@web-1", "hostname"]
APP = ["apps", "login", "wiki"]
NODES = "build\nweb-1\nweb-2\n"
NEVER_SHOWN = ("Traceback", "unix:", "/grpc", "StatusCode", "AioRpcError")
HAS_POSTGRES = shutil.which("psql") is not None


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    with running_demo("--allow-code-reuse") as running:
        yield running


@pytest.fixture(autouse=True)
def healed(demo: RunningDemo) -> Iterator[None]:
    yield
    demo.tell("heal")


@pytest.fixture(scope="module")
def person(demo: RunningDemo, tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(PROGRAMS["ours"], demo.ready, tmp_path_factory.mktemp("faults"))


def said_plainly(done: subprocess.CompletedProcess[str]) -> str:
    """What a command says that failed as it should."""
    assert done.returncode == 1, done
    assert done.stderr.startswith("\x1b[31mERROR: "), done.stderr
    assert not [word for word in NEVER_SHOWN if word in done.stderr]
    return done.stderr


@pytest.mark.parametrize(
    ("kind", "fails", "works"),
    [("auth", LS, SSH), ("ssh", SSH, LS), ("all", APP, ["status"])],
)
def test_connections_that_are_refused(
    demo: RunningDemo, person: Person, kind: str, fails: list[str], works: list[str]
) -> None:
    demo.tell(f"refuse {kind}")
    said = said_plainly(person.run(*fails))
    assert f"Could not reach {demo.ready.proxy}: the connection was closed." in said
    assert "Try again." in said
    assert person.run(*works).returncode == 0
    demo.tell("heal")
    assert person.run(*fails).returncode == 0


@pytest.mark.skipif(not HAS_POSTGRES, reason="psql is not installed")
def test_a_database_that_is_refused(demo: RunningDemo, person: Person) -> None:
    words = ["db", "connect", "orders", "--db-user=alice", "--db-name=orders"]
    demo.tell("refuse database")
    done = person.run(*words)
    assert done.returncode != 0
    assert not [word for word in NEVER_SHOWN if word in done.stderr]
    demo.tell("heal")
    assert person.run(*words).returncode == 0


def test_a_slow_network(demo: RunningDemo, person: Person) -> None:
    demo.tell("delay all 0.03")
    assert person.run(*LS).stdout == NODES
    assert person.run(*SSH).stdout == "web-1\n"


def test_a_leaf_that_is_gone(demo: RunningDemo, person: Person) -> None:
    leaf, root = demo.ready.leaf, demo.ready.root
    demo.tell(f"gone {leaf}")
    try:
        said = said_plainly(person.run("ls", f"--cluster={leaf}"))
        assert f"{leaf} is not connected to {root} right now.\n\tSee what is: tsh clusters" in said
        said = said_plainly(person.run("ssh", f"--cluster={leaf}", "alice@edge-1", "true"))
        assert f'failed connecting to host edge-1: looking up remote cluster "{leaf}"' in said
        assert "offline" in person.run("clusters").stdout
        assert person.run(*LS).stdout == NODES
    finally:
        demo.tell(f"back {leaf}")
    assert person.run("ls", f"--cluster={leaf}", "--format=names").stdout == "edge-1\nedge-2\n"


def test_a_shell_outlives_a_network_that_was_gone(demo: RunningDemo, person: Person) -> None:
    script = "echo one; read word; echo two $word; read word; echo three $word"
    argv = [*person.tsh, "ssh", "--no-resume", "alice@web-1", script]
    with subprocess.Popen(
        argv, env=person.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "one\n"
        demo.tell("drop ssh")
        process.stdin.write("a\n")
        process.stdin.flush()
        assert process.poll() is None
        demo.tell("heal")
        assert process.stdout.readline() == "two a\n"
        process.stdin.write("b\n")
        process.stdin.close()
        assert process.stdout.readline() == "three b\n"
        assert process.wait(TIMEOUT_S) == 0


def test_who_waits_for_an_answer_waits_no_longer_than_allowed(
    demo: RunningDemo, person: Person
) -> None:
    options = NetOptions(environ=person.env, timeout_s=0.5)
    store = ProfileStore(Path(person.env["TELEPORT_HOME"]))

    async def ask(cluster: str) -> str:
        async with ClusterClient(store, store.load(""), options) as client:
            with pytest.raises(Unreachable) as caught:
                await client.auth(cluster)
            return caught.value.message

    demo.tell("drop all")
    why = f"Could not reach {demo.ready.proxy}: nothing answered within 0.5 s."
    assert asyncio.run(ask(demo.ready.root)) == why
    assert asyncio.run(ask(demo.ready.leaf)) == why


def test_a_connection_that_went_silent_is_given_up(demo: RunningDemo, person: Person) -> None:
    """As after a night: nobody hangs up, and nothing ever comes on it again."""
    store = ProfileStore(Path(person.env["TELEPORT_HOME"]))
    asked = auth_pb2.PingRequest()

    async def ask() -> None:
        async with ClusterClient(store, store.load(""), NetOptions(environ=person.env)) as client:
            auth = await client.auth()
            await auth.call(auth.stub.Ping, asked)
            demo.tell("drop auth")
            while not auth.channel.is_lost:  # a call may still hear the end of the one before
                with pytest.raises(Unreachable, match="did not answer in time"):
                    await auth.call(auth.stub.Ping, asked, timeout_s=0.5)
            demo.tell("heal")
            await auth.call(auth.stub.Ping, asked)
            assert auth.channel.dials == 2

    asyncio.run(ask())


def listen(port: int) -> bytes:
    """The first line of a TCP application, or nothing where it hangs up."""
    try:
        return first_line(port, b"x")
    except (ConnectionError, AssertionError):
        return b""


def test_gateways_outlive_all_of_it(demo: RunningDemo, tmp_path: Path) -> None:
    line = b"echo port 7000\n"
    listing = pb.ListUnifiedResourcesRequest(cluster_uri=ROOT, kinds=["node"])
    environ = {"SSL_CERT_FILE": demo.ready.ca_file}

    async def steps() -> None:
        async with connected(daemon, window_of(demo.ready)) as tsh:
            await log_in(tsh, demo.ready)
            made = await gateway(tsh, "apps/echo")
            port = int(made.local_port)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await reader.readline() == line

            demo.tell("refuse all")
            assert await asyncio.to_thread(listen, port) == b""
            writer.write(b"still here\n")
            assert await reader.readline() == b"still here\n"
            demo.tell("heal")
            assert await asyncio.to_thread(listen, port) == line

            demo.tell("drop all")
            writer.write(b"late\n")
            waiting = asyncio.ensure_future(asyncio.to_thread(listen, port))
            demo.tell("heal")
            assert await reader.readline() == b"late\n"
            assert await waiting == line

            demo.tell("cut")
            assert await reader.read() == b""
            writer.close()
            assert await asyncio.to_thread(listen, port) == line

            demo.tell("cut")
            demo.tell("refuse auth")
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await tsh.ListUnifiedResources(listing, timeout=CALL_S)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
            assert "Could not reach" in str(caught.value.details())
            assert await asyncio.to_thread(listen, port) == line
            demo.tell("heal")
            found = await tsh.ListUnifiedResources(listing, timeout=CALL_S)
            assert len(found.resources) == 3
            open_now = await tsh.ListGateways(pb.ListGatewaysRequest(), timeout=CALL_S)
            assert [one.uri for one in open_now.gateways] == [made.uri]

    with running_daemon(tmp_path / "d", environ=environ) as daemon:
        asyncio.run(steps())
        assert daemon.terminate() == 0
        assert "Traceback" not in daemon.log()


def test_a_user_who_is_locked_while_connected(demo: RunningDemo, tmp_path: Path) -> None:
    """What is open ends, calls are refused without asking for a login, and all comes back."""
    listing = pb.ListUnifiedResourcesRequest(cluster_uri=ROOT, kinds=["node"])
    environ = {"SSL_CERT_FILE": demo.ready.ca_file}

    async def steps() -> None:
        window = window_of(demo.ready)
        async with connected(daemon, window) as tsh:
            await log_in(tsh, demo.ready)
            made = await gateway(tsh, "apps/echo")
            port = int(made.local_port)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await reader.readline() == b"echo port 7000\n"
            demo.tell(f"lock {demo.ready.user}")
            assert await reader.read() == b""
            writer.close()
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await tsh.ListUnifiedResources(listing, timeout=CALL_S)
            assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
            assert "lock targeting" in str(caught.value.details())
            assert "is-resolvable-with-relogin" not in dict(caught.value.trailing_metadata() or ())
            assert await asyncio.to_thread(listen, port) == b""
            assert not window.relogins
            demo.tell(f"unlock {demo.ready.user}")
            assert await asyncio.to_thread(listen, port) == b"echo port 7000\n"
            found = await tsh.ListUnifiedResources(listing, timeout=CALL_S)
            assert len(found.resources) == 3

    with running_daemon(tmp_path / "d", environ=environ) as daemon:
        asyncio.run(steps())
        assert daemon.terminate() == 0
        assert "Traceback" not in daemon.log()


def test_unknown_faults_are_not_done(demo: RunningDemo) -> None:
    stdin = demo.process.stdin
    assert stdin is not None
    stdin.write(b"drop spoons\ndelay all soon\n")
    stdin.flush()
    demo.tell("heal")
    with socket.create_connection(("127.0.0.1", demo.ready.port), TIMEOUT_S):
        assert demo.process.poll() is None
