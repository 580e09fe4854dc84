"""Logging in and out. Source: terminal_service.md 10.3."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable

from teleterm.client import discovery, ssh_agent, sso, version
from teleterm.client.login import LoginResult, Terms, login_local, login_passwordless, logout
from teleterm.client.profile import Profile
from teleterm.client.security_keys import SecurityKeys
from teleterm.model.errors import BadInput, TeletermError, Unreachable
from teleterm.model.secret import Secret
from teleterm.model.uri import ClusterUri
from teleterm.osutil import pages, tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshd.services import web_config
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.headless import HeadlessWatchers
from teleterm.tshd.services.key_talks import QuietKeys, StreamTalk
from teleterm.tshd.services.prompts import WindowPrompts

_log = logging.getLogger("teleterm.tshd.logins")


class Logins:
    """Logs in to root clusters."""

    def __init__(
        self,
        connections: Connections,
        window: Window,
        watchers: HeadlessWatchers,
        keys: SecurityKeys,
        *,
        agent_option: str,
    ) -> None:
        self._connections = connections
        self._window = window
        self._watchers = watchers
        self._keys = keys
        self._agent_option = agent_option

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
        prompts = WindowPrompts(
            self._window, cluster, password=password, keys=QuietKeys(self._keys)
        )
        done = await login_local(
            self._connections.store,
            info,
            user=user,
            prompts=prompts,
            options=self._connections.options,
        )
        await self._finish(done)

    async def sso(self, cluster: ClusterUri, provider_type: str, provider_name: str) -> None:
        """Log in in the browser, which is opened here.

        Raises: BadInput for a connector of another kind; Refused; Unreachable after 180 s.
        """
        profile = await self.begin(cluster)
        options = self._connections.options
        info = await discovery.ping(profile.web_proxy_addr, options, connector=provider_name)
        if info.auth.type != provider_type:
            raise BadInput(
                f"{provider_name} is no connector of the kind {provider_type}.",
                field="provider_type",
                value=provider_type,
            )
        done = await sso.log_in(
            self._connections.store,
            info,
            redirector=sso.Redirector(info.web_addr),
            open_page=self._open_page,
            options=options,
            terms=Terms(connector=provider_name),
        )
        await self._finish(done)

    async def passwordless(
        self, cluster: ClusterUri, requests: AsyncIterator[pb.LoginPasswordlessRequest]
    ) -> AsyncIterator[pb.LoginPasswordlessResponse]:
        """Log in with a security key alone; gives what the window shall show meanwhile.

        Raises: BadInput, Refused (MFA_REFUSED, CANCELLED).
        """
        profile = await self.begin(cluster)
        options = self._connections.options
        info = await discovery.ping(profile.web_proxy_addr, options, connector="passwordless")
        talk = StreamTalk(requests)
        login = tasks.spawn(
            _failure_of(self._with_key_alone(info, talk)),
            name="login without password",
        )
        try:
            async for prompt in _until_done(talk, login):
                yield prompt
        finally:
            login.cancel()
        failure = await login
        if failure is not None:
            raise failure

    async def _with_key_alone(self, info: discovery.ProxyInfo, talk: StreamTalk) -> None:
        done = await login_passwordless(
            self._connections.store,
            info,
            sign=lambda challenge: self._keys.sign(challenge, talk),
            options=self._connections.options,
            terms=Terms(connector="passwordless"),
        )
        await self._finish(done)

    async def _finish(self, done: LoginResult) -> None:
        """What every login ends with: a new connection, and the key in the SSH agent."""
        await self._connections.drop(done.profile.name)
        environ = self._connections.options.environ
        try:
            await ssh_agent.follow_login(
                self._agent_option, environ, self._connections.store, done.profile
            )
        except Unreachable as error:
            _log.warning("%s %s", error.message, error.details)

    async def end(self, cluster: ClusterUri) -> None:
        """Log out: keys and certificates go, the profile stays; no login at all is fine."""
        profile = self._connections.profile(cluster)
        await asyncio.to_thread(logout, self._connections.store, profile.name, profile.user)
        await ssh_agent.follow_logout(
            self._connections.options.environ, proxy_host=profile.name, user=profile.user
        )
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

    def _open_page(self, url: str) -> None:
        _log.info("the browser is asked to open %s", url)
        try:
            pages.open_with_system(url)
        except Unreachable as error:
            _log.warning("no browser was opened: %s", error.message)

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


async def _failure_of(login: Awaitable[object]) -> TeletermError | None:
    try:
        await login
    except TeletermError as error:
        return error
    return None


async def _until_done(
    talk: StreamTalk, login: "asyncio.Task[TeletermError | None]"
) -> AsyncIterator[pb.LoginPasswordlessResponse]:
    """The prompts of a login, as they come, until it ends."""
    while not login.done():
        prompt = tasks.spawn(talk.prompts.get(), name="prompt")
        await asyncio.wait([prompt, login], return_when=asyncio.FIRST_COMPLETED)
        if prompt.done():
            yield prompt.result()
        else:
            prompt.cancel()
