"""What every command needs: the profile it is about, the ways to reach the cluster, the prompts."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from teleterm.client.profile import Profile, join_address, split_address
from teleterm.client.store import ProfileStore
from teleterm.model.clock import Clock, SystemClock
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.tsh import flag_checks
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.discovery import ProxyInfo
    from teleterm.client.net import NetOptions
    from teleterm.client.prompts import MfaAnswer, MfaChallenge
    from teleterm.model.secret import Secret
    from teleterm.tsh.prompts import TerminalPrompts

T = TypeVar("T")
_JUMP_PORT = 3023
NO_PROXY = "No proxy address specified, missed --proxy flag?"


class LatePrompts:
    """The person at the terminal; the ways to ask are loaded when there is something to ask."""

    def __init__(self, make: Callable[[], "TerminalPrompts"]) -> None:
        self._make = make

    async def password(self, user: str) -> "Secret[str]":
        """Ask for the password of `user`."""
        return await self._make().password(user)

    async def mfa(self, challenge: "MfaChallenge") -> "MfaAnswer":
        """Ask for a second factor."""
        return await self._make().mfa(challenge)


class Context:
    """One run of one command."""

    def __init__(self, parsed: Parsed, *, environ: Mapping[str, str], clock: Clock) -> None:
        self.parsed = parsed
        self.environ = environ
        self.clock = clock
        self.store = ProfileStore(ProfileStore.default_home(environ), clock=clock)
        self.is_passing = False
        """Whether the store ends with this program: nothing of it may go elsewhere."""

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
    def jump(self) -> str:
        """The address of the proxy that `-J` names; empty: the login's own.

        Raises: BadInput for several.
        """
        hosts = [one for one in self.parsed.text("jumphost").split(",") if one.strip()]
        if len(hosts) > 1:
            raise BadInput(f"only one jump host is supported, got {len(hosts)}", field="jumphost")
        if not hosts:
            return ""
        host, port = split_address(hosts[0].strip().rpartition("@")[2])
        return join_address(host, port or _JUMP_PORT)

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

    async def login(self, *, cluster: str = "") -> None:
        """Log in on the proxy that the command line, or else the current profile, names."""
        known = self.known_profile()
        await self.log_in(await self.discover(known), known, cluster=cluster)

    async def log_in(
        self,
        info: "ProxyInfo",
        known: Profile | None,
        *,
        cluster: str = "",
        is_single_key: bool = False,
    ) -> None:
        """Log in on a proxy that was asked about itself, and put the key where it is wanted."""
        from teleterm.client.login import Terms
        from teleterm.tsh import logins

        terms = Terms(
            ttl_s=self.parsed.number("ttl") * 60,
            cluster=cluster,
            connector=self.connector or (known.auth_connector if known else ""),
            is_single_key=is_single_key,
        )
        user = self.user or (known.user if known else "") or local_user()
        done = await logins.log_in(self, self.store, info, user=user, terms=terms)
        await self._tell_agent(done.profile)

    @property
    def connector(self) -> str:
        """How the command line wants to log in; empty leaves it to the profile or the cluster.

        Raises: BadInput when it says so twice, differently.
        """
        named = self.parsed.text("auth")
        if self.parsed.is_on("headless"):
            if named not in {"", "headless"}:
                raise BadInput(
                    "either --headless or --auth can be specified, not both", field="auth"
                )
            return "headless"
        return named

    async def _tell_agent(self, profile: Profile) -> None:
        """Give a fresh key to the SSH agent, if that is wanted and there is one."""
        option = self.parsed.text("add-keys-to-agent")
        if self.is_passing or option == "no" or not self.environ.get("SSH_AUTH_SOCK"):
            return
        from teleterm.client import ssh_agent

        await ssh_agent.follow_login(option, self.environ, self.store, profile)

    async def discover(self, known: Profile | None) -> "ProxyInfo":
        """Ask the proxy about itself. A bare host means the address its profile has."""
        from teleterm.client.discovery import find_proxy

        address = self.proxy
        if known is not None and (not address or not split_address(address)[1]):
            address = known.web_proxy_addr
        if not address:
            raise Refused(NO_PROXY, code=ErrorCode.NOT_FOUND)
        info = await find_proxy(address, self.net())
        warning = info.version_warning()
        if warning and not self.parsed.is_on("skip-version-check"):
            from teleterm.tsh.render import plain

            sys.stderr.write(f"\x1b[33mWARNING\x1b[0m: {plain.cell(warning)}\n")
        return info

    async def with_cluster(self, work: Callable[["ClusterClient"], Awaitable[T]]) -> T:
        """Do something with the cluster; when the login has ended, log in and do it again."""
        if self.connector == "headless" and self.is_passing:
            await self.login(cluster=self.cluster)
            return await self._once(work)
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
            self.store,
            profile,
            self.net(),
            prompts=LatePrompts(self.prompts),
            clock=self.clock,
            jump=self.jump,
        ) as client:
            return await work(client)

    def _may_log_in(self) -> bool:
        if self.is_passing:
            return False
        relogin = self.parsed.switches.get("relogin", True)
        return relogin and sys.stdin.isatty()


def start(parsed: Parsed) -> Context:
    """The context of this process.

    Raises: BadInput for flags that don't fit, or an identity file that can't be used.
    """
    context = Context(parsed, environ=os.environ, clock=SystemClock())
    if parsed.text("add-keys-to-agent") not in {"auto", "no"}:
        from teleterm.client import ssh_agent

        ssh_agent.check_option(parsed.text("add-keys-to-agent"))
    flag_checks.check(parsed, is_headless=context.connector == "headless")
    if parsed.text("identity") or context.connector == "headless":
        from teleterm.tsh import passing

        passing.prepare(context)
    return context


def local_user() -> str:
    """Who is logged in on this computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def wait(work: Awaitable[T]) -> T:
    """Run the asynchronous part of a command.

    Libraries log what they make of a peer's nonsense, with traces: nobody sees it without --debug.
    """
    import logging

    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())

    async def whole() -> T:
        return await work

    return asyncio.run(whole())
