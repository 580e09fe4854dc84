"""Logging in and out. Source: terminal_service.md 10.3."""

import asyncio
import logging

from teleterm.client import discovery, version
from teleterm.client.login import login_local, logout
from teleterm.client.profile import Profile
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.secret import Secret
from teleterm.model.uri import ClusterUri
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshd.services import web_config
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.headless import HeadlessWatchers
from teleterm.tshd.services.prompts import WindowPrompts

_log = logging.getLogger("teleterm.tshd.logins")


class Logins:
    """Logs in to root clusters."""

    def __init__(
        self, connections: Connections, window: Window, watchers: HeadlessWatchers
    ) -> None:
        self._connections = connections
        self._window = window
        self._watchers = watchers

    async def settings(self, cluster: ClusterUri) -> pb.AuthSettings:
        """How one may log in; the profile learns the proxy's present addresses."""
        profile = self._connections.profile(cluster)
        options = self._connections.options
        info = await discovery.ping(profile.web_proxy_addr, options)
        await asyncio.to_thread(self._refresh, profile, info)
        config = await web_config.fetch(profile.web_proxy_addr, options)
        oldest = info.min_client_version.partition("-")[0]
        return pb.AuthSettings(
            local_auth_enabled=config.is_local_enabled,
            auth_type=config.auth_type,
            allow_passwordless=config.is_passwordless_allowed,
            local_connector_name=config.local_connector_name,
            auth_providers=[
                pb.AuthProvider(type=one.type, name=one.name, display_name=one.display_name)
                for one in config.providers
            ],
            versions=pb.Versions(
                min_client=oldest, client=version.CLIENT_VERSION, server=info.server_version
            ),
            client_version_status=_status(info),
        )

    async def local(self, cluster: ClusterUri, user: str, password: Secret[str]) -> None:
        """Log in with a password; a second factor is asked for in the window.

        Raises: BadInput when `cluster` is a leaf or something is missing; Refused.
        """
        profile = await self.begin(cluster)
        info = await discovery.ping(profile.web_proxy_addr, self._connections.options)
        prompts = WindowPrompts(self._window, cluster, password=password)
        await login_local(
            self._connections.store,
            info,
            user=user,
            prompts=prompts,
            options=self._connections.options,
        )
        await self._connections.drop(profile.name)

    async def sso(self, cluster: ClusterUri, provider_type: str, provider_name: str) -> None:
        """Log in in the browser.

        Raises: Refused (not_implemented): this daemon can't yet.
        """
        await self.begin(cluster)
        raise Refused(
            f"Logging in by {provider_name or provider_type} is not possible here yet.",
            code=ErrorCode.NOT_IMPLEMENTED,
        )

    async def end(self, cluster: ClusterUri) -> None:
        """Log out: keys and certificates go, the profile stays; no login at all is fine."""
        profile = self._connections.profile(cluster)
        await asyncio.to_thread(logout, self._connections.store, profile.name, profile.user)
        await asyncio.to_thread(self._connections.forget_kube, profile)
        await self._watchers.stop(str(cluster))
        await self._connections.drop(profile.name)

    async def begin(self, cluster: ClusterUri) -> Profile:
        """What every login starts with: the connections of the old one are forgotten.

        Raises: BadInput when it is no root cluster; Refused (not_found).
        """
        profile = self._connections.profile(cluster)
        if cluster.is_leaf:
            raise BadInput(
                "cluster URI must be a root URI", field="cluster_uri", value=str(cluster)
            )
        await self._connections.drop(profile.name)
        return profile

    def _refresh(self, profile: Profile, info: discovery.ProxyInfo) -> None:
        renewed = info.profile(profile, user=profile.user)
        if renewed != profile:
            self._connections.store.save(renewed)


def _status(info: discovery.ProxyInfo) -> "pb.ClientVersionStatus.ValueType":
    """Whether this program and the proxy fit."""
    ours, server = version.key(version.CLIENT_VERSION), version.key(info.server_version)
    if info.min_client_version and ours < version.key(info.min_client_version):
        return pb.CLIENT_VERSION_STATUS_TOO_OLD
    if server[0] and ours[0] > server[0]:
        return pb.CLIENT_VERSION_STATUS_TOO_NEW
    return pb.CLIENT_VERSION_STATUS_OK
