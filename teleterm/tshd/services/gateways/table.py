"""All gateways of the daemon. Source: terminal_service.md 11.2.

Where the reference holds one lock through prompts and network (section 19, 5), only the table's
own changes are atomic here: what is being opened is in the table of places taken.
"""

import contextlib
from collections.abc import Iterator
from uuid import uuid4

from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.uri import GatewayUri, ResourceKind, ResourceUri
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.gateways import commands
from teleterm.tshd.services.gateways.app import AppKind
from teleterm.tshd.services.gateways.database import DatabaseKind
from teleterm.tshd.services.gateways.gateway import Gateway, GatewayRecord, parse_port
from teleterm.tshd.services.resources import Resources

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
        self._open: dict[str, Gateway] = {}
        self._places: set[Place] = set()

    async def create(
        self, target: ResourceUri, *, user: str, subresource: str, port_text: str
    ) -> Gateway:
        """Open a gateway to a database or an application.

        Raises: BadInput, Refused (already_exists, not_found, mfa_refused, …), Unreachable.
        """
        port = parse_port(port_text) if port_text else 0
        with self._place(_place(target, user, subresource)):
            kind = await self._kind(target, user)
            record = GatewayRecord(
                uri=GatewayUri(ident=str(uuid4())),
                target=target,
                protocol=kind.protocol,
                address=commands.listen_address(kind.protocol),
                user=user if target.kind is ResourceKind.DATABASE else "",
                subresource=subresource,
            )
            gateway = Gateway(record, kind, self._window, self._clock)
            await gateway.open(port)
            self._open[str(record.uri)] = gateway
        return gateway

    def all(self) -> list[Gateway]:
        """Every gateway that is open."""
        return list(self._open.values())

    def get(self, uri_text: str) -> Gateway:
        """A gateway by its URI.

        Raises: Refused (not_found).
        """
        gateway = self._open.get(uri_text)
        if gateway is None:
            raise Refused(f"gateway is not found: {uri_text}", code=ErrorCode.NOT_FOUND)
        return gateway

    def rename(self, uri_text: str, subresource: str) -> Gateway:
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

    async def _kind(self, target: ResourceUri, user: str) -> DatabaseKind | AppKind:
        match target.kind:
            case ResourceKind.DATABASE:
                database = await self._resources.database(target)
                return DatabaseKind(self._connections, target, database, user)
            case ResourceKind.APP:
                return AppKind(self._connections, target, await self._resources.app_of(target))
            case ResourceKind.KUBE:
                raise Refused(
                    "Gateways to Kubernetes clusters are not there yet.",
                    code=ErrorCode.NOT_IMPLEMENTED,
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
