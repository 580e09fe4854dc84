"""Gateways to Kubernetes clusters. Source: terminal_service.md 11.3; connections.md 3.3.

kubectl speaks TLS with a certificate of ours through a plain CONNECT proxy on the gateway's port;
behind it, inside this process, that TLS ends and another begins, with the cluster's certificate.
"""

import asyncio
import logging
import shutil
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path

from teleterm.client.certs import IssuedCerts
from teleterm.client.trust import cluster_context, show_certificate
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError, Unreachable
from teleterm.osutil import tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshd import certificates
from teleterm.tshd.certificates import KeyPair
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.gateways import kube_http, kubeconfig
from teleterm.tshd.services.gateways.credentials import GatewayCredentials, Owner
from teleterm.tshd.services.gateways.gateway import LISTEN_HOST, GatewayRecord
from teleterm.tshd.splice import Stream, splice
from teleterm.wire import alpn, tls_identity, x509

_log = logging.getLogger("teleterm.tshd.gateways")
PATIENCE_S = 3.0
_Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]
_Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[object, object, None]]
CONNECT_LIMIT_S = 30.0


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
        self._cluster = ""
        self._pair: KeyPair | None = None
        self._path: Path | None = None
        self._inner: asyncio.Server | None = None
        self._outer: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def open(self, port: int) -> None:
        """Obtain the certificate, listen on `port` and write the kubeconfig.

        Raises: Refused, Unreachable; BadInput (port_in_use).
        """
        await self._credentials.obtain()
        self._pair = certificates.make(self._clock, dns_names=(f"*.{self._cluster}",))
        self._inner = await asyncio.start_server(
            self._keep(self._serve), LISTEN_HOST, 0, ssl=self._inner_context(self._pair)
        )
        try:
            self._outer = await asyncio.start_server(self._keep(self._tunnel), LISTEN_HOST, port)
        except OSError as error:
            self._inner.close()
            raise BadInput(
                f"Port {port} is in use by another program.",
                field="local_port",
                value=str(port),
                code=ErrorCode.PORT_IN_USE,
                details=str(error),
            ) from error
        got: int = self._outer.sockets[0].getsockname()[1]
        self.record = replace(self.record, local_port=got)
        await asyncio.to_thread(self._write_config, self._pair)

    async def move_to(self, port_text: str) -> None:
        """Refuse: programs find a Kubernetes gateway by its kubeconfig, whatever the port."""
        if port_text != str(self.record.local_port):
            raise BadInput("The port of a Kubernetes gateway can't be changed.", field="local_port")

    def rename(self, subresource: str) -> None:
        """Refuse: a Kubernetes cluster has no parts."""
        raise BadInput("A Kubernetes gateway leads to a whole cluster.", field="subresource")

    async def close(self) -> None:
        """Stop listening and cut the connections; the kubeconfig goes."""
        for server in (self._outer, self._inner):
            if server is not None:
                server.close()
        for task in list(self._running):
            task.cancel()
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

    async def _issue(self) -> IssuedCerts:
        target = self.record.target
        async with self._connections.client(target.cluster) as client:
            self._cluster = target.cluster.leaf or client.root
            issued = await client.issue_kube(target.name, cluster=self._cluster, proxy=True)
        subject = tls_identity.decode(x509.parse_pem(issued.tls_certificate).subject)
        if not subject.kube_users and not subject.kube_groups:
            raise Refused(
                f"Your roles give you no user or group in the Kubernetes cluster {target.name}."
            )
        return issued

    def _write_config(self, pair: KeyPair) -> None:
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
            key=pair.key,
        )
        kubeconfig.write(self._path, config)

    def _inner_context(self, pair: KeyPair) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=pair.certificate.decode("ascii"))
        context.set_alpn_protocols([alpn.HTTP_1])
        certificates.load(context, pair)
        return context

    def _keep(self, serve: _Serve) -> _Accept:
        """Run each connection as a task that `close` can end."""

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = tasks.spawn(serve(reader, writer), name=f"connection to {self.record.target}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            task.add_done_callback(lambda _: writer.close())

        return accept

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The outer listener: every CONNECT leads to the inner one."""
        near = Stream(reader=reader, writer=writer)
        if self._inner is None or not await kube_http.is_connect(near):
            writer.close()
            return
        port: int = self._inner.sockets[0].getsockname()[1]
        behind_reader, behind_writer = await asyncio.open_connection(LISTEN_HOST, port)
        await splice(near, Stream(reader=behind_reader, writer=behind_writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The inner listener: on to the cluster, once the certificate is there."""
        near = Stream(reader=reader, writer=writer)
        reaching = tasks.spawn(self._reach(), name=f"reach {self.record.target}")
        done, _ = await asyncio.wait({reaching}, timeout=PATIENCE_S)
        if not done:
            reaching.add_done_callback(_hang_up)
            await kube_http.refuse(near, "The local proxy waits for an answer of the user.")
            return
        try:
            far = reaching.result()
        except TeletermError as error:
            _log.warning("%s: a connection failed: %s", self.record.uri, error)
            await kube_http.refuse(near, error.message)
            await self._window.cannot_proxy(
                str(self.record.uri), str(self.record.target), error.message
            )
            return
        await splice(near, far)

    async def _reach(self) -> Stream:
        """A connection to the cluster's API through the proxy."""
        shown = await self._credentials.current()
        profile = self._connections.profile(self.record.target.cluster)
        known = self._connections.store.keys.authorities(profile.name)
        pems = [pem for one in known for pem in one.tls_pems]
        context = cluster_context(pems, [alpn.HTTP_1], cluster=self._cluster)
        show_certificate(context, shown.key, shown.certificate)
        address = profile.kube_proxy_addr or profile.web_proxy_addr
        host, _, port = address.rpartition(":")
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                reader, writer = await asyncio.open_connection(
                    host.strip("[]"),
                    int(port),
                    ssl=context,
                    server_hostname=alpn.kube_server_name(profile.name),
                )
        except (OSError, TimeoutError) as error:
            raise Unreachable(
                f"The Kubernetes service of {profile.name} can't be reached.", details=str(error)
            ) from error
        return Stream(reader=reader, writer=writer)


def _hang_up(reaching: asyncio.Task[Stream]) -> None:
    """Nobody waits for that connection any more; the certificate is kept for the next."""
    if not reaching.cancelled() and reaching.exception() is None:
        reaching.result().writer.close()
