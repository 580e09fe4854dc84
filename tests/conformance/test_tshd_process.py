"""The daemon's life: readiness, handshakes, refusals, the end. terminal_service.md 3 to 6, 20."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from teleterm.model.clock import SystemClock
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshd import certificates
from teleterm.tshd.certificates import KeyPair
from teleterm.tshd.services.events import EventsLink, EventsTls
from tests.support.daemon_process import (
    CALL_S,
    STOP_S,
    TSH,
    Daemon,
    Window,
    arguments,
    connected,
    running_daemon,
)
from tests.support.demo_process import Ready
from tests.support.login import code

pytestmark = pytest.mark.slow


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    with running_daemon(tmp_path / "d") as running:
        yield running


def start_and_fail(folder: Path, *changed: str) -> subprocess.CompletedProcess[bytes]:
    """Start a daemon that can't, with the last of equal flags counting."""
    given = [one for one in arguments(folder, f"unix://{folder}/tsh.sock")]
    names = {one.partition("=")[0] for one in changed}
    argv = [one for one in given if one.partition("=")[0] not in names]
    env = {**os.environ, "TELEPORT_HOME": str(folder / "home")}
    return subprocess.run(
        [*TSH, *argv, *(one for one in changed if not one.endswith("=-"))],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=CALL_S,
    )


def test_it_is_ready_in_one_line_and_serves(daemon: Daemon) -> None:
    assert daemon.line == "{CONNECT_GRPC_PORT: 1}\n"
    assert stat.S_ISSOCK(daemon.socket.stat().st_mode)
    assert stat.S_IMODE((daemon.folder / "home").stat().st_mode) == 0o700

    async def walk() -> pb.ListClustersResponse:
        async with connected(daemon) as tsh:
            return await tsh.ListRootClusters(pb.ListClustersRequest(), timeout=CALL_S)

    assert not asyncio.run(walk()).clusters


def test_sigterm_ends_it_with_0_and_takes_the_socket_away(daemon: Daemon) -> None:
    assert daemon.terminate() == 0
    assert not daemon.socket.exists()
    assert daemon.process.stdout is not None
    assert daemon.process.stdout.read() == b"", "nothing but the readiness line"


def test_sigint_ends_it_too(daemon: Daemon) -> None:
    daemon.process.send_signal(signal.SIGINT)
    assert daemon.process.wait(STOP_S) == 0


def test_the_end_of_its_input_ends_it(daemon: Daemon) -> None:
    assert daemon.process.stdin is not None
    daemon.process.stdin.close()
    assert daemon.process.wait(STOP_S) == 0


def test_a_living_daemons_socket_is_not_taken(daemon: Daemon) -> None:
    second = start_and_fail(daemon.folder)
    assert second.returncode == 1
    assert b"address already in use" in second.stderr
    assert second.stdout == b""

    async def walk() -> None:
        async with connected(daemon) as tsh:
            await tsh.ListRootClusters(pb.ListClustersRequest(), timeout=CALL_S)

    asyncio.run(walk())


def test_a_dead_daemons_socket_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    family: int = getattr(socket, "AF_UNIX", -1)
    with socket.socket(family) as left:
        left.bind(str(folder / "tsh.sock"))
    with running_daemon(folder) as running:
        assert running.line


def test_a_file_in_its_place_stays(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "tsh.sock").write_text("mine")
    assert start_and_fail(folder).returncode == 1
    assert (folder / "tsh.sock").read_text() == "mine"


@pytest.mark.parametrize("flag", ["--certs-dir", "--kubeconfigs-dir", "--agents-dir"])
def test_a_folder_that_is_missing_is_named(tmp_path: Path, flag: str) -> None:
    ended = start_and_fail(tmp_path, f"{flag}=-")
    assert ended.returncode != 0
    assert flag.removeprefix("--").split("-", maxsplit=1)[0] in ended.stderr.decode()


def test_other_networks_are_refused(tmp_path: Path) -> None:
    ended = start_and_fail(tmp_path, "--addr=udp://localhost:1")
    assert ended.returncode == 1
    assert b"udp://localhost:1" in ended.stderr


def test_it_ends_while_a_call_runs(daemon: Daemon) -> None:
    """A window may hold calls open; they must not hold the daemon."""
    silent = socket.create_server(("127.0.0.1", 0))

    async def walk() -> int:
        async with connected(daemon) as tsh:
            name = f"127.0.0.1:{silent.getsockname()[1]}"
            call = tsh.AddCluster(pb.AddClusterRequest(name=name), timeout=CALL_S)
            accepted, _ = await asyncio.to_thread(silent.accept)
            with accepted:
                status = await asyncio.to_thread(daemon.terminate)
                with pytest.raises(grpc.aio.AioRpcError):
                    await call
        return status

    with silent:
        assert asyncio.run(walk()) == 0


def test_empty_requests_are_refused_in_words(daemon: Daemon) -> None:
    """No call of the service takes the daemon by surprise."""
    service = pb.DESCRIPTOR.services_by_name["TerminalService"]
    odd: dict[str, str] = {}

    async def walk() -> None:
        async with connected(daemon) as tsh:
            for method in service.methods:
                if method.name == "UpdateTshdEventsServerAddress":
                    continue
                request = getattr(pb, method.input_type.name)()
                try:
                    if method.client_streaming:
                        continue
                    call = getattr(tsh, method.name)(request, timeout=CALL_S)
                    if method.server_streaming:
                        _ = [one async for one in call]
                    else:
                        await call
                except grpc.aio.AioRpcError as error:
                    if error.code() is grpc.StatusCode.UNKNOWN:
                        odd[method.name] = error.details() or ""

    asyncio.run(walk())
    assert odd == {}
    assert "Traceback" not in daemon.log()


def test_unknown_calls_and_services_answer_unimplemented(daemon: Daemon) -> None:
    async def walk() -> list[grpc.StatusCode]:
        found = []
        async with grpc.aio.insecure_channel(f"unix:{daemon.socket}") as channel:
            for path in (
                "/teleport.lib.teleterm.v1.TerminalService/Nothing",
                "/teleport.lib.teleterm.vnet.v1.VnetService/Start",
            ):
                call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(path)
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await call(b"", timeout=CALL_S)
                found.append(caught.value.code())
        return found

    assert asyncio.run(walk()) == [grpc.StatusCode.UNIMPLEMENTED] * 2


class TestTcp:
    """TCP with certificates on both sides."""

    @pytest.fixture
    def daemon(self, tmp_path: Path) -> Iterator[Daemon]:
        with running_daemon(tmp_path / "d", address="tcp://localhost:0") as running:
            yield running

    @staticmethod
    async def status(daemon: Daemon, pair: KeyPair | None) -> grpc.StatusCode:
        """What a client with that certificate gets."""
        trusted = (daemon.folder / "certs" / "tshd.crt").read_bytes()
        credentials = grpc.ssl_channel_credentials(
            trusted, pair.key if pair else None, pair.certificate if pair else None
        )
        channel = grpc.aio.secure_channel(f"localhost:{daemon.port}", credentials)
        async with channel:
            stub: pb_grpc.TerminalServiceAsyncStub = pb_grpc.TerminalServiceStub(channel)
            try:
                await stub.ListRootClusters(pb.ListClustersRequest(), timeout=CALL_S)
            except grpc.aio.AioRpcError as error:
                return error.code()
        return grpc.StatusCode.OK

    def test_only_the_windows_two_certificates_come_in(self, daemon: Daemon) -> None:
        assert daemon.port > 1
        certs = daemon.folder / "certs"
        assert stat.S_IMODE((certs / "tshd.crt").stat().st_mode) == 0o600
        window, main, stranger = (certificates.make(SystemClock()) for _ in range(3))

        async def walk() -> list[grpc.StatusCode]:
            (certs / "renderer.crt").write_bytes(window.certificate)
            found = [await self.status(daemon, window)]
            (certs / "main-process.crt").write_bytes(main.certificate)
            found += [await self.status(daemon, one) for one in (window, main, stranger, None)]
            (certs / "renderer.crt").write_bytes(b"")
            return [*found, await self.status(daemon, main)]

        refused, ok = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.OK
        assert asyncio.run(walk()) == [refused, ok, ok, refused, refused, refused]

    def test_a_login_asks_through_the_events_service(self, demo: Ready, tmp_path: Path) -> None:
        """Both directions over TCP: the daemon shows its own certificate to the window's server."""
        window = Window(code=lambda: code(demo.totp_secret))
        pair = certificates.make(SystemClock())
        environ = {"SSL_CERT_FILE": demo.ca_file}

        async def log_in(daemon: Daemon) -> None:
            trusted = (daemon.folder / "certs" / "tshd.crt").read_bytes()
            server = grpc.aio.server()
            pb_grpc.add_TshdEventsServiceServicer_to_server(window, server)
            here = grpc.ssl_server_credentials(
                [(pair.key, pair.certificate)], root_certificates=trusted, require_client_auth=True
            )
            events = server.add_secure_port("localhost:0", here)
            await server.start()
            there = grpc.ssl_channel_credentials(trusted, pair.key, pair.certificate)
            async with grpc.aio.secure_channel(f"localhost:{daemon.port}", there) as channel:
                stub: pb_grpc.TerminalServiceAsyncStub = pb_grpc.TerminalServiceStub(channel)
                told = pb.UpdateTshdEventsServerAddressRequest(address=f"localhost:{events}")
                await stub.UpdateTshdEventsServerAddress(told, timeout=CALL_S)
                added = await stub.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
                params = pb.LoginRequest.LocalParams(user=demo.user, password=demo.password)
                await stub.Login(
                    pb.LoginRequest(cluster_uri=added.uri, local=params), timeout=CALL_S
                )
            await server.stop(None)

        with running_daemon(tmp_path / "d", address="tcp://localhost:0", environ=environ) as daemon:
            for name in ("renderer.crt", "main-process.crt"):
                (daemon.folder / "certs" / name).write_bytes(pair.certificate)
            asyncio.run(log_in(daemon))
        assert [one.totp for one in window.prompts] == [True]

    def test_the_address_is_refused_while_the_windows_certificate_is_missing(
        self, tmp_path: Path
    ) -> None:
        link = EventsLink(EventsTls(key=b"", certificate=b"", folder=tmp_path))
        with pytest.raises(FileNotFoundError):
            asyncio.run(link.set_address("localhost:1"))
