"""Gateways to applications, web and TCP. Source: terminal_service.md 11; connections.md 4."""

from teleterm.client.alpn_proxy import ProxyTarget, http_app_target, tcp_app_target
from teleterm.client.certs import IssuedCerts
from teleterm.client.identity import AppRoute
from teleterm.model import port as ports
from teleterm.model.errors import BadInput
from teleterm.model.uri import ResourceUri
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.gateways.gateway import GatewayRecord

_TCP = "tcp://"


class AppKind:
    """An application; the subresource is the target port of one that has several."""

    has_name_in_certificate = True

    def __init__(self, connections: Connections, uri: ResourceUri, app: types.AppV3) -> None:
        self._connections = connections
        self._uri = uri
        self._app = app
        self.protocol = "TCP" if app.Spec.URI.startswith(_TCP) else "HTTP"

    @property
    def target(self) -> ProxyTarget:
        """The proxy, as the profile names it now."""
        profile = self._connections.profile(self._uri.cluster)
        make = tcp_app_target if self.protocol == "TCP" else http_app_target
        return make(
            profile, self._connections.options, self._connections.authorities(self._uri.cluster)
        )

    async def issue(self, subresource: str) -> IssuedCerts:
        """Have a certificate made, with a session of the application and its target port."""
        cluster = self._uri.cluster
        async with self._connections.client(cluster) as client:
            name = cluster.leaf or client.root
            route = AppRoute(
                name=self._app.Metadata.Name,
                public_addr=self._app.Spec.PublicAddr,
                cluster=name,
                uri=self._app.Spec.URI,
                target_port=int(subresource) if subresource else 0,
            )
            return await client.issue_app(route, cluster=name, proxy=True)

    def check(self, subresource: str) -> None:
        """Refuse a target port that the application doesn't have."""
        if not subresource:
            return
        ranges = self._app.Spec.TCPPorts
        if not ranges:
            raise BadInput(
                f"The application {self._app.Metadata.Name} has only one port.",
                field="target_subresource_name",
                value=subresource,
            )
        wanted = ports.read(subresource)
        if not any(one.Port <= wanted <= (one.EndPort or one.Port) for one in ranges):
            raise BadInput(
                f"The application {self._app.Metadata.Name} has no port {subresource}.",
                field="target_subresource_name",
                value=subresource,
            )

    def command(self, record: GatewayRecord) -> pb.GatewayCLICommand:
        """Applications have no command line; the reference sends one empty word."""
        return pb.GatewayCLICommand(args=[""])
