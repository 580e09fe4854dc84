"""The demo's nodes through the proxy's transport service, seen with asyncssh's client."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncssh
import grpc
import pytest

from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.auth.v1.authservice_pb2_grpc import AuthServiceStub
from teleterm.protogen.teleport.transport.v1 import transport_service_pb2 as transport
from teleterm.protogen.teleport.transport.v1.transport_service_pb2_grpc import TransportServiceStub
from teleterm.protogen.teleport.trust.v1 import trust_service_pb2 as trust
from teleterm.protogen.teleport.trust.v1.trust_service_pb2_grpc import TrustServiceStub
from tests.support.demo_process import running_demo
from tests.support.login import code
from tests.support.raw_client import (
    TIMEOUT_S,
    Login,
    auth_channel,
    log_in,
    transport_channel,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def proxy(demo_login: Login) -> Iterator[TransportServiceStub]:
    with transport_channel(demo_login) as channel:
        yield TransportServiceStub(channel)


@pytest.fixture(scope="module")
def authorities(demo_login: Login) -> dict[str, bytes]:
    """Each cluster's host authority, as an authorized_keys line."""
    request = trust.GetCertAuthoritiesRequest(type="host")
    with auth_channel(demo_login, demo_login.ready.root) as channel:
        answer = TrustServiceStub(channel).GetCertAuthorities(request, timeout=TIMEOUT_S)
    return {
        one.Spec.ClusterName: bytes(one.Spec.ActiveKeys.SSH[0].PublicKey)
        for one in answer.cert_authorities_v2
    }


def dial(proxy: TransportServiceStub, host_port: str, cluster: str) -> socket.socket:
    """Open a stream to a node; a socket stands for it once the proxy says it is there."""
    near, far = socket.socketpair()

    def frames() -> Iterator[transport.ProxySSHRequest]:
        target = transport.TargetHost(host_port=host_port, cluster=cluster)
        yield transport.ProxySSHRequest(dial_target=target)
        while data := far.recv(16384):
            yield transport.ProxySSHRequest(ssh=transport.Frame(payload=data))

    answers = proxy.ProxySSH(frames())
    try:
        first = next(answers)
    except grpc.RpcError:
        near.close()
        far.close()
        raise
    assert first.HasField("details")
    assert first.WhichOneof("frame") is None

    def receive() -> None:
        with contextlib.suppress(grpc.RpcError, OSError):
            for answer in answers:
                assert len(answer.ssh.payload) <= 16384
                far.sendall(answer.ssh.payload)
        with contextlib.suppress(OSError):
            far.shutdown(socket.SHUT_RDWR)
        far.close()

    threading.Thread(target=receive, daemon=True).start()
    return near


class Nodes:
    """Connects to nodes as one user."""

    def __init__(
        self, proxy: TransportServiceStub, login: Login, authorities: dict[str, bytes]
    ) -> None:
        self._proxy = proxy
        self._login = login
        self._authorities = authorities

    @contextlib.asynccontextmanager
    async def connect(
        self, host: str, cluster: str, user: str = "alice"
    ) -> AsyncIterator[asyncssh.SSHClientConnection]:
        near = await asyncio.to_thread(dial, self._proxy, f"{host}:0", cluster)
        trusted = "".join(
            f"@cert-authority {host},*.{name} {line.decode()}"
            for name, line in self._authorities.items()
        )
        key = asyncssh.import_private_key(self._login.ssh_key)
        certificate = asyncssh.import_certificate(self._login.answer.cert)
        async with asyncssh.connect(
            host,
            0,
            sock=near,
            username=user,
            client_keys=[(key, certificate)],
            known_hosts=asyncssh.import_known_hosts(trusted),
            config=None,
            agent_path=None,
            login_timeout=TIMEOUT_S,
        ) as connection:
            yield connection


@pytest.fixture(scope="module")
def nodes(proxy: TransportServiceStub, demo_login: Login, authorities: dict[str, bytes]) -> Nodes:
    return Nodes(proxy, demo_login, authorities)


def test_a_command_with_its_environment_and_status(nodes: Nodes, demo_login: Login) -> None:
    async def run() -> None:
        async with nodes.connect("web-1", demo_login.ready.root) as connection:
            done = await connection.run(
                "hostname; echo $SSH_TELEPORT_USER $SSH_TELEPORT_CLUSTER_NAME; echo $LD_X $GIVEN;"
                ' test "$SSH_SESSION_ID" = "$TELEPORT_SESSION" && echo same; echo oops >&2; exit 3',
                env={"GIVEN": "given", "LD_X": "dropped"},
            )
            assert done.stdout == f"web-1\nalice {demo_login.ready.root}\ngiven\nsame\n"
            assert done.stderr == "oops\n"
            assert done.exit_status == 3

    asyncio.run(run())


def test_the_leafs_nodes_show_the_leafs_host_certificate(nodes: Nodes, demo_login: Login) -> None:
    async def run() -> None:
        async with nodes.connect("edge-2", demo_login.ready.leaf) as connection:
            assert (await connection.run("hostname")).stdout == "edge-2\n"

    asyncio.run(run())


def test_standard_input_and_a_signal(nodes: Nodes, demo_login: Login) -> None:
    async def run() -> None:
        async with nodes.connect("build", demo_login.ready.root) as connection:
            big = "x" * 300_000
            assert (await connection.run("cat", input=big)).stdout == big
            process = await connection.create_process("echo ready; exec sleep 1000")
            assert await process.stdout.readline() == "ready\n"
            process.terminate()
            assert (await process.wait()).exit_signal is not None
            done = await connection.run("kill -KILL $$")
            assert done.exit_signal is not None
            assert done.exit_signal[0] == "KILL"

    asyncio.run(run())


def test_a_terminal_follows_its_size_and_its_keys(nodes: Nodes, demo_login: Login) -> None:
    async def run() -> None:
        async with nodes.connect("web-2", demo_login.ready.root) as connection:
            process = await connection.create_process(
                term_type="xterm-256color", term_size=(100, 30)
            )
            await process.stdout.readuntil("alice@web-2:")
            process.stdin.write('stty size; echo "<$TERM>"\n')
            await process.stdout.readuntil("30 100")
            await process.stdout.readuntil("<xterm-256color>")
            process.change_terminal_size(120, 40)
            process.stdin.write("stty size\n")
            await process.stdout.readuntil("40 120")
            process.stdin.write("sh -c 'echo start\"\"ed; exec sleep 1000'\n")
            await process.stdout.readuntil("started")
            process.stdin.write("\x03")
            await process.stdout.readuntil("alice@web-2:")
            process.stdin.write("hostname; exit 7\n")
            await process.stdout.readuntil("web-2\r\n")
            assert (await process.wait()).exit_status == 7

    asyncio.run(run())


def test_a_long_output_arrives_whole(nodes: Nodes, demo_login: Login) -> None:
    async def run() -> None:
        async with nodes.connect("web-1", demo_login.ready.root) as connection:
            done = await connection.run("head -c 5000000 /dev/zero", encoding=None)
            assert isinstance(done.stdout, bytes)
            assert len(done.stdout) == 5_000_000

    asyncio.run(run())


def test_what_a_command_leaves_running_does_not_hold_the_session(
    nodes: Nodes, demo_login: Login
) -> None:
    async def run() -> None:
        async with nodes.connect("web-1", demo_login.ready.root) as connection:
            command = "sleep 30 & echo $!"
            done = await asyncio.wait_for(connection.run(command), 10)
            os.kill(int(str(done.stdout)), 9)

    asyncio.run(run())


def test_files(nodes: Nodes, demo_login: Login, tmp_path: Path) -> None:
    async def run() -> None:
        async with nodes.connect("web-1", demo_login.ready.root) as connection:
            async with connection.start_sftp_client() as files:
                (tmp_path / "here").write_bytes(b"data")
                await files.put(tmp_path / "here", str(tmp_path / "there"))
                assert (tmp_path / "there").read_bytes() == b"data"
                assert await files.realpath(".") == str(Path.home().resolve())

    asyncio.run(run())


def test_a_login_the_certificate_does_not_hold(nodes: Nodes, demo_login: Login) -> None:
    async def run() -> None:
        async with nodes.connect("web-1", demo_login.ready.root, user="root"):
            raise AssertionError("let in")

    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(run())


def test_joining_is_refused_in_words(nodes: Nodes, demo_login: Login) -> None:
    async def run() -> None:
        async with nodes.connect(
            "web-1", demo_login.ready.root, user="-teleport-internal-join"
        ) as connection:
            done = await connection.run(term_type="xterm", input="")
            assert done.exit_status == 255
            assert "no such session" in str(done.stdout) + str(done.stderr)

    asyncio.run(run())


def test_a_node_by_its_uuid_and_its_session_in_the_list(nodes: Nodes, demo_login: Login) -> None:
    from google.protobuf.empty_pb2 import Empty

    async def run() -> None:
        with auth_channel(demo_login, demo_login.ready.root) as channel:
            stub = AuthServiceStub(channel)
            found = stub.GetSSHTargets(auth.GetSSHTargetsRequest(Host="build"), timeout=TIMEOUT_S)
            uuid = found.Servers[0].Metadata.Name
            async with nodes.connect(uuid, demo_login.ready.root, "deploy") as connection:
                process = await connection.create_process("echo on; cat")
                assert await process.stdout.readline() == "on\n"
                trackers = stub.GetActiveSessionTrackers(Empty(), timeout=TIMEOUT_S)
                known = [
                    (one.Spec.Hostname, one.Spec.Login)
                    for one in await asyncio.to_thread(list, trackers)
                ]
                assert ("build", "deploy") in known
                process.stdin.write_eof()
                await process.wait()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("host_port", "cluster", "expected"),
    [
        ("nope:0", "", grpc.StatusCode.UNAVAILABLE),
        ("00000000-0000-4000-8000-000000000000:0", "", grpc.StatusCode.NOT_FOUND),
        ("web-1", "", grpc.StatusCode.INVALID_ARGUMENT),
        ("web-1:0", "nope", grpc.StatusCode.NOT_FOUND),
        ("edge-1:0", "", grpc.StatusCode.UNAVAILABLE),
    ],
)
def test_targets_that_are_not_there(
    proxy: TransportServiceStub, host_port: str, cluster: str, expected: grpc.StatusCode
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        dial(proxy, host_port, cluster)
    assert caught.value.code() is expected


def test_a_node_that_is_gone_is_listed_but_offline() -> None:
    with running_demo("--no-postgres", "--gone-node", "web-1") as running:
        login = log_in(running.ready, code(running.ready.totp_secret))
        with transport_channel(login) as channel, pytest.raises(grpc.RpcError) as caught:
            dial(TransportServiceStub(channel), "web-1:0", running.ready.root)
        assert "web-1 is offline or does not exist" in (caught.value.details() or "")
        running.tell("back web-1")
        running.tell("gone web-2")
        with transport_channel(login) as channel:
            stub = TransportServiceStub(channel)
            dial(stub, "web-1:0", running.ready.root).close()
            with pytest.raises(grpc.RpcError):
                dial(stub, "web-2:0", running.ready.root)
