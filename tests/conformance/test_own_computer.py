"""This computer as a server: the role that is made and mended, and a daemon's calls on the demo."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import grpc
import pytest

from teleterm.client.auth import AuthClient
from teleterm.client.channel import Channel
from teleterm.client.joint import End
from teleterm.model.errors import BadInput
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.auth.v1.authservice_pb2_grpc import (
    AuthServiceServicer,
    add_AuthServiceServicer_to_server,
)
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.protogen.teleport.users.v1 import users_service_pb2 as users
from teleterm.protogen.teleport.users.v1.users_service_pb2_grpc import (
    UsersServiceServicer,
    add_UsersServiceServicer_to_server,
)
from teleterm.tshd.services import own_role
from tests.support.daemon_login import ROOT, log_in, window_of
from tests.support.daemon_process import CALL_S, connected, running_daemon
from tests.support.demo_process import Ready

pytestmark = pytest.mark.slow
Context = grpc.aio.ServicerContext[object, object]
NAME = "connect-my-computer-alice"
UNKNOWN_FIELD = b"\xfa\x3e\x03new"  # field 1007, which this release doesn't know


class Cluster(AuthServiceServicer, UsersServiceServicer):
    """Keeps one user and one role, and tells of their changes."""

    def __init__(self) -> None:
        self.user = types.UserV2(Kind="user", Metadata=types.Metadata(Name="alice"))
        self.user.Spec.Roles.append("developer")
        self.role: types.RoleV6 | None = None
        self.changes: asyncio.Queue[auth.Event] = asyncio.Queue()
        self.done: list[str] = []

    async def GetUser(  # noqa: N802 - the wire's name
        self, request: users.GetUserRequest, context: Context
    ) -> users.GetUserResponse:
        assert request.name == "alice"
        return users.GetUserResponse(user=self.user)

    async def UpdateUser(  # noqa: N802
        self, request: users.UpdateUserRequest, context: Context
    ) -> users.UpdateUserResponse:
        self.user = request.user
        self.done.append("user")
        self.changes.put_nowait(auth.Event(Type=auth.PUT, User=self.user))
        return users.UpdateUserResponse(user=self.user)

    async def GetRole(self, request: auth.GetRoleRequest, context: Context) -> types.RoleV6:  # noqa: N802
        if self.role is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, f"role {request.Name} is not found")
            raise AssertionError
        return self.role

    async def CreateRole(self, request: auth.CreateRoleRequest, context: Context) -> types.RoleV6:  # noqa: N802
        self.role = request.Role
        self.done.append("new role")
        return self.role

    async def UpdateRole(self, request: auth.UpdateRoleRequest, context: Context) -> types.RoleV6:  # noqa: N802
        self.role = request.Role
        self.done.append("role")
        self.changes.put_nowait(auth.Event(Type=auth.PUT, Role=self.role))
        return self.role

    async def WatchEvents(  # noqa: N802
        self, request: auth.Watch, context: Context
    ) -> AsyncIterator[auth.Event]:
        yield auth.Event(Type=auth.INIT)
        while True:
            yield await self.changes.get()


def with_cluster(steps: Callable[[Cluster, AuthClient], Awaitable[None]]) -> None:
    """Do something with such a cluster behind a real connection."""

    async def whole() -> None:
        cluster, server = Cluster(), grpc.aio.server()
        add_AuthServiceServicer_to_server(cluster, server)
        add_UsersServiceServicer_to_server(cluster, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()

        async def dial() -> End:
            loop = asyncio.get_running_loop()
            return (await loop.create_connection(End, "127.0.0.1", port))[1]

        channel = Channel(dial, "root")
        await channel.open()
        try:
            await steps(cluster, AuthClient(channel, "root"))
        finally:
            await channel.close()
            await server.stop(None)

    asyncio.run(whole())


def test_the_role_is_made_once() -> None:
    async def steps(cluster: Cluster, client: AuthClient) -> None:
        assert await own_role.ensure(client, "alice")
        assert cluster.done == ["new role", "user"]
        assert list(cluster.user.Spec.Roles) == ["developer", NAME]
        assert cluster.role is not None
        allow = cluster.role.Spec.Allow
        assert list(allow.Logins) == [getpass.getuser()]
        assert list(allow.NodeLabels.Values[own_role.OWNER_LABEL].Values) == ["alice"]
        assert not await own_role.ensure(client, "alice")
        assert cluster.done == ["new role", "user"]

    with_cluster(steps)


def test_another_computers_role_gets_this_ones_login() -> None:
    async def steps(cluster: Cluster, client: AuthClient) -> None:
        await own_role.ensure(client, "alice")
        assert cluster.role is not None
        cluster.role.Spec.Allow.Logins[:] = ["other"]
        cluster.role.Spec.Allow.NodeLabels.Values[own_role.OWNER_LABEL].Values[:] = ["bob"]
        cluster.role.MergeFromString(UNKNOWN_FIELD)
        assert await own_role.ensure(client, "alice")
        assert list(cluster.role.Spec.Allow.Logins) == ["other", getpass.getuser()]
        label = cluster.role.Spec.Allow.NodeLabels.Values[own_role.OWNER_LABEL]
        assert list(label.Values) == ["alice"]
        assert UNKNOWN_FIELD in cluster.role.SerializeToString(), "what is newer is kept"

    with_cluster(steps)


def test_users_of_a_connector_are_refused() -> None:
    async def steps(cluster: Cluster, client: AuthClient) -> None:
        cluster.user.Spec.CreatedBy.Connector.Type = "github"
        with pytest.raises(BadInput, match="comes from a github connector"):
            await own_role.ensure(client, "alice")
        assert not cluster.done

    with_cluster(steps)


def test_a_daemon_on_the_demo(demo: Ready, tmp_path: Path) -> None:
    """Whose users may not do that; but a server that is there is found when its agent starts."""
    agent = tmp_path / "d" / "agents" / "localhost" / "data"
    refused = grpc.StatusCode.PERMISSION_DENIED

    async def steps() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            for failing, code in (
                (tsh.CreateConnectMyComputerRole(
                    pb.CreateConnectMyComputerRoleRequest(root_cluster_uri=ROOT)), refused),
                (tsh.CreateConnectMyComputerNodeToken(
                    pb.CreateConnectMyComputerNodeTokenRequest(root_cluster_uri=ROOT)), refused),
                (tsh.CreateConnectMyComputerRole(
                    pb.CreateConnectMyComputerRoleRequest(
                        root_cluster_uri=f"{ROOT}/leaves/{demo.leaf}"
                    )), grpc.StatusCode.INVALID_ARGUMENT),
            ):  # fmt: skip
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await failing
                assert caught.value.code() is code
                trailers = dict(caught.value.trailing_metadata() or ())
                assert "is-resolvable-with-relogin" not in trailers
            delete = pb.DeleteConnectMyComputerNodeRequest(root_cluster_uri=ROOT)
            await tsh.DeleteConnectMyComputerNode(delete, timeout=CALL_S)
            listing = pb.ListUnifiedResourcesRequest(cluster_uri=ROOT, kinds=["node"])
            found = (await tsh.ListUnifiedResources(listing, timeout=CALL_S)).resources[0].server
            wait = pb.WaitForConnectMyComputerNodeJoinRequest(root_cluster_uri=ROOT)
            waiting = asyncio.ensure_future(tsh.WaitForConnectMyComputerNodeJoin(wait))
            agent.mkdir(parents=True)
            (agent / "host_uuid").write_text(f"{found.name}\n")
            joined = (await asyncio.wait_for(waiting, CALL_S)).server
            assert (joined.uri, joined.hostname) == (found.uri, found.hostname)
            name = pb.GetConnectMyComputerNodeNameRequest(root_cluster_uri=ROOT)
            assert (await tsh.GetConnectMyComputerNodeName(name)).name == found.name
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await tsh.DeleteConnectMyComputerNode(delete, timeout=CALL_S)
            assert caught.value.code() is refused

    with running_daemon(tmp_path / "d", environ={"SSL_CERT_FILE": demo.ca_file}) as daemon:
        asyncio.run(steps())
