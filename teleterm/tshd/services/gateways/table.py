"""All gateways of the daemon. Source: terminal_service.md 11.2.

Where the reference holds one lock through prompts and network (section 19, 5), only the table's
own changes are atomic here: what is being opened is in the table of places taken.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.uri import GatewayUri, ResourceKind, ResourceUri
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as own
from teleterm.tshd.services.changes import Changes
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.gateways import commands
from teleterm.tshd.services.gateways.app import AppKind
from teleterm.tshd.services.gateways.database import DatabaseKind
from teleterm.tshd.services.gateways.gateway import Gateway, GatewayRecord, parse_port
from teleterm.tshd.services.gateways.kube import KubeGateway
from teleterm.tshd.services.resources import Resources

Place = tuple[str, str]
AnyGateway = Gateway | KubeGateway


class Gateways:
    """Opens, changes and closes gateways, found by their URI."""

    def __init__(
        self,
        connections: Connections,
        resources: Resources,
        window: Window,
        clock: Clock,
        kubeconfigs: Path,
        changes: Changes | None = None,
    ) -> None:
        self._changes = changes or Changes()
        self._connections = connections
        self._resources = resources
        self._window = window
        self._clock = clock
        self._kubeconfigs = kubeconfigs
        self._open: dict[str, AnyGateway] = {}
        self._places: set[Place] = set()

    async def create(
        self, target: ResourceUri, *, user: str, subresource: str, port_text: str
    ) -> AnyGateway:
        """Open a gateway; one to a Kubernetes cluster that is open already is given as it is.

        Raises: BadInput, Refused (already_exists, not_found, mfa_refused, …), Unreachable.
        """
        port = parse_port(port_text) if port_text else 0
        shared = self._kube(target)
        if shared is not None:
            return shared
        with self._place(_place(target, user, subresource)):
            gateway = await self._make(target, user, subresource)
            try:
                await gateway.open(port)
            except BaseException:  # cancelled, or a disk that is full: no port stays open
                await gateway.close()
                raise
            self._open[str(gateway.record.uri)] = gateway
        opened = gateway
        gateway.traffic.changed = lambda: self._tell_changed(opened)
        self._changes.tell(own.Change(gateway_opened=gateway.state()))
        return gateway

    def _tell_changed(self, gateway: AnyGateway) -> None:
        self._changes.tell(own.Change(gateway_changed=gateway.state()))

    def _kube(self, target: ResourceUri) -> KubeGateway | None:
        for one in self._open.values():
            if isinstance(one, KubeGateway) and one.record.target == target:
                return one
        return None

    def all(self) -> list[AnyGateway]:
        """Every gateway that is open."""
        return list(self._open.values())

    def get(self, uri_text: str) -> AnyGateway:
        """A gateway by its URI.

        Raises: Refused (not_found).
        """
        gateway = self._open.get(uri_text)
        if gateway is None:
            raise Refused(f"gateway is not found: {uri_text}", code=ErrorCode.NOT_FOUND)
        return gateway

    def rename(self, uri_text: str, subresource: str) -> AnyGateway:
        """Lead a gateway to another database name or target port.

        Raises: Refused (not_found, already_exists), BadInput.
        """
        gateway = self.get(uri_text)
        record = gateway.record
        wanted = _place(record.target, record.user, subresource)
        if wanted == _place(record.target, record.user, record.subresource):
            gateway.rename(subresource)
        else:
            with self._place(wanted):
                gateway.rename(subresource)
        self._tell_changed(gateway)
        return gateway

    async def remove(self, uri_text: str) -> None:
        """Close a gateway."""
        gateway = self.get(uri_text)
        del self._open[uri_text]
        self._changes.tell(own.Change(gateway_closed=uri_text))
        await gateway.close()

    async def close(self) -> None:
        """Close all."""
        while self._open:
            _, gateway = self._open.popitem()
            await gateway.close()

    async def _make(self, target: ResourceUri, user: str, subresource: str) -> AnyGateway:
        record = GatewayRecord(
            uri=GatewayUri(ident=str(uuid4())),
            target=target,
            protocol="",
            address=commands.LOCALHOST,
            subresource=subresource,
        )
        match target.kind:
            case ResourceKind.DATABASE:
                database = await self._resources.database(target)
                kind = DatabaseKind(self._connections, target, database, user)
                address = commands.listen_address(kind.protocol)
                record = replace(record, protocol=kind.protocol, address=address, user=user)
                return Gateway(record, kind, self._window, self._clock)
            case ResourceKind.APP:
                app = AppKind(self._connections, target, await self._resources.app_of(target))
                record = replace(record, protocol=app.protocol)
                return Gateway(record, app, self._window, self._clock)
            case ResourceKind.KUBE:
                await self._resources.check_kube(target)
                return KubeGateway(
                    replace(record, subresource=""),
                    self._connections,
                    self._window,
                    self._clock,
                    self._kubeconfigs,
                )
            case _:
                raise BadInput(
                    f'malformed gateway target URI "{target}": a database, an application or a'
                    " Kubernetes cluster is expected",
                    field="target_uri",
                    value=str(target),
                )

    @contextlib.contextmanager
    def _place(self, place: Place) -> Iterator[None]:
        """Keep others from opening the same gateway meanwhile.

        Raises: Refused (already_exists).
        """
        taken = {
            _place(one.record.target, one.record.user, one.record.subresource)
            for one in self._open.values()
        }
        if place in taken or place in self._places:
            as_whom = f" as {place[1]}" if place[1] else ""
            raise Refused(
                f"There is a gateway to {place[0]}{as_whom} already.",
                code=ErrorCode.ALREADY_EXISTS,
            )
        self._places.add(place)
        try:
            yield
        finally:
            self._places.discard(place)


def _place(target: ResourceUri, user: str, subresource: str) -> Place:
    """What no two gateways share: the user of a database, the target port of an application."""
    return (str(target), user if target.kind is ResourceKind.DATABASE else subresource)
