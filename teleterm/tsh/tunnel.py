"""A local port that leads to a database or an application, its certificate renewed in time."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from teleterm.client.identity import AppRoute, DatabaseRoute
from teleterm.model.errors import TeletermError
from teleterm.tsh import fatal

if TYPE_CHECKING:
    from teleterm.client.alpn_proxy import ClientCert, LocalProxy
    from teleterm.client.certs import IssuedCerts
    from teleterm.client.cluster import ClusterClient
    from teleterm.model.clock import Clock

Issue = Callable[[], Awaitable["IssuedCerts"]]
Keep = Callable[["IssuedCerts"], None]


class Certificates:
    """A certificate, issued when it is needed; `keep` gets those that may be kept in files."""

    def __init__(self, issue: Issue, clock: "Clock", *, keep: Keep | None = None) -> None:
        self._issue = issue
        self._clock = clock
        self._keep = keep
        self._issued: IssuedCerts | None = None
        self._asking = asyncio.Lock()

    async def get(self) -> "ClientCert":
        """One that is valid now; many connections at the same time wait for one and the same."""
        from teleterm.client.alpn_proxy import ClientCert

        async with self._asking:
            issued = self._issued
            if issued is None or not issued.lasts(self._clock.now()):
                issued = await self._issue()
                self._issued = issued
                if self._keep is not None and not issued.mfa_verified:
                    self._keep(issued)
        return ClientCert(key=issued.key, certificate=issued.tls_certificate)


class Complaints:
    """Says on standard error why a local connection was closed."""

    def opened(self, number: int) -> None:
        """Nothing to say."""

    def closed(self, number: int, *, up: int, down: int) -> None:
        """Nothing to say."""

    def failed(self, error: TeletermError) -> None:
        """Say it."""
        fatal.show(fatal.words(error), stream=sys.stderr)


def make(
    client: "ClusterClient",
    route: DatabaseRoute,
    clock: "Clock",
    *,
    authenticated: bool,
    keeps: bool = False,
    mysql_version: str = "",
) -> "LocalProxy":
    """The proxy to a database, not yet listening.

    Without `authenticated` the client shows its certificate itself. `mysql_version` is what the
    proxy shall say in its greeting.
    """
    from teleterm.client.alpn_proxy import LocalProxy, database_target

    target = database_target(
        client.profile,
        route.protocol,
        client.options,
        mysql_version=mysql_version,
        authorities=client.root_authorities(),
    )

    async def issue() -> "IssuedCerts":
        return await client.issue_database(route, tunnel=True)

    def keep(issued: "IssuedCerts") -> None:
        from teleterm.client import issuing
        from teleterm.client.certs import CertRequest, ForDatabase

        purpose = ForDatabase(route=route)
        issuing.save(client, CertRequest(purpose=purpose, cluster=client.cluster), issued)

    certificates = Certificates(issue, clock, keep=keep if keeps else None)

    async def nothing() -> None:
        return None

    before = certificates.get if authenticated else nothing
    return LocalProxy(target, before=before, events=Complaints())


def make_app(
    client: "ClusterClient", route: AppRoute, clock: "Clock", *, is_tcp: bool
) -> "LocalProxy":
    """The proxy to an application, not yet listening."""
    from teleterm.client.alpn_proxy import LocalProxy, http_app_target, tcp_app_target

    make_target = tcp_app_target if is_tcp else http_app_target

    async def issue() -> "IssuedCerts":
        return await client.issue_app(route, proxy=True)

    certificates = Certificates(issue, clock)
    target = make_target(client.profile, client.options, client.root_authorities())
    return LocalProxy(target, before=certificates.get, events=Complaints())
