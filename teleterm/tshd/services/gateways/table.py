"""All gateways of the daemon. Source: terminal_service.md 11.2.

Where the reference holds one lock through prompts and network (section 19, 5), only the table's
own changes are atomic here: what is being opened is in the table of places taken.
"""

import contextlib
from collections.abc import Iterator
from uuid import uuid4

from teleterm.client.alpn_proxy import database_target
from teleterm.client.certs import IssuedCerts
from teleterm.client.identity import DatabaseRoute
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.uri import GatewayUri, ResourceKind, ResourceUri
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.gateways import commands
from teleterm.tshd.services.gateways.credentials import GatewayCredentials, Owner
from teleterm.tshd.services.gateways.database import DatabaseGateway, GatewayRecord, parse_port
from teleterm.tshd.services.resources import Resources

_USER_OPTIONAL = {"redis"}
_TARGETS = {ResourceKind.DATABASE, ResourceKind.KUBE, ResourceKind.APP}
Place = tuple[str, str]


class Gateways:
    """Opens, changes and closes gateways, found by their URI."""

    def __init__(
        self, connections: Connections, resources: Resources, window: Window, clock: Clock
    ) -> None:
        self._connections = connections
        self._resources = resources
        self._window = window
        self._clock = clock
        self._open: dict[str, DatabaseGateway] = {}
        self._places: set[Place] = set()

    async def create(
        self, target: ResourceUri, *, user: str, subresource: str, port_text: str
    ) -> DatabaseGateway:
        """Open a gateway to a database.

        Raises: BadInput, Refused (already_exists, not_found, mfa_refused, …), Unreachable.
        """
        if target.kind not in _TARGETS:
            raise BadInput(f"malformed gateway target URI {target}", field="target_uri")
        if target.kind is not ResourceKind.DATABASE:
            raise Refused("Gateways lead to databases only so far.", code=ErrorCode.NOT_IMPLEMENTED)
        port = parse_port(port_text) if port_text else 0
        with self._place((str(target), user)):
            database = await self._resources.database(target)
            gateway = self._make(target, database, user=user, subresource=subresource)
            await gateway.open(port)
            self._open[str(gateway.record.uri)] = gateway
        return gateway

    def all(self) -> list[DatabaseGateway]:
        """Every gateway that is open."""
        return list(self._open.values())

    def get(self, uri_text: str) -> DatabaseGateway:
        """A gateway by its URI.

        Raises: Refused (not_found).
        """
        gateway = self._open.get(uri_text)
        if gateway is None:
            raise Refused(f"gateway is not found: {uri_text}", code=ErrorCode.NOT_FOUND)
        return gateway

    async def remove(self, uri_text: str) -> None:
        """Close a gateway."""
        gateway = self.get(uri_text)
        del self._open[uri_text]
        await gateway.close()

    async def close(self) -> None:
        """Close all."""
        while self._open:
            _, gateway = self._open.popitem()
            await gateway.close()

    def _make(
        self, target: ResourceUri, database: types.DatabaseV3, *, user: str, subresource: str
    ) -> DatabaseGateway:
        protocol = database.Spec.Protocol
        if not user and protocol not in _USER_OPTIONAL:
            raise BadInput("the username must be present", field="target_user")
        profile = self._connections.profile(target.cluster)
        uri = GatewayUri(ident=str(uuid4()))
        version = database.Status.MySQL.ServerVersion or database.Spec.MySQL.ServerVersion
        record = GatewayRecord(
            uri=uri,
            target=target,
            user=user,
            subresource=subresource,
            protocol=protocol,
            address=commands.listen_address(protocol),
            database_uri=database.Spec.URI,
            gcp_project_id=database.Spec.GCP.ProjectID,
        )
        issuer = _DatabaseIssuer(
            self._connections,
            target,
            DatabaseRoute(service=target.name, protocol=protocol, username=user),
        )
        owner = Owner(
            gateway_uri=str(uri),
            target_uri=str(target),
            root_cluster_uri=str(target.cluster.root),
        )
        credentials = GatewayCredentials(owner, issuer, self._window, self._clock)
        proxy_target = database_target(
            profile, protocol, self._connections.options, mysql_version=version
        )
        return DatabaseGateway(record, proxy_target, credentials, self._window)

    @contextlib.contextmanager
    def _place(self, place: Place) -> Iterator[None]:
        """Keep others from opening the same gateway meanwhile.

        Raises: Refused (already_exists).
        """
        taken = {(str(one.record.target), one.record.user) for one in self._open.values()}
        if place in taken or place in self._places:
            raise Refused(
                f"There is a gateway to {place[0]} as {place[1]} already.",
                code=ErrorCode.ALREADY_EXISTS,
            )
        self._places.add(place)
        try:
            yield
        finally:
            self._places.discard(place)


class _DatabaseIssuer:
    """Has certificates made for one database, by whatever login there is at that time."""

    def __init__(self, connections: Connections, target: ResourceUri, route: DatabaseRoute) -> None:
        self._connections = connections
        self._target = target
        self._route = route

    async def __call__(self) -> IssuedCerts:
        cluster = self._target.cluster
        async with self._connections.client(cluster) as client:
            return await client.issue_database(
                self._route, cluster=cluster.leaf or client.root, tunnel=True
            )
