"""The daemon against the demo cluster, as a window drives it. terminal_service.md 10 to 14, 20."""

import asyncio
import os
import shutil
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.userpreferences.v1 import userpreferences_pb2 as preferences
from tests.support.daemon_process import CALL_S, Daemon, Window, connected, running_daemon
from tests.support.demo_process import Ready, running_demo
from tests.support.login import code

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1.service_pb2_grpc import (
        TerminalServiceAsyncStub,
    )

pytestmark = pytest.mark.slow
ROOT = "/clusters/localhost"
Walk = Callable[["TerminalServiceAsyncStub"], Awaitable[None]]


def environ(demo: Ready) -> Mapping[str, str]:
    """What the daemon needs to trust the demo."""
    return {"SSL_CERT_FILE": demo.ca_file}


@pytest.fixture
def daemon(demo: Ready, tmp_path: Path) -> Iterator[Daemon]:
    with running_daemon(tmp_path / "d", environ=environ(demo)) as running:
        yield running


def window_of(demo: Ready) -> Window:
    """A window whose user has the authenticator app."""
    return Window(code=lambda: code(demo.totp_secret))


def walk(daemon: Daemon, window: Window, steps: Walk) -> None:
    """Run the steps as a window that is connected."""

    async def all_steps() -> None:
        async with connected(daemon, window) as tsh:
            await steps(tsh)

    asyncio.run(all_steps())


def root_uri(demo: Ready) -> str:
    """The URI of the demo's root cluster."""
    return f"/clusters/{demo.proxy.rpartition(':')[0]}"


def local(demo: Ready, password: str = "") -> pb.LoginRequest:
    """A login with the password."""
    params = pb.LoginRequest.LocalParams(user=demo.user, password=password or demo.password)
    return pb.LoginRequest(cluster_uri=root_uri(demo), local=params)


async def log_in(tsh: "TerminalServiceAsyncStub", demo: Ready) -> None:
    """Add the cluster and log in."""
    await tsh.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
    await tsh.Login(local(demo), timeout=CALL_S)


def trailer(error: grpc.aio.AioRpcError) -> str:
    """The re-login trailer's value."""
    found = dict(tuple(error.trailing_metadata() or ()))
    return str(found.get("is-resolvable-with-relogin", ""))


def test_from_adding_a_cluster_to_forgetting_it(daemon: Daemon, demo: Ready) -> None:
    window = window_of(demo)
    uri = root_uri(demo)

    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        added = await tsh.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
        assert (added.uri, added.name, added.connected) == (uri, demo.root, False)
        settings = await tsh.GetAuthSettings(
            pb.GetAuthSettingsRequest(cluster_uri=uri), timeout=CALL_S
        )
        assert settings.local_auth_enabled
        assert settings.client_version_status == pb.CLIENT_VERSION_STATUS_OK
        await tsh.Login(local(demo), timeout=CALL_S)
        assert len(window.prompts) == 1
        assert window.prompts[0].totp
        assert window.prompts[0].cluster_uri == uri
        assert not window.prompts[0].per_session_mfa

        cluster = await tsh.GetCluster(pb.GetClusterRequest(cluster_uri=uri), timeout=CALL_S)
        assert (cluster.name, cluster.connected) == (demo.root, True)
        assert cluster.logged_in_user.name == demo.user
        assert cluster.proxy_host == demo.proxy
        leaves = await tsh.ListLeafClusters(
            pb.ListLeafClustersRequest(cluster_uri=uri), timeout=CALL_S
        )
        assert [(one.name, one.leaf) for one in leaves.clusters] == [(demo.leaf, True)]
        for where, names in (
            (uri, {one.hostname for one in demo.nodes if one.cluster == demo.root}),
            (
                leaves.clusters[0].uri,
                {one.hostname for one in demo.nodes if one.cluster == demo.leaf},
            ),
        ):
            page = await tsh.ListUnifiedResources(
                pb.ListUnifiedResourcesRequest(cluster_uri=where, kinds=["node"]), timeout=CALL_S
            )
            assert {one.server.hostname for one in page.resources} == names
            assert all(one.server.uri.startswith(f"{where}/servers/") for one in page.resources)
        await tsh.StartHeadlessWatcher(
            pb.StartHeadlessWatcherRequest(root_cluster_uri=uri), timeout=CALL_S
        )
        await tsh.Logout(pb.LogoutRequest(cluster_uri=uri), timeout=CALL_S)
        roots = await tsh.ListRootClusters(pb.ListClustersRequest(), timeout=CALL_S)
        assert [one.connected for one in roots.clusters] == [False]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await tsh.GetCluster(pb.GetClusterRequest(cluster_uri=uri), timeout=CALL_S)
        assert trailer(caught.value) == "1"
        await tsh.RemoveCluster(pb.RemoveClusterRequest(cluster_uri=uri), timeout=CALL_S)
        roots = await tsh.ListRootClusters(pb.ListClustersRequest(), timeout=CALL_S)
        assert not roots.clusters

    walk(daemon, window, steps)


def test_another_name_of_a_known_proxy_keeps_the_login(daemon: Daemon, demo: Ready) -> None:
    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await log_in(tsh, demo)
        other = pb.AddClusterRequest(name=f"127.0.0.1:{demo.port}")
        added = await tsh.AddCluster(other, timeout=CALL_S)
        assert (added.uri, added.connected) == (root_uri(demo), True)
        (root,) = (await tsh.ListRootClusters(pb.ListClustersRequest(), timeout=CALL_S)).clusters
        assert (root.uri, root.connected) == (root_uri(demo), True)

    walk(daemon, window_of(demo), steps)


def test_a_leaf_that_does_not_exist_needs_no_login(daemon: Daemon, demo: Ready) -> None:
    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await log_in(tsh, demo)
        request = pb.ListUnifiedResourcesRequest(cluster_uri=f"{root_uri(demo)}/leaves/none")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await tsh.ListUnifiedResources(request, timeout=CALL_S)
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND
        assert trailer(caught.value) == ""
        assert "There is no cluster none behind" in str(caught.value.details())

    walk(daemon, window_of(demo), steps)


def test_how_agents_find_their_targets(daemon: Daemon, demo: Ready) -> None:
    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await log_in(tsh, demo)
        kubes = await tsh.ListKubernetesServers(
            pb.ListKubernetesServersRequest(cluster_uri=root_uri(demo)), timeout=CALL_S
        )
        assert {one.target_health.status for one in kubes.resources} == {"healthy"}
        databases = await tsh.ListDatabaseServers(
            pb.ListDatabaseServersRequest(cluster_uri=root_uri(demo)), timeout=CALL_S
        )
        assert all(one.target_health.status for one in databases.resources)

    walk(daemon, window_of(demo), steps)


def test_pages_sorting_and_search(daemon: Daemon, demo: Ready) -> None:
    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await log_in(tsh, demo)
        uri, key = root_uri(demo), ""
        found: list[pb.PaginatedResource] = []
        while True:
            request = pb.ListUnifiedResourcesRequest(
                cluster_uri=uri, limit=2, start_key=key, sort_by=pb.SortBy(field="name")
            )
            page = await tsh.ListUnifiedResources(request, timeout=CALL_S)
            found += page.resources
            key = page.next_key
            if not key:
                break
        assert len(found) > 2
        everything = pb.ListUnifiedResourcesRequest(
            cluster_uri=uri, sort_by=pb.SortBy(field="name")
        )
        whole = await tsh.ListUnifiedResources(everything, timeout=CALL_S)
        assert list(whole.resources) == found
        name = found[0].server.hostname or found[0].database.name
        everything.search = name
        hits = await tsh.ListUnifiedResources(everything, timeout=CALL_S)
        assert found[0] in hits.resources
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await tsh.ListUnifiedResources(
                pb.ListUnifiedResourcesRequest(cluster_uri=uri, kinds=["spoon"]), timeout=CALL_S
            )
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT

    walk(daemon, window_of(demo), steps)


def test_a_wrong_password_asks_for_nothing_more(daemon: Daemon, demo: Ready) -> None:
    window = window_of(demo)

    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await tsh.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await tsh.Login(local(demo, "wrong"), timeout=CALL_S)
        assert caught.value.code() == grpc.StatusCode.PERMISSION_DENIED
        assert not window.prompts

    walk(daemon, window, steps)


def test_closing_the_dialog_ends_the_login(daemon: Daemon, demo: Ready) -> None:
    window = Window(refuses_mfa=True)

    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await tsh.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await tsh.Login(local(demo), timeout=CALL_S)
        assert caught.value.code() == grpc.StatusCode.ABORTED
        assert len(window.prompts) == 1

    walk(daemon, window, steps)


def test_cancelling_the_login_closes_the_dialog(daemon: Daemon, demo: Ready) -> None:
    window = Window(holds_mfa=True)

    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await tsh.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
        call = tsh.Login(local(demo), timeout=CALL_S)
        await asyncio.wait_for(window.asked.wait(), CALL_S)
        call.cancel()
        await asyncio.wait_for(window.withdrawn.wait(), CALL_S)

    walk(daemon, window, steps)


def test_preferences_are_kept_by_the_cluster(daemon: Daemon, demo: Ready) -> None:
    async def steps(tsh: "TerminalServiceAsyncStub") -> None:
        await log_in(tsh, demo)
        uri = root_uri(demo)
        first = await tsh.GetUserPreferences(
            pb.GetUserPreferencesRequest(cluster_uri=uri), timeout=CALL_S
        )
        shown = first.user_preferences.unified_resource_preferences
        assert shown.view_mode == preferences.VIEW_MODE_CARD
        wanted = pb.UserPreferences()
        wanted.unified_resource_preferences.view_mode = preferences.VIEW_MODE_LIST
        wanted.cluster_preferences.pinned_resources.resource_ids.append("web-1/node")
        done = await tsh.UpdateUserPreferences(
            pb.UpdateUserPreferencesRequest(cluster_uri=uri, user_preferences=wanted),
            timeout=CALL_S,
        )
        read = await tsh.GetUserPreferences(
            pb.GetUserPreferencesRequest(cluster_uri=uri), timeout=CALL_S
        )
        assert read.user_preferences == done.user_preferences
        kept = read.user_preferences
        assert kept.unified_resource_preferences.view_mode == preferences.VIEW_MODE_LIST
        assert list(kept.cluster_preferences.pinned_resources.resource_ids) == ["web-1/node"]

    walk(daemon, window_of(demo), steps)


def test_another_programs_login_is_seen_at_once(demo: Ready, tmp_path: Path) -> None:
    """Two daemons with one profile folder, as a window and a shell's tsh are."""
    shared = {**environ(demo), "TELEPORT_HOME": str(tmp_path / "home")}

    async def both() -> None:
        async with connected(one, window_of(demo)) as first, connected(two) as second:
            await first.AddCluster(pb.AddClusterRequest(name=demo.proxy), timeout=CALL_S)
            with pytest.raises(grpc.aio.AioRpcError):
                await second.GetCluster(
                    pb.GetClusterRequest(cluster_uri=root_uri(demo)), timeout=CALL_S
                )
            await first.Login(local(demo), timeout=CALL_S)
            seen = await second.GetCluster(
                pb.GetClusterRequest(cluster_uri=root_uri(demo)), timeout=CALL_S
            )
            assert seen.connected

    with (
        running_daemon(tmp_path / "one", environ=shared) as one,
        running_daemon(tmp_path / "two", environ=shared) as two,
    ):
        asyncio.run(both())


class TestGateways:
    """Gateways to the demo's database."""

    @pytest.fixture
    def demo(self, demo: Ready) -> Ready:
        if shutil.which("psql") is None or not any(
            one.online and one.protocol == "postgres" for one in demo.databases
        ):
            pytest.skip("PostgreSQL is not installed")
        return demo

    @staticmethod
    def request(demo: Ready, **fields: str) -> pb.CreateGatewayRequest:
        """A gateway to the database that is online."""
        found = next(one for one in demo.databases if one.online and one.protocol == "postgres")
        return pb.CreateGatewayRequest(
            target_uri=f"{root_uri(demo)}/dbs/{found.name}",
            target_user=found.users[0],
            target_subresource_name=found.names[0],
            **fields,
        )

    @staticmethod
    async def psql(gateway: pb.Gateway) -> bytes:
        """Run what the gateway's command line says, with a query."""
        command = gateway.gateway_cli_command
        process = await asyncio.create_subprocess_exec(
            command.path,
            *command.args[1:],
            "-Atc",
            "select 41 + 1",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PGCONNECT_TIMEOUT": "20"},
        )
        out, _ = await process.communicate()
        return out.strip()

    def test_psql_goes_through_and_the_port_moves(self, daemon: Daemon, demo: Ready) -> None:
        async def steps(tsh: "TerminalServiceAsyncStub") -> None:
            await log_in(tsh, demo)
            made = await tsh.CreateGateway(self.request(demo), timeout=CALL_S)
            assert made.local_address == "localhost"
            assert await self.psql(made) == b"42"
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await tsh.CreateGateway(self.request(demo), timeout=CALL_S)
            assert caught.value.code() == grpc.StatusCode.ALREADY_EXISTS

            with socket.create_server(("127.0.0.1", 0)) as other:
                busy = str(other.getsockname()[1])
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await tsh.SetGatewayLocalPort(
                        pb.SetGatewayLocalPortRequest(gateway_uri=made.uri, local_port=busy),
                        timeout=CALL_S,
                    )
            assert "address already in use" in str(caught.value.details())
            assert await self.psql(made) == b"42", "the old port is still there"

            moved = await tsh.SetGatewayLocalPort(
                pb.SetGatewayLocalPortRequest(gateway_uri=made.uri, local_port=busy),
                timeout=CALL_S,
            )
            assert (moved.uri, moved.local_port) == (made.uri, busy)
            assert await self.psql(moved) == b"42"
            listed = await tsh.ListGateways(pb.ListGatewaysRequest(), timeout=CALL_S)
            assert list(listed.gateways) == [moved]
            await tsh.RemoveGateway(pb.RemoveGatewayRequest(gateway_uri=made.uri), timeout=CALL_S)
            assert b"refused" in await self.psql(moved)

        walk(daemon, window_of(demo), steps)

    def test_sigterm_ends_it_with_a_gateway_open(self, daemon: Daemon, demo: Ready) -> None:
        async def steps(tsh: "TerminalServiceAsyncStub") -> None:
            await log_in(tsh, demo)
            made = await tsh.CreateGateway(self.request(demo), timeout=CALL_S)
            reader, writer = await asyncio.open_connection("127.0.0.1", int(made.local_port))
            assert await asyncio.to_thread(daemon.terminate) == 0
            with pytest.raises((OSError, EOFError)):
                await reader.readexactly(1)
            writer.close()

        walk(daemon, window_of(demo), steps)


class TestExpiry:
    """A login that has ended, and what the daemon does about it."""

    @pytest.fixture
    def demo(self) -> Iterator[Ready]:
        with running_demo("--allow-code-reuse", "--session-ttl", "6") as running:
            yield running.ready

    def test_calls_carry_the_trailer_and_gateways_ask(self, daemon: Daemon, demo: Ready) -> None:
        window = window_of(demo)

        async def steps(tsh: "TerminalServiceAsyncStub") -> None:
            await log_in(tsh, demo)
            database = next(
                (one for one in demo.databases if one.online and one.protocol == "postgres"), None
            )
            made = None
            if database is not None:
                made = await tsh.CreateGateway(TestGateways.request(demo), timeout=CALL_S)
            await self.until_expired(tsh)
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await tsh.GetCluster(
                    pb.GetClusterRequest(cluster_uri=root_uri(demo)), timeout=CALL_S
                )
            assert trailer(caught.value) == "1"
            assert not window.relogins, "calls never open a dialog"
            if made is None:
                return
            assert b"closed" in await TestGateways.psql(made)
            assert len(window.relogins) == 1
            assert window.relogins[0].root_cluster_uri == root_uri(demo)
            assert window.relogins[0].gateway_cert_expired.gateway_uri == made.uri
            await asyncio.wait_for(window.noticed.wait(), CALL_S)
            told = window.notices[0].cannot_proxy_gateway_connection
            assert (told.gateway_uri, told.target_uri) == (made.uri, made.target_uri)
            assert told.error

            async def log_in_again() -> None:
                await tsh.Login(local(demo), timeout=CALL_S)

            window.relogin = log_in_again
            answers = await asyncio.gather(*(TestGateways.psql(made) for _ in range(3)))
            assert answers == [b"42"] * 3
            assert len(window.relogins) == 2, "one dialog for connections that come at once"

        walk(daemon, window, steps)

    @staticmethod
    async def until_expired(tsh: "TerminalServiceAsyncStub") -> None:
        """Ask until the daemon says that the login has ended."""
        while True:
            roots = await tsh.ListRootClusters(pb.ListClustersRequest(), timeout=CALL_S)
            if not roots.clusters[0].connected:
                return
