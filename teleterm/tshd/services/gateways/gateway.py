"""One gateway: a local port, the certificate for what is behind it, and what the window shows."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from teleterm.client.alpn_proxy import LocalProxy, ProxyTarget
from teleterm.client.certs import IssuedCerts
from teleterm.model import port as ports
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, TeletermError
from teleterm.model.uri import GatewayUri, ResourceUri
from teleterm.osutil import tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as own
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.gateways.credentials import GatewayCredentials, Owner
from teleterm.tshd.services.gateways.traffic import Traffic

_log = logging.getLogger("teleterm.tshd.gateways")
LISTEN_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRecord:
    """What a gateway is; `local_port` is 0 before it listens."""

    uri: GatewayUri
    target: ResourceUri
    protocol: str
    address: str
    user: str = ""
    subresource: str = ""
    local_port: int = 0


class GatewayKind(Protocol):
    """What differs between gateways to databases and to applications."""

    @property
    def target(self) -> ProxyTarget:
        """Where connections go."""

    @property
    def has_name_in_certificate(self) -> bool:
        """Whether another subresource needs another certificate."""

    async def issue(self, subresource: str) -> IssuedCerts:
        """Have a certificate made; the user may be asked for a second factor."""

    def check(self, subresource: str) -> None:
        """Refuse a subresource that the target doesn't have.

        Raises: BadInput.
        """

    def command(self, record: GatewayRecord) -> pb.GatewayCLICommand:
        """The command line of a client program."""


class Gateway:
    """Listens from `open` to `close`."""

    def __init__(
        self, record: GatewayRecord, kind: GatewayKind, window: Window, clock: Clock
    ) -> None:
        self.record = record
        self._kind = kind
        self._window = window
        self._proxy: LocalProxy | None = None
        self._moving = asyncio.Lock()
        self._is_closed = False
        self.traffic = Traffic()
        owner = Owner(
            gateway_uri=str(record.uri),
            target_uri=str(record.target),
            root_cluster_uri=str(record.target.cluster.root),
        )
        self._credentials = GatewayCredentials(owner, self._issue, window, clock)

    async def open(self, port: int) -> None:
        """Obtain the certificate, then listen on `port` (0: any free one).

        Raises: Refused, Unreachable; BadInput (port_in_use, or no such subresource).
        """
        self._kind.check(self.record.subresource)
        await self._credentials.obtain()
        self._proxy = await self._listen(port)

    async def move_to(self, port_text: str) -> None:
        """Listen on another port; the old one is left only once the new one is open.

        One move at a time, so that none of two leaves a port open that nobody closes.

        Raises: BadInput (no port at all, or port_in_use); nothing has changed then.
        """
        port = parse_port(port_text) if port_text else 0
        async with self._moving:
            if self._is_closed or port == self.record.local_port:
                return
            old = self._proxy
            self._proxy = await self._listen(port)
            if old is not None:
                await old.close()

    def rename(self, subresource: str) -> None:
        """Lead to another database name or target port.

        Raises: BadInput when there is none such; nothing has changed then.
        """
        self._kind.check(subresource)
        self.record = replace(self.record, subresource=subresource)
        if self._kind.has_name_in_certificate:
            self._credentials.clear()

    async def close(self) -> None:
        """Stop listening and cut the connections, for good."""
        async with self._moving:
            self._is_closed = True
            proxy, self._proxy = self._proxy, None
            if proxy is not None:
                await proxy.close()

    def message(self) -> pb.Gateway:
        """The gateway as the terminal service shows it."""
        record = self.record
        return pb.Gateway(
            uri=str(record.uri),
            target_name=record.target.name,
            target_uri=str(record.target),
            target_user=record.user,
            target_subresource_name=record.subresource,
            local_address=record.address,
            local_port=str(record.local_port),
            protocol=record.protocol,
            gateway_cli_command=self._kind.command(record),
        )

    def state(self) -> own.GatewayState:
        """The gateway as the daemon's own service shows it."""
        return state_of(self.record, self.traffic, self._credentials.until)

    async def _issue(self) -> IssuedCerts:
        return await self._kind.issue(self.record.subresource)

    async def _listen(self, port: int) -> LocalProxy:
        proxy = LocalProxy(self._kind.target, before=self._credentials.current, events=self)
        got = await proxy.start(LISTEN_HOST, port)
        self.record = replace(self.record, local_port=got)
        return proxy

    def opened(self, number: int) -> None:
        """A connection reached the resource."""
        _log.info("%s: connection %d is open", self.record.uri, number)
        self.traffic.opened()

    def closed(self, number: int, *, up: int, down: int) -> None:
        """A connection ended."""
        _log.info(
            "%s: connection %d ended, %d bytes up, %d down", self.record.uri, number, up, down
        )
        self.traffic.closed(up, down)

    def failed(self, error: TeletermError) -> None:
        """A connection was closed before it reached the resource: the window shows why."""
        _log.warning("%s: a connection failed: %s %s", self.record.uri, error, error.details)
        self.traffic.failed()
        notice = self._window.cannot_proxy(
            str(self.record.uri), str(self.record.target), error.message
        )
        tasks.spawn(notice, name="notice of a failed connection")


def state_of(record: GatewayRecord, traffic: Traffic, until: datetime | None) -> own.GatewayState:
    """How a gateway stands: its counts, and when its certificate ends."""
    state = own.GatewayState(
        gateway_uri=str(record.uri),
        target_uri=str(record.target),
        local_port=record.local_port,
        open_connections=traffic.open_connections,
        all_connections=traffic.all_connections,
        failed_connections=traffic.failed_connections,
        bytes_up=traffic.bytes_up,
        bytes_down=traffic.bytes_down,
    )
    if until is not None:
        state.certificate_until.FromDatetime(until)
    return state


def parse_port(text: str) -> int:
    """A port that was asked for.

    Raises: BadInput when it is none.
    """
    number = ports.read(text)
    if not number:
        raise BadInput(f'"{text[:20]}" is no port.', field="local_port", value=text)
    return number
