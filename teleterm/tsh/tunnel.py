"""A local port that leads to a database, with its certificate renewed in time."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from teleterm.client.identity import DatabaseRoute
from teleterm.model.errors import TeletermError
from teleterm.tsh import fatal

if TYPE_CHECKING:
    from teleterm.client.alpn_proxy import ClientCert, LocalProxy
    from teleterm.client.certs import IssuedCerts
    from teleterm.client.cluster import ClusterClient
    from teleterm.model.clock import Clock


class Certificates:
    """The certificate for one route, issued when needed; in the files only when `keeps`."""

    def __init__(
        self, client: "ClusterClient", route: DatabaseRoute, clock: "Clock", *, keeps: bool
    ) -> None:
        self._client = client
        self._route = route
        self._clock = clock
        self._keeps = keeps
        self._issued: IssuedCerts | None = None

    async def get(self) -> "ClientCert":
        """One that is valid now."""
        from teleterm.client.alpn_proxy import ClientCert

        issued = self._issued
        if issued is None or issued.expires <= self._now():
            issued = await self._client.issue_database(self._route, tunnel=True)
            self._issued = issued
            if self._keeps and not issued.mfa_verified:
                self._save(issued)
        return ClientCert(key=issued.key, certificate=issued.tls_certificate)

    def _save(self, issued: "IssuedCerts") -> None:
        """Leave it for the next command, as the official program does."""
        from teleterm.client.keystore import ResourceFolder

        keys, profile = self._client.store.keys, self._client.profile
        files = keys.resource_files(
            ResourceFolder.DATABASE,
            profile.name,
            profile.user,
            self._client.cluster,
            self._route.service,
        )
        joined = self._route.protocol == "mongodb"
        keys.write_resource(files, issued.tls_certificate, issued.key, joined=joined)

    def _now(self) -> datetime:
        return self._clock.now()


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
) -> "LocalProxy":
    """The proxy, not yet listening. Without `authenticated` the client shows its certificate."""
    from teleterm.client.alpn_proxy import LocalProxy, database_target

    target = database_target(client.profile, route.protocol, client.options)
    certificates = Certificates(client, route, clock, keeps=keeps)

    async def nothing() -> None:
        return None

    before = certificates.get if authenticated else nothing
    return LocalProxy(target, before=before, events=Complaints())
