"""This computer as a server of a cluster: its role, its way in, and when it is there.

The agent itself, which a window starts, keeps its files below `<agents>/<profile>`.
Source: terminal_service.md 15.
"""

import asyncio
import contextlib
import secrets
import socket
from datetime import UTC, timedelta
from pathlib import Path

from teleterm.client.auth import AuthClient
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused, Unreachable
from teleterm.model.uri import ClusterUri
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services import own_role, watching
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.resource_messages import ResourceMessages

_HOSTNAME_LABEL = "hostname"
_NAMESPACE = "default"
_TOKEN_BYTES = 16
_TOKEN_LASTS = timedelta(minutes=5)
_JOIN_S = 60.0
_LOOK_AGAIN_S = 0.05


class ThisComputer:
    """Sets up what an agent below `agents` needs, and reads what it has left."""

    def __init__(self, connections: Connections, agents: Path, clock: Clock) -> None:
        self._connections = connections
        self._agents = agents
        self._clock = clock

    def node_name(self, cluster: ClusterUri) -> str:
        """The UUID of the agent's server.

        Raises: Refused (not_found) when there is no agent.
        """
        path = self._agents / cluster.profile / "data" / "host_uuid"
        try:
            name = path.read_text("utf-8").strip()
        except OSError as error:
            raise Refused(
                "This computer is not set up as a server of the cluster.",
                code=ErrorCode.NOT_FOUND,
                details=str(error),
            ) from error
        if not name:
            raise Refused("The agent of this computer has no name.", code=ErrorCode.NOT_FOUND)
        return name

    async def create_role(self, cluster: ClusterUri) -> bool:
        """See to it that the user has a role for this computer, with the login of its user.

        Gives:  whether the login's certificates were issued anew, for a role or login that is new.
        Raises: BadInput for a leaf or a user of a connector; Refused; Unreachable.
        """
        _check_root(cluster)
        async with self._connections.client(cluster) as client:
            if not await own_role.ensure(await client.root_auth(), client.identity.username):
                return False
            # Dropping a request that never was makes the cluster read the user's roles again.
            kept = client.identity.active_requests
            await client.use_requests(tuple(kept), drop=(f"none-{secrets.token_hex(8)}",))
        await self._connections.drop(cluster.profile)
        return True

    async def create_token(self, cluster: ClusterUri) -> str:
        """A token with which a server may join within the next minutes."""
        _check_root(cluster)
        token = types.ProvisionTokenV2(
            Kind="token",
            Version="v2",
            Metadata=types.Metadata(Name=secrets.token_hex(_TOKEN_BYTES), Namespace=_NAMESPACE),
            Spec=types.ProvisionTokenSpecV2(Roles=["Node"], JoinMethod="token"),
        )
        token.Metadata.Expires.FromDatetime((self._clock.now() + _TOKEN_LASTS).astimezone(UTC))
        async with self._connections.auth(cluster) as server:
            await server.call(server.stub.CreateTokenV2, auth.CreateTokenV2Request(V2=token))
        return token.Metadata.Name

    async def wait_for_node(self, cluster: ClusterUri) -> pb.Server:
        """The agent's server, once it has a name and is in the cluster.

        Raises: Unreachable when that takes too long.
        """
        _check_root(cluster)
        try:
            async with asyncio.timeout(_JOIN_S):
                name = await self._name_when_there(cluster)
                async with self._connections.client(cluster) as client:
                    node = await _node_when_there(await client.root_auth(), name)
                    proxy = client.profile.name
        except TimeoutError as error:
            raise Unreachable(
                f"This computer did not join the cluster within {_JOIN_S:g} s.", hint="Try again."
            ) from error
        label = node.Spec.CmdLabels.get(_HOSTNAME_LABEL)
        if label is not None and not label.Result:  # the agent fills it a little later
            label.Result = socket.gethostname()
        return ResourceMessages(cluster=cluster, proxy_host=proxy, logins=()).server(node, ())

    async def delete_node(self, cluster: ClusterUri) -> None:
        """Take the agent's server out of the cluster; one that isn't there is as good."""
        try:
            name = self.node_name(cluster)
            async with self._connections.auth(cluster) as server:
                await server.call(server.stub.DeleteNode, _node_request(name))
        except Refused as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise

    async def _name_when_there(self, cluster: ClusterUri) -> str:
        """The agent writes it when it starts for the first time, and tells nobody."""
        while True:
            with contextlib.suppress(Refused):
                return self.node_name(cluster)
            await asyncio.sleep(_LOOK_AGAIN_S)


async def _node_when_there(server: AuthClient, name: str) -> types.ServerV2:
    """The server of that name, now or as soon as it has joined."""
    stream = watching.events(server, "node")
    try:
        await watching.until_ready(stream)
        try:
            return await server.call(server.stub.GetNode, _node_request(name))
        except Refused as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise
        return (await watching.until_put(stream, "node", name)).Server
    finally:
        await stream.aclose()


def _node_request(name: str) -> types.ResourceInNamespaceRequest:
    return types.ResourceInNamespaceRequest(Name=name, Namespace=_NAMESPACE)


def _check_root(cluster: ClusterUri) -> None:
    if cluster.is_leaf:
        raise BadInput("Connect My Computer works only with root clusters.", field="cluster_uri")
