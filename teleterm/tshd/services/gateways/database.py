"""Gateways to databases: raw TCP in, TLS with the database's certificate out."""

import shutil

from teleterm.client.alpn_proxy import ProxyTarget, database_target
from teleterm.client.certs import IssuedCerts
from teleterm.client.identity import DatabaseRoute
from teleterm.model.errors import BadInput
from teleterm.model.uri import ResourceUri
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.gateways import commands
from teleterm.tshd.services.gateways.gateway import GatewayRecord

_USER_OPTIONAL = {"redis"}


class DatabaseKind:
    """A database and as whom to connect to it.

    Raises: BadInput when a user is needed and none given, or nobody knows the protocol.
    """

    has_name_in_certificate = False

    def __init__(
        self, connections: Connections, uri: ResourceUri, database: types.DatabaseV3, user: str
    ) -> None:
        self._connections = connections
        self._uri = uri
        self._database = database
        self.protocol = database.Spec.Protocol
        if not user and self.protocol not in _USER_OPTIONAL:
            raise BadInput("the username must be present", field="target_user")
        self._route = DatabaseRoute(service=uri.name, protocol=self.protocol, username=user)

    @property
    def target(self) -> ProxyTarget:
        """The proxy, as the profile names it now."""
        database = self._database
        version = database.Status.MySQL.ServerVersion or database.Spec.MySQL.ServerVersion
        return database_target(
            self._connections.profile(self._uri.cluster),
            self.protocol,
            self._connections.options,
            mysql_version=version,
            authorities=self._connections.authorities(self._uri.cluster),
        )

    async def issue(self, subresource: str) -> IssuedCerts:
        """Have a certificate made by whatever login there is now; the name isn't part of it."""
        cluster = self._uri.cluster
        async with self._connections.client(cluster) as client:
            return await client.issue_database(
                self._route, cluster=cluster.leaf or client.root, tunnel=True
            )

    def check(self, subresource: str) -> None:
        """Any name will do: the database itself knows."""

    def command(self, record: GatewayRecord) -> pb.GatewayCLICommand:
        """The command line of the protocol's client program."""
        end = commands.Endpoint(
            protocol=record.protocol,
            host=record.address,
            port=record.local_port,
            user=record.user,
            database=record.subresource,
            uri=self._database.Spec.URI,
            gcp_project_id=self._database.Spec.GCP.ProjectID,
        )
        return commands.command_line(end, shutil.which)
