"""What every command needs: the profile it is about, the ways to reach the cluster, the prompts."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from teleterm.client.profile import Profile, split_address
from teleterm.client.store import ProfileStore
from teleterm.model.clock import Clock, SystemClock
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.discovery import ProxyInfo
    from teleterm.client.net import NetOptions
    from teleterm.tsh.prompts import TerminalPrompts

T = TypeVar("T")
NO_PROXY = "No proxy address specified, missed --proxy flag?"


class Context:
    """One run of one command."""

    def __init__(self, parsed: Parsed, *, environ: Mapping[str, str], clock: Clock) -> None:
        self.parsed = parsed
        self.environ = environ
        self.clock = clock
        self.store = ProfileStore(ProfileStore.default_home(environ), clock=clock)

    @property
    def cluster(self) -> str:
        """The cluster named on the command line or by the environment; empty: the profile's."""
        return (
            self.parsed.text("cluster")
            or self.environ.get("TELEPORT_CLUSTER", "")
            or self.environ.get("TELEPORT_SITE", "")
        )

    @property
    def proxy(self) -> str:
        """What `--proxy` or the environment says, without a scheme and the old SSH port."""
        return self.parsed.text("proxy").removeprefix("https://").split(",")[0].rstrip("/")

    @property
    def user(self) -> str:
        """The Teleport user named; empty: the profile's."""
        return self.parsed.text("user")

    def net(self) -> "NetOptions":
        """How connections are made."""
        from teleterm.client.net import NetOptions

        return NetOptions(insecure=self.parsed.is_on("insecure"), environ=dict(self.environ))

    def prompts(self) -> "TerminalPrompts":
        """The person at the terminal."""
        from teleterm.tsh.prompts import TerminalPrompts

        return TerminalPrompts(mfa_mode=self.parsed.text("mfa-mode") or "auto")

    def known_profile(self) -> Profile | None:
        """The profile the command line is about, if there is one.

        Raises: BadInput when its file is damaged.
        """
        try:
            return self.store.load(self.proxy)
        except Refused as error:
            if error.needs_login:
                return None
            raise

    def profile(self) -> Profile:
        """That profile, the cluster named on the command line selected in it.

        Raises: Refused when there is none.
        """
        profile = self.known_profile()
        if profile is None and not self.proxy:
            raise Refused(NO_PROXY, code=ErrorCode.NOT_FOUND)
        if profile is None or (self.user and self.user != profile.user):
            raise Refused("You are not logged in.", code=ErrorCode.NEEDS_LOGIN)
        return replace(profile, cluster=self.cluster) if self.cluster else profile

    async def login(self) -> None:
        """Log in on the proxy that the command line, or else the current profile, names."""
        from teleterm.client.login import login_local

        known = self.known_profile()
        info = await self.discover(known)
        user = self.user or (known.user if known else "") or local_user()
        prompts = self.prompts()
        try:
            await login_local(
                self.store,
                info,
                user=user,
                prompts=prompts,
                options=self.net(),
                ttl_s=self.parsed.number("ttl") * 60,
            )
        except Refused as error:
            if error.code is not ErrorCode.WRONG_CREDENTIALS:
                raise
            factor = "invalid username, password or second factor"
            message = factor if prompts.has_asked_mfa else "invalid credentials"
            raise Refused(message, code=error.code, details=error.details) from error

    async def discover(self, known: Profile | None) -> "ProxyInfo":
        """Ask the proxy about itself. A bare host means the address its profile has."""
        from teleterm.client.discovery import find_proxy

        address = self.proxy
        if known is not None and (not address or not split_address(address)[1]):
            address = known.web_proxy_addr
        if not address:
            raise Refused(NO_PROXY, code=ErrorCode.NOT_FOUND)
        return await find_proxy(address, self.net())

    async def with_cluster(self, work: Callable[["ClusterClient"], Awaitable[T]]) -> T:
        """Do something with the cluster; when the login has ended, log in and do it again."""
        try:
            return await self._once(work)
        except TeletermError as error:
            if not error.needs_login or not self._may_log_in():
                raise
        await self.login()
        return await self._once(work)

    async def on_files(self, work: Callable[["ClusterClient"], Awaitable[T]]) -> T:
        """Do something with the files of the login only; it may have ended."""
        return await self._once(work)

    async def _once(self, work: Callable[["ClusterClient"], Awaitable[T]]) -> T:
        from teleterm.client.cluster import ClusterClient

        profile = self.profile()
        async with ClusterClient(
            self.store, profile, self.net(), prompts=self.prompts(), clock=self.clock
        ) as client:
            return await work(client)

    def _may_log_in(self) -> bool:
        relogin = self.parsed.switches.get("relogin", True)
        return relogin and sys.stdin.isatty()


def start(parsed: Parsed) -> Context:
    """The context of this process.

    Raises: Refused for what is accepted by the official program and isn't here, rather than
            acting as somebody else than the person meant.
    """
    if parsed.text("identity"):
        raise Refused(
            "Identity files (-i, TELEPORT_IDENTITY_FILE) are not supported yet.",
            code=ErrorCode.NOT_IMPLEMENTED,
            hint="Log in with tsh login.",
        )
    return Context(parsed, environ=os.environ, clock=SystemClock())


def local_user() -> str:
    """Who is logged in on this computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def wait(work: Awaitable[T]) -> T:
    """Run the asynchronous part of a command."""

    async def whole() -> T:
        return await work

    return asyncio.run(whole())
