"""Clusters: known ones from the profile folder, their leaves and details from the network.

Source: terminal_service.md 10.1, 10.2.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from teleterm.client import discovery
from teleterm.client.auth import AuthClient
from teleterm.client.identity import Identity
from teleterm.client.login import logout
from teleterm.client.net import NetOptions
from teleterm.client.profile import Profile
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.model.uri import ClusterUri
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import trusted_device_requirement_pb2 as requirement
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services import acl, cluster_settings, web_config
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.groups import first_error

_log = logging.getLogger("teleterm.tshd.clusters")
_ONLINE = "online"
_DEVICE_NEEDED = requirement.TRUSTED_DEVICE_REQUIREMENT_REQUIRED
_DEVICE_NOT_NEEDED = requirement.TRUSTED_DEVICE_REQUIREMENT_NOT_REQUIRED
_DEVICE_EXTENSIONS = {
    "teleport-device-id",
    "teleport-device-asset-tag",
    "teleport-device-credential-id",
}


class Clusters:
    """The clusters of one profile folder; every call reads the folder anew."""

    def __init__(self, connections: Connections, clock: Clock) -> None:
        self._connections = connections
        self._store = connections.store
        self._clock = clock

    def roots(self) -> list[pb.Cluster]:
        """All root clusters; a damaged profile is left out and named in the log."""
        found = self._store.profiles()
        for error in found.damaged:
            _log.warning("%s", error.message)
        return [self.from_disk(profile) for profile in found.profiles]

    def from_disk(self, profile: Profile) -> pb.Cluster:
        """What the profile folder alone says of a cluster."""
        message = pb.Cluster(
            uri=str(ClusterUri(profile=profile.name)),
            sso_host=profile.sso_host,
            logged_in_user=pb.LoggedInUser(),
        )
        if not profile.user:
            return message
        try:
            identity = self._store.identity(profile)
        except Refused as error:
            if error.details:
                message.profile_status_error = error.message
            return message
        except TeletermError as error:
            message.profile_status_error = error.message
            return message
        message.name = identity.cluster
        message.proxy_host = profile.web_proxy_addr
        message.connected = not identity.is_expired(self._clock.now())
        message.logged_in_user.CopyFrom(_user_from_disk(identity))
        return message

    async def leaves(self, cluster: ClusterUri) -> list[pb.Cluster]:
        """The leaves of a root cluster; a leaf has none."""
        self._connections.profile(cluster)
        if cluster.is_leaf:
            return []
        async with self._connections.client(cluster) as client:
            root = await client.root_auth()
            found = await root.remote_clusters()
            user = pb.LoggedInUser(
                name=client.identity.username, roles=sorted(client.identity.roles)
            )
        return [
            pb.Cluster(
                uri=str(ClusterUri(profile=cluster.profile, leaf=one.Metadata.Name)),
                name=one.Metadata.Name,
                leaf=True,
                connected=one.Status.Connection == _ONLINE,
                logged_in_user=user,
            )
            for one in found
        ]

    async def add(self, address: str) -> pb.Cluster:
        """Make a profile for a proxy; one that is there already is given as it is.

        Raises: BadInput for an empty address; network errors.
        """
        if not address:
            raise BadInput("the cluster's address is missing", field="name")
        host, _ = discovery.parse_address(address)
        try:
            return self.from_disk(self._connections.profile(ClusterUri(profile=host)))
        except Refused as error:
            if error.code is not ErrorCode.NOT_FOUND:
                raise
        info = await discovery.find_proxy(address, self._connections.options)
        profile = info.profile(None, user="")
        with contextlib.suppress(Refused):  # another name of a proxy that is known: its login stays
            return self.from_disk(self._store.load(profile.name))
        await asyncio.to_thread(self._store.save, profile)
        message = self.from_disk(profile)
        message.name = info.cluster_name
        return message

    async def remove(self, cluster: ClusterUri) -> None:
        """Forget a cluster; a login that still holds is ended first."""
        profile = self._connections.profile(cluster)
        if self.from_disk(profile).connected:
            await asyncio.to_thread(logout, self._store, profile.name, profile.user)
            await asyncio.to_thread(self._connections.forget_kube, profile)
        await asyncio.to_thread(self._store.remove, profile.name)
        await self._connections.drop(profile.name)

    async def details(self, cluster: ClusterUri) -> pb.Cluster:
        """A cluster with what its proxy and auth service say."""
        profile = self._connections.profile(cluster)
        options = self._connections.options
        async with self._connections.client(cluster) as client:
            server = await client.auth(cluster.leaf or client.root)
            try:
                found = await _ask(profile, options, server)
            except BaseExceptionGroup as group:
                raise first_error(group) from group
        message = self.from_disk(profile)
        if cluster.is_leaf:
            message.uri = str(cluster)
            message.name = cluster.leaf
        message.proxy_version = found.proxy.server_version
        message.auth_cluster_id = found.settings.cluster_id
        message.features.CopyFrom(_features(found.ping))
        message.show_resources = _shown(found.config.show_resources)
        _fill_user(message.logged_in_user, found)
        return message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What proxy and auth service said about a cluster and the user."""

    config: web_config.WebConfig
    proxy: discovery.ProxyInfo
    ping: auth.PingResponse
    settings: cluster_settings.ClusterSettings
    access: types.AccessCapabilities
    user: types.UserV2
    roles: list[types.RoleV6]


async def _ask(profile: Profile, options: NetOptions, server: AuthClient) -> _Answers:
    """Ask everything at once; the first failure cancels the rest."""
    async with asyncio.TaskGroup() as group:
        config = group.create_task(web_config.fetch(profile.web_proxy_addr, options))
        proxy = group.create_task(discovery.ping(profile.web_proxy_addr, options))
        ping = group.create_task(server.ping())
        settings = group.create_task(cluster_settings.fetch(server))
        access = group.create_task(
            server.access_capabilities(requestable_roles=True, suggested_reviewers=True)
        )
        user = group.create_task(server.current_user())
        roles = group.create_task(server.current_roles())
    return _Answers(
        config=config.result(),
        proxy=proxy.result(),
        ping=ping.result(),
        settings=settings.result(),
        access=access.result(),
        user=user.result(),
        roles=roles.result(),
    )


def _user_from_disk(identity: Identity) -> pb.LoggedInUser:
    return pb.LoggedInUser(
        name=identity.username,
        roles=sorted(identity.roles),
        active_requests=identity.active_requests,
        is_device_trusted=set(identity.extensions) >= _DEVICE_EXTENSIONS,
    )


def _fill_user(message: pb.LoggedInUser, found: _Answers) -> None:
    message.acl.CopyFrom(acl.of(found.roles))
    message.requestable_roles.extend(found.access.RequestableRoles)
    message.suggested_reviewers.extend(found.access.SuggestedReviewers)
    spec = found.user.Spec
    is_sso = bool(
        spec.CreatedBy.HasField("Connector")
        or spec.OIDCIdentities
        or spec.SAMLIdentities
        or spec.GithubIdentities
    )
    message.user_type = pb.LoggedInUser.USER_TYPE_SSO if is_sso else pb.LoggedInUser.USER_TYPE_LOCAL
    message.trusted_device_requirement = (
        _DEVICE_NEEDED
        if acl.needs_device(found.roles, found.settings.device_trust_mode)
        else _DEVICE_NOT_NEEDED
    )


def _features(ping: auth.PingResponse) -> pb.Features:
    return pb.Features(
        advanced_access_workflows=ping.ServerFeatures.AdvancedAccessWorkflows,
        is_usage_based_billing=ping.ServerFeatures.IsUsageBased,
    )


def _shown(setting: str) -> "pb.ShowResources.ValueType":
    if setting == "accessible_only":
        return pb.SHOW_RESOURCES_ACCESSIBLE_ONLY
    return pb.SHOW_RESOURCES_REQUESTABLE
