"""Gateways to Kubernetes clusters. Source: terminal_service.md 11.3; connections.md 3.3."""

import asyncio
import logging
import shutil
from dataclasses import replace
from pathlib import Path

from teleterm.client import local_authority
from teleterm.client.alpn_proxy import ClientCert
from teleterm.client.certs import IssuedCerts
from teleterm.client.kube_proxy import KubeProxy, KubeRoute, KubeWay
from teleterm.client.local_authority import LocalPair
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, Refused, TeletermError
from teleterm.osutil import tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as own
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.gateways import kubeconfig
from teleterm.tshd.services.gateways.credentials import GatewayCredentials, Owner
from teleterm.tshd.services.gateways.gateway import LISTEN_HOST, GatewayRecord, state_of
from teleterm.tshd.services.gateways.traffic import Traffic
from teleterm.wire import tls_identity, x509

_log = logging.getLogger("teleterm.tshd.gateways")


class KubeGateway:
    """Listens from `open` to `close`; a kubeconfig leads to it meanwhile."""

    def __init__(
        self,
        record: GatewayRecord,
        connections: Connections,
        window: Window,
        clock: Clock,
        kubeconfigs: Path,
    ) -> None:
        self.record = record
        self._connections = connections
        self._window = window
        self._kubeconfigs = kubeconfigs
        owner = Owner(
            gateway_uri=str(record.uri),
            target_uri=str(record.target),
            root_cluster_uri=str(record.target.cluster.root),
        )
        self._credentials = GatewayCredentials(owner, self._issue, window, clock)
        self._clock = clock
        self.traffic = Traffic()
        self._cluster = ""
        self._root = ""
        self._path: Path | None = None
        self._proxy: KubeProxy | None = None

    async def open(self, port: int) -> None:
        """Obtain the certificate, listen on `port` and write the kubeconfig.

        Raises: Refused, Unreachable; BadInput (port_in_use).
        """
        await self._credentials.obtain()
        pair = local_authority.make(self._cluster, self._clock)
        route = KubeRoute(cluster=self._cluster, name=self.record.target.name)
        self._proxy = KubeProxy(
            [route], {self._cluster: pair}, self._way, obtain=self._obtain, failed=self._failed
        )
        try:
            got = await self._proxy.start(LISTEN_HOST, port)
        except BadInput as error:
            raise BadInput(
                error.message,
                field="local_port",
                value=str(port),
                code=error.code,
                details=error.details,
            ) from error
        self.record = replace(self.record, local_port=got)
        await asyncio.to_thread(self._write_config, pair)

    async def move_to(self, port_text: str) -> None:
        """Refuse: programs find a Kubernetes gateway by its kubeconfig, whatever the port."""
        if port_text != str(self.record.local_port):
            raise BadInput("The port of a Kubernetes gateway can't be changed.", field="local_port")

    def rename(self, subresource: str) -> None:
        """Refuse: a Kubernetes cluster has no parts."""
        raise BadInput("A Kubernetes gateway leads to a whole cluster.", field="subresource")

    async def close(self) -> None:
        """Stop listening and cut the connections; the kubeconfig goes."""
        if self._proxy is not None:
            await self._proxy.close()
        if self._path is not None:
            await asyncio.to_thread(self._path.unlink, missing_ok=True)

    def message(self) -> pb.Gateway:
        """The gateway as the terminal service shows it; of its command only the setting counts."""
        record = self.record
        setting = f"KUBECONFIG={self._path}"
        return pb.Gateway(
            uri=str(record.uri),
            target_name=record.target.name,
            target_uri=str(record.target),
            local_address=record.address,
            local_port=str(record.local_port),
            gateway_cli_command=pb.GatewayCLICommand(
                path=shutil.which("kubectl") or "kubectl",
                args=["kubectl", "version"],
                env=[setting],
                preview=f"{setting} kubectl version",
            ),
        )

    def state(self) -> own.GatewayState:
        """The gateway as the daemon's own service shows it; each request is a connection."""
        return state_of(self.record, self.traffic, self._credentials.until)

    async def _issue(self) -> IssuedCerts:
        target = self.record.target
        async with self._connections.client(target.cluster) as client:
            self._root = client.root
            self._cluster = target.cluster.leaf or client.root
            issued = await client.issue_kube(target.name, cluster=self._cluster, proxy=True)
        subject = tls_identity.decode(x509.parse_pem(issued.tls_certificate).subject)
        if not subject.kube_users and not subject.kube_groups:
            raise Refused(
                f"Your roles give you no user or group in the Kubernetes cluster {target.name}."
            )
        return issued

    def _write_config(self, pair: LocalPair) -> None:
        target = self.record.target
        profile = self._connections.profile(target.cluster)
        self._path = kubeconfig.path(
            self._kubeconfigs, profile.name, profile.user, self._cluster, target.name
        )
        config = kubeconfig.KubeConfig(
            teleport_cluster=self._cluster,
            kube_cluster=target.name,
            web_addr=profile.web_proxy_addr,
            port=self.record.local_port,
            certificate=pair.certificate,
            key=pair.key.reveal(),
        )
        kubeconfig.write(self._path, config)

    async def _obtain(self, _: KubeRoute) -> ClientCert:
        return await self._credentials.current()

    def _way(self) -> KubeWay:
        profile = self._connections.profile(self.record.target.cluster)
        known = self._connections.store.keys.authorities(profile.name)
        return KubeWay(
            profile=profile,
            root=self._root,
            authorities=[pem for one in known if one.name == self._root for pem in one.tls_pems],
            options=self._connections.options,
        )

    def _failed(self, _: KubeRoute, error: TeletermError) -> None:
        """A connection got nowhere: kubectl is told, and the window shows why."""
        _log.warning("%s: a connection failed: %s", self.record.uri, error)
        self.traffic.failed()
        notice = self._window.cannot_proxy(
            str(self.record.uri), str(self.record.target), error.message
        )
        tasks.spawn(notice, name="notice of a failed connection")
