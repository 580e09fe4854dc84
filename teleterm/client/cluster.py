"""A logged-in cluster: its connections, opened when first used, and certificates issued by it."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from teleterm.client.channel import Channel
from teleterm.client.identity import AppRoute, DatabaseRoute, Identity
from teleterm.client.joint import End, abort_all
from teleterm.client.keystore import TrustedCluster
from teleterm.client.net import NetOptions, open_tls
from teleterm.client.profile import Profile
from teleterm.client.store import ProfileStore
from teleterm.client.trust import cluster_context, show_certificate
from teleterm.model.clock import Clock, SystemClock
from teleterm.model.errors import ErrorCode, Refused, Unreachable
from teleterm.wire import alpn

if TYPE_CHECKING:
    # what a command may not need is loaded by what needs it
    from teleterm.client.auth import AuthClient
    from teleterm.client.certs import CertRequest, IssuedCerts, Purpose, Requester
    from teleterm.client.prompts import Prompts
    from teleterm.client.transport import Transport


class ClusterClient:
    """Everything that goes on under one login; use as `async with`.

    The files of the login are read when this is made and when connections open: after another
    login, make a new one. `jump` is the proxy that leads to servers, if not the login's own;
    `transport_cluster` is whose proxy that is, once it was reached.
    """

    def __init__(
        self,
        store: ProfileStore,
        profile: Profile,
        options: NetOptions,
        *,
        prompts: "Prompts | None" = None,
        clock: Clock | None = None,
        jump: str = "",
    ) -> None:
        self.store = store
        self._jump = jump
        self.transport_cluster = ""
        self.profile = profile
        self.options = options
        self.prompts: Prompts = _nobody() if prompts is None else prompts
        self.identity: Identity = store.identity(profile)
        self._clock = clock or SystemClock()
        self._auths: dict[str, AuthClient] = {}
        self._transport: Transport | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> "ClusterClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def root(self) -> str:
        """The name of the root cluster."""
        return self.identity.cluster

    @property
    def cluster(self) -> str:
        """The name of the selected cluster: the root or a leaf."""
        chosen = self.profile.cluster
        return self.root if chosen in {"", self.profile.name} else chosen

    async def close(self) -> None:
        """Close all connections."""
        for client in self._auths.values():
            await client.close()
        self._auths.clear()
        if self._transport is not None:
            await self._transport.close()
            self._transport = None

    def check_login(self) -> None:
        """Make sure the login still lasts.

        Raises: Refused (NEEDS_LOGIN).
        """
        if self.identity.is_expired(self._clock.now()):
            ended = self.identity.valid_until.astimezone().strftime("%H:%M")
            raise Refused(
                f"Your login on {self.profile.name} ended at {ended}.",
                code=ErrorCode.NEEDS_LOGIN,
                hint="Log in to go on.",
            )

    # ---- connections ----

    async def auth(self, cluster: str = "") -> "AuthClient":
        """The auth API of a cluster; the selected one if not named.

        Raises: Refused (NEEDS_LOGIN), Unreachable.
        """
        name = cluster or self.cluster
        self.check_login()
        async with self._opening:
            return await self._auth(name)

    async def root_auth(self) -> "AuthClient":
        """The auth API of the root cluster."""
        return await self.auth(self.root)

    async def transport(self) -> "Transport":
        """The proxy's transport service."""
        self.check_login()
        async with self._opening:
            return await self._open_transport()

    async def _auth(self, name: str) -> "AuthClient":
        client = self._auths.get(name)
        if client is None:
            if name != self.root and not self.authorities_of(name):
                await self._fetch_authorities(await self._auth(self.root))
                if not self.authorities_of(name):
                    raise Refused(
                        f"There is no cluster {name} behind {self.root}.",
                        code=ErrorCode.NOT_FOUND,
                        hint="See what is: tsh clusters",
                    )
            dial = await self._auth_dial(name)
            channel = Channel(dial, alpn.encode_cluster(self.root))
            await channel.open()
            from teleterm.client.auth import AuthClient

            client = self._auths[name] = AuthClient(channel, name)
        return client

    async def _auth_dial(self, name: str) -> Callable[[], Awaitable[End]]:
        if self.profile.tls_routing_enabled:
            return lambda: self._dial_auth(name)
        transport = await self._open_transport()

        async def through_transport() -> End:
            context = self._context([name], [alpn.HTTP_2])
            _, end = await asyncio.get_running_loop().create_connection(
                End,
                sock=await transport.proxy_cluster(name),
                ssl=context,
                server_hostname=alpn.encode_cluster(self.root),
            )
            return end

        return through_transport

    async def _dial_auth(self, name: str) -> End:
        """Raises: Unreachable that names the leaf, when it isn't the proxy that is gone."""
        try:
            protocols = [alpn.auth(name), alpn.HTTP_2]
            return await self._dial(self.profile.web_proxy_addr, [name], protocols)
        except Unreachable as error:
            if name == self.root or isinstance(error.__cause__, TimeoutError):
                raise
            await abort_all([await self._dial_auth(self.root)])
            raise Unreachable(
                f"{name} is not connected to {self.root} right now.",
                hint="See what is: tsh clusters",
                details=error.details,
            ) from error

    async def _open_transport(self) -> "Transport":
        if self._transport is None:
            profile = self.profile
            address = profile.web_proxy_addr
            if not profile.tls_routing_enabled:
                address = profile.ssh_proxy_addr
            names = list(dict.fromkeys([self.root, self.cluster]))
            if self._jump:
                address, names = self._jump, [known.name for known in self.authorities()]
            protocols = [alpn.PROXY_SSH_GRPC, alpn.HTTP_2]
            channel = Channel(
                lambda: self._dial(address, names, protocols), alpn.encode_cluster(self.root)
            )
            await channel.open()
            from teleterm.client.transport import Transport

            self._transport = Transport(channel, self.root)
        return self._transport

    def _note_issuer(self, end: End) -> None:
        """Keep the name of the cluster whose certificate was shown."""
        shown: object = end.transport.get_extra_info("peercert")
        issuer = shown.get("issuer", ()) if isinstance(shown, dict) else ()
        for part in issuer:
            for name, value in part:
                if name == "organizationName":
                    self.transport_cluster = str(value)

    async def dial_proxy(self, protocols: list[str]) -> End:
        """A connection to the web port of the proxy, the login's certificate shown.

        Raises: Refused (NEEDS_LOGIN), Unreachable.
        """
        self.check_login()
        return await self._dial(self.profile.web_proxy_addr, [self.root], protocols)

    async def _dial(self, address: str, trusted: list[str], protocols: list[str]) -> End:
        try:
            _, end = await open_tls(
                End,
                address,
                self.options,
                context=self._context(trusted, protocols),
                server_name=alpn.encode_cluster(self.root),
                upgraded=self.profile.tls_routing_conn_upgrade_required,
            )
        except Refused as error:
            if error.code is not ErrorCode.UNTRUSTED:
                raise
            raise Refused(
                f"What answers at {address} is not the cluster {trusted[0]} you logged in to: "
                "its authority is another one.",
                code=ErrorCode.UNTRUSTED,
                hint="If the cluster was set up anew, log out and in again.",
                details=error.details,
            ) from error
        if address == self._jump:
            self._note_issuer(end)
        return end

    def _context(self, trusted: list[str], protocols: list[str]) -> ssl.SSLContext:
        pems = [pem for name in trusted for pem in self.authorities_of(name)]
        context = cluster_context(pems, protocols, cluster=trusted[0])
        key, certificate = self.store.keys.tls_pair(self.profile.name, self.profile.user)
        show_certificate(context, key, certificate)
        return context

    def authorities_of(self, name: str) -> tuple[bytes, ...]:
        """The TLS authorities of a cluster, as PEM; none for one that isn't known yet."""
        for cluster in self.authorities():
            if cluster.name == name:
                return cluster.tls_pems
        return ()

    def authorities(self) -> list[TrustedCluster]:
        """The authorities of all clusters known through this proxy."""
        return self.store.keys.authorities(self.profile.name)

    def root_authorities(self) -> tuple[bytes, ...]:
        """The TLS authorities of the root cluster, as PEM."""
        return self.authorities_of(self.root)

    async def refresh_authorities(self) -> list[TrustedCluster]:
        """Fetch the authorities of the root and all leaves, and save them."""
        return await self._fetch_authorities(await self.root_auth())

    async def _fetch_authorities(self, root: "AuthClient") -> list[TrustedCluster]:
        found = [
            TrustedCluster(
                name=ca.Spec.ClusterName,
                tls_pems=tuple(
                    pair.Cert
                    for keys in (ca.Spec.ActiveKeys, ca.Spec.AdditionalTrustedKeys)
                    for pair in keys.TLS
                ),
                ssh_keys=tuple(
                    pair.PublicKey.decode("utf-8", "replace").strip()
                    for keys in (ca.Spec.ActiveKeys, ca.Spec.AdditionalTrustedKeys)
                    for pair in keys.SSH
                ),
            )
            for ca in await root.authorities("host")
        ]
        await asyncio.to_thread(self.store.keys.write_authorities, self.profile.name, found)
        return found

    # ---- certificates ----

    async def issue(self, request: "CertRequest") -> "IssuedCerts":
        """Have certificates issued; the person is asked for a second factor if one is needed.

        Raises: Refused (MFA_REFUSED, DENIED, NEEDS_LOGIN), network errors.
        """
        from teleterm.client import issuing

        return await issuing.issue(self, request)

    async def issue_database(
        self, route: DatabaseRoute, *, cluster: str = "", save: bool = False, tunnel: bool = False
    ) -> "IssuedCerts":
        """A certificate for a database; `tunnel` when a local proxy will use it."""
        from teleterm.client.certs import ForDatabase, Requester

        requester = Requester.DATABASE_TUNNEL if tunnel else Requester.NOBODY
        purpose = ForDatabase(route=route)
        return await self._issue_for(purpose, cluster, requester, save=save)

    async def issue_app(
        self, route: AppRoute, *, cluster: str = "", save: bool = False, proxy: bool = False
    ) -> "IssuedCerts":
        """A certificate for an application; `proxy` when a local proxy will use it."""
        from teleterm.client.certs import ForApp, Requester

        requester = Requester.APP_PROXY if proxy else Requester.NOBODY
        return await self._issue_for(ForApp(route=route), cluster, requester, save=save)

    async def issue_kube(
        self, name: str, *, cluster: str = "", save: bool = False, proxy: bool = False
    ) -> "IssuedCerts":
        """A certificate for a Kubernetes cluster; `proxy` when a local proxy will use it."""
        from teleterm.client.certs import ForKube, Requester

        requester = Requester.KUBE_PROXY if proxy else Requester.NOBODY
        return await self._issue_for(ForKube(name=name), cluster, requester, save=save)

    async def _issue_for(
        self, purpose: "Purpose", cluster: str, requester: "Requester", *, save: bool
    ) -> "IssuedCerts":
        from teleterm.client import issuing
        from teleterm.client.certs import CertRequest

        name = cluster or self.cluster
        request = CertRequest(purpose=purpose, cluster=name, requester=requester)
        issued = await issuing.issue(self, request)
        if save:
            await asyncio.to_thread(issuing.save, self, request, issued)
        return issued

    async def use_cluster(self, name: str) -> Profile:
        """Select a cluster: its SSH certificate is fetched and the profile saved.

        Raises: Refused (NOT_FOUND) when there is no such leaf.
        """
        from teleterm.client import issuing

        return await issuing.use_cluster(self, name)

    async def use_requests(self, assume: tuple[str, ...], *, drop: tuple[str, ...] = ()) -> None:
        """Take access requests into the login's certificates, or out; `("*",)` drops all.

        The connections are opened anew when next used, and `identity` is read again.
        """
        from teleterm.client import issuing

        await issuing.use_requests(self, assume, drop)


def _nobody() -> "Prompts":
    from teleterm.client.prompts import NoPrompts

    return NoPrompts()
