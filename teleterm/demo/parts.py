"""Builds the demo's parts from what they have in common."""

import asyncio
import ssl
import sys
import uuid
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from teleterm.demo import http
from teleterm.demo.apps import AppService, AppSessions
from teleterm.demo.authconfig import AuthConfig
from teleterm.demo.authorities import KeyPair, TlsAuthority
from teleterm.demo.authservice import AuthService
from teleterm.demo.certificates import CertificateDesk
from teleterm.demo.databases.access import database_protocol, read_identity
from teleterm.demo.databases.engines import Engines
from teleterm.demo.desktop.service import DesktopService
from teleterm.demo.desktop.sessions import Sessions
from teleterm.demo.factors import FactorDesk
from teleterm.demo.headless import HeadlessDesk
from teleterm.demo.inventory import DemoMember, DemoNode, DemoSettings, DemoUser
from teleterm.demo.issuing import Issuer
from teleterm.demo.kube.api import KubeApi
from teleterm.demo.kube.objects import World
from teleterm.demo.kube.service import KubeService
from teleterm.demo.locks import Locks
from teleterm.demo.node import NodeServer
from teleterm.demo.requests import RequestDesk
from teleterm.demo.router import (
    PING_SUFFIX,
    REVERSE_TUNNEL,
    TCP_APP,
    Dial,
    Routes,
    ServePlain,
)
from teleterm.demo.rpc import Gate, RpcServer
from teleterm.demo.sessions import ActiveSessions
from teleterm.demo.streams import ByteStream, SocketStream
from teleterm.demo.tls import server_context
from teleterm.demo.webapi import WebApi, WebApiConfig
from teleterm.model.clock import Clock
from teleterm.wire import alpn

LOOPBACK = "127.0.0.1"


class LocalServer:
    """A gRPC server at an address that only this program uses; clients' TLS ends in it."""

    def __init__(
        self, folder: Path, member: DemoMember, role: str, trusts: tuple[DemoMember, ...]
    ) -> None:
        self._path = folder / f"{role.lower()}-{member.name.partition('.')[0]}.sock"
        self.rpc = RpcServer(
            f"{LOOPBACK}:0" if sys.platform == "win32" else f"unix:{self._path}",
            member.authorities.issue_service(str(uuid.uuid4()), role),
            [trusted.authorities.user_tls.pem for trusted in trusts],
        )

    async def dial(self) -> ByteStream:
        """Connect to it."""
        if sys.platform == "win32":
            reader, writer = await asyncio.open_connection(LOOPBACK, self.rpc.port)
        else:
            reader, writer = await asyncio.open_unix_connection(str(self._path))
        return SocketStream(reader, writer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the parts have in common, and how each is made."""

    settings: DemoSettings
    users: tuple[DemoUser, ...]
    factors: FactorDesk
    headless: HeadlessDesk
    locks: Locks
    clock: Clock
    active: ActiveSessions
    folder: Path
    proxy: str
    root: DemoMember
    leaf: DemoMember
    web_authority: TlsAuthority
    requests: RequestDesk
    desktops: Sessions
    gone: Set[str]
    apps: AppSessions = field(default_factory=AppSessions)

    @property
    def members(self) -> tuple[DemoMember, ...]:
        """Both clusters, root first."""
        return (self.root, self.leaf)

    def auth_server(self, member: DemoMember, gate: Gate) -> LocalServer:
        """Make the auth server of a cluster; the leaf lets the root's users in."""
        trusts = (self.root,) if member is self.root else self.members
        server = LocalServer(self.folder, member, "Auth", trusts)
        issuer = self._issuer() if member is self.root else None
        config = AuthConfig(
            member=member,
            others=tuple(other for other in self.members if other is not member),
            users={user.name: user for user in self.users},
            proxy=self.proxy,
            session_ttl=self.settings.session_ttl,
            suite=self.settings.suite,
            desk=CertificateDesk(
                issuer, self.members, self.clock, self.apps, self.requests, self.factors
            ),
            factors=self.factors,
            headless=self.headless,
            active=self.active,
            requests=self.requests,
            clock=self.clock,
            gone=self.gone,
        )
        AuthService(config).register(server.rpc, gate)
        return server

    def transport_server(self) -> LocalServer:
        """Make the proxy's own gRPC server, without services yet."""
        return LocalServer(self.folder, self.root, "Proxy", (self.root,))

    def node_servers(self) -> Callable[[DemoNode], NodeServer]:
        """Give what makes a node's SSH server, once, when the node is first reached."""
        owners = {node.uuid: member for member in self.members for node in member.nodes}
        made: dict[str, NodeServer] = {}

        def server_of(node: DemoNode) -> NodeServer:
            if node.uuid not in made:
                made[node.uuid] = self._node_server(owners[node.uuid], node)
            return made[node.uuid]

        return server_of

    def _node_server(self, member: DemoMember, node: DemoNode) -> NodeServer:
        return NodeServer(
            member,
            node,
            self.folder,
            trusted_user_keys=[
                trusted.authorities.user_ssh.public_line
                for trusted in {self.root.name: self.root, member.name: member}.values()
            ],
            active=self.active,
            clock=self.clock,
            locks=self.locks,
            is_moderated=node.hostname in self.settings.moderated_nodes,
        )

    def desktop_services(self) -> dict[tuple[str, str], DesktopService]:
        """What serves each desktop, by cluster and name."""
        made: dict[tuple[str, str], DesktopService] = {}
        for member in self.members:
            for desktop in member.desktops:
                name = f"{desktop.name}.desktop.teleport.cluster.local"
                pair = member.authorities.issue_service(desktop.uuid, "WindowsDesktop", [name])
                context = server_context(
                    pair,
                    self.folder,
                    client_authorities=[self.root.authorities.user_tls.pem],
                    needs_client=True,
                )
                made[member.name, desktop.name] = DesktopService(
                    self.desktops.receive(desktop.name), context, desktop.logins
                )
        return made

    def routes(self, forwarded: Mapping[str, Dial], engines: Engines) -> Routes:
        """Say where each kind of connection goes."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        names = ["localhost", LOOPBACK, "::1", self.root.name, f"*.{self.root.name}"]
        names += [app.public_addr for member in self.members for app in member.apps]
        web_pair = self.web_authority.issue_server(name, names)
        clients = [self.root.authorities.user_tls.pem]
        proxy_pair = self.root.authorities.issue_service(str(uuid.uuid4()), "Proxy")
        inner_tls = server_context(proxy_pair, self.folder, client_authorities=clients)
        web = WebApi(
            WebApiConfig(
                proxy=self.proxy,
                settings=self.settings,
                users=self.users,
                root=self.root,
                issuer=self._issuer(),
                factors=self.factors,
                headless=self.headless,
                locks=self.locks,
            )
        )

        async def serve_web(stream: ByteStream, peer_host: str, upgrade: http.Upgrade) -> None:
            await http.serve(stream, peer_host, web.answer, upgrade)

        apps = AppService(self.members, self.apps)
        services = engines.services(self.root, inner_tls)

        async def serve_certified(stream: ByteStream, peer_host: str, certificate: bytes) -> None:
            database = services.get(database_protocol(certificate))
            if database is not None:
                await database(stream, certificate)
            else:
                await apps.serve_http(stream, peer_host, certificate)

        framed: dict[str, ServePlain] = {TCP_APP: apps.serve_tcp}
        framed |= {alpn.DATABASES[protocol]: serve for protocol, serve in services.items()}
        framed = {name: self._guarded(serve) for name, serve in framed.items()}
        known = [name + suffix for name in framed for suffix in (PING_SUFFIX, "")]

        def context(pair: KeyPair, protocols: list[str]) -> ssl.SSLContext:
            return server_context(
                pair, self.folder, protocols=protocols, client_authorities=clients
            )

        outside = Routes(
            forwarded=forwarded,
            web=serve_web,
            certified=serve_certified,
            web_tls=context(web_pair, ["http/1.1"]),
            framed=framed,
            framed_tls=context(web_pair, known),
            kube=KubeService(self.root.name, self.kube_apis(), self.folder).serve,
            kube_tls=context(proxy_pair, ["http/1.1"]),
            tunnel_tls=server_context(web_pair, self.folder, protocols=[REVERSE_TUNNEL]),
        )
        inside = replace(
            outside,
            web_tls=context(proxy_pair, ["http/1.1"]),
            framed_tls=context(proxy_pair, known),
            tunnel_tls=context(proxy_pair, [REVERSE_TUNNEL]),
        )
        return replace(outside, inside=inside)

    def _guarded(self, serve: ServePlain) -> ServePlain:
        """Have what a locked user does cut off."""

        async def run(stream: ByteStream, certificate: bytes | None) -> None:
            identity = read_identity(certificate)
            serving = serve(stream, certificate)
            if identity is None:
                await serving
            elif await self.locks.until_locked(identity.user, serving):
                await stream.close()

        return run

    def kube_apis(self) -> dict[tuple[str, str], KubeApi]:
        """The stand-ins for Kubernetes clusters, by cluster and name."""
        now = self.clock.now()
        return {
            (member.name, kube.name): KubeApi(World(name=kube.name, started=now), self.clock, kube)
            for member in self.members
            for kube in member.kubes
        }

    def _issuer(self) -> Issuer:
        return Issuer(self.root.authorities, self.users, self.clock, self.settings.session_ttl)
