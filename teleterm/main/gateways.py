"""Local proxies of the daemon: the window keeps one address for each, whatever daemon serves it."""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import structs

from teleterm.bridge.contract import (
    CreateGateway,
    Done,
    GatewayReady,
    GatewaysChanged,
    KubeSpec,
    OpenGateway,
    RemoveGateway,
    Reply,
    SetGatewayPort,
    SetGatewaySubresource,
    TerminalSpec,
)
from teleterm.bridge.views import GatewayView
from teleterm.main import refusals
from teleterm.main.clusters import Clusters
from teleterm.main.desk import Desk, Refusal, Tell
from teleterm.main.notices import Notices
from teleterm.main.refusals import Subject
from teleterm.model.errors import BadInput, ErrorCode, TeletermError, Unreachable
from teleterm.model.uri import ResourceKind, parse_cluster, parse_resource
from teleterm.osutil import pages

if TYPE_CHECKING:
    from teleterm.main.daemon import Daemon
    from teleterm.tshdclient.client import TerminalClient
    from teleterm.tshdclient.records import Gateway, ProxyTrouble

_log = logging.getLogger("teleterm.main.gateways")
LOWEST_PORT = 1
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A gateway: the window's address of it, the daemon's, and what it is now."""

    daemon_uri: str
    view: GatewayView
    record: "Gateway | None" = None


class Gateways:
    """Creates, changes and reopens local proxies."""

    def __init__(
        self,
        daemon: "Daemon",
        clusters: Clusters,
        tell: Tell,
        free_port: Callable[[], int] = lambda: 0,
        opener: Callable[[str], None] = pages.open_with_system,
    ) -> None:
        self._daemon = daemon
        self._clusters = clusters
        self._tell = tell
        self._free_port = free_port
        self._opener = opener
        self._known: dict[str, _Known] = {}
        self.on_change: Callable[[], object] = lambda: None

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(CreateGateway, self.create)
        desk.on(RemoveGateway, self._remove)
        desk.on(SetGatewayPort, self._set_port)
        desk.on(SetGatewaySubresource, self._set_subresource)
        desk.on(OpenGateway, self._open)

    @property
    def views(self) -> tuple[GatewayView, ...]:
        """All local proxies."""
        return tuple(one.view for one in self._known.values())

    def command_of(self, uri: str) -> "Gateway":
        """The gateway with its command line, for a terminal.

        Raises: BadInput when there is none of that address; Unreachable when its program isn't
                found.
        """
        known = self._known.get(uri)
        if known is None or known.record is None:
            raise BadInput("This local proxy doesn't run any more.", field="gateway_uri")
        if not known.view.is_client_found:
            raise Unreachable(
                f"{known.view.client_name} was not found in PATH. Install it, or copy the command.",
                code=ErrorCode.CLIENT_MISSING,
            )
        return known.record

    def kube_of(self, target_uri: str) -> "Gateway":
        """The proxy of a Kubernetes cluster, opened by `ensure`.

        Raises: BadInput when there is none.
        """
        for known in self._known.values():
            if known.view.target_uri == target_uri and known.record is not None:
                return known.record
        raise BadInput("This local proxy doesn't run any more.", field="target_uri")

    async def prepare(self, spec: TerminalSpec) -> None:
        """Open the proxy that a terminal needs before its command line can be made.

        Raises: TeletermError as when a gateway is created.
        """
        if isinstance(spec, KubeSpec):
            if parse_resource(spec.target_uri).kind is not ResourceKind.KUBE:
                raise BadInput("This is no Kubernetes cluster.", field="target_uri")
            await self.create(CreateGateway(target_uri=spec.target_uri))

    async def release(self, spec: TerminalSpec) -> None:
        """Close what `prepare` opened: the last terminal that needed it has gone."""
        if isinstance(spec, KubeSpec):
            for uri, known in list(self._known.items()):
                if known.view.target_uri == spec.target_uri:
                    await self._close(uri)

    async def _open(self, request: OpenGateway) -> Reply:
        known = self._find(request.gateway_uri)
        if known.view.protocol != "HTTP" or known.view.problem:
            raise BadInput("Only a running web application opens in the browser.")
        self._opener(f"http://{known.view.local_address}:{known.view.local_port}")
        return Done()

    def what_waits(self, gateway_uri: str, target_uri: str) -> str:
        """Why the daemon asks for a login, for the head of the login dialog."""
        known = self._by_daemon_uri(gateway_uri)
        title = self._clusters.title_of(target_uri or gateway_uri)
        if known:
            program = known.view.client_name or "A program"
            return (
                f"{program} is waiting for {known.view.target_name} on {title}."
                " Log in to let it through."
            )
        return f"A program is waiting for something on {title}. Log in to let it through."

    async def reopen(self, client: "TerminalClient") -> None:
        """Open every known proxy in a new daemon, on its old port; a failure marks its row."""
        with contextlib.suppress(TeletermError):
            living = {one.uri for one in await client.gateways()}
            for uri, known in list(self._known.items()):
                if known.daemon_uri not in living:
                    await self._reopen_one(client, uri, known)
        self._announce()

    async def _reopen_one(self, client: "TerminalClient", uri: str, known: _Known) -> None:
        view = known.view
        try:
            record = await client.create_gateway(
                view.target_uri,
                user=view.user,
                subresource=view.subresource,
                local_port=view.local_port,
            )
        except TeletermError as error:
            failed = refusals.explain(error, self._subject(view.target_uri, view.local_port))
            self._known[uri] = replace(
                known, view=structs.replace(view, problem=failed.message), record=None
            )
            return
        self._keep(uri, record)

    def daemon_is_gone(self) -> None:
        """Mark every proxy as not listening until the next daemon has them again."""
        for uri, one in self._known.items():
            view = structs.replace(one.view, problem="The tsh daemon stopped.")
            self._known[uri] = replace(one, view=view)
        if self._known:
            self._announce()

    def had_trouble(self, trouble: "ProxyTrouble") -> str:
        """Show a failed connection at its proxy; gives the text for a notice."""
        known = self._by_daemon_uri(trouble.gateway_uri)
        error = Unreachable(trouble.error, code=ErrorCode.UNKNOWN, details=trouble.error)
        failed = refusals.explain(error, self._subject(trouble.target_uri, 0))
        if known:
            uri = known.view.uri
            self._known[uri] = replace(
                known, view=structs.replace(known.view, problem=failed.message)
            )
            self._announce()
        return failed.message

    async def create(self, request: CreateGateway) -> Reply:
        """Start a local proxy, or give the one that is there.

        Raises: Refusal, or an error of ours.
        """
        same = self._same(request)
        if same:
            return GatewayReady(gateway=same)
        _check_port(request.local_port)
        client = await self._daemon.client()
        try:
            record = await client.create_gateway(
                request.target_uri,
                user=request.user,
                subresource=request.subresource,
                local_port=request.local_port or self._free_port(),
            )
        except TeletermError as error:
            found = await self._existing(client, request, error)
            if found is None:
                subject = self._subject(request.target_uri, request.local_port)
                raise Refusal(refusals.explain(error, subject)) from None
            record = found
        view = self._keep(record.uri, record)
        self._announce()
        return GatewayReady(gateway=view)

    async def _existing(
        self, client: "TerminalClient", request: CreateGateway, error: TeletermError
    ) -> "Gateway | None":
        """The proxy that the daemon has already, when that is why it refused."""
        if error.code is not ErrorCode.ALREADY_EXISTS:
            return None
        for one in await client.gateways():
            if one.target_uri == request.target_uri and one.user == request.user:
                return one
        return None

    async def close_cluster(self, root_uri: str) -> None:
        """Stop every proxy into a root cluster and its leaves: its login has ended."""
        for uri, known in list(self._known.items()):
            if str(parse_cluster(known.view.target_uri).root) == root_uri:
                await self._close(uri)

    async def _remove(self, request: RemoveGateway) -> Reply:
        await self._close(request.gateway_uri)
        return Done()

    async def _close(self, uri: str) -> None:
        known = self._known.pop(uri, None)
        if known:
            with contextlib.suppress(TeletermError):
                client = await self._daemon.client()
                await client.remove_gateway(known.daemon_uri)
            self._announce()

    async def _set_port(self, request: SetGatewayPort) -> Reply:
        known = self._find(request.gateway_uri)
        _check_port(request.local_port)
        client = await self._daemon.client()
        try:
            port = request.local_port or self._free_port()
            record = await client.set_gateway_port(known.daemon_uri, port)
        except TeletermError as error:
            subject = self._subject(known.view.target_uri, request.local_port)
            failed = refusals.explain(error, subject)
            raise Refusal(structs.replace(failed, field="local_port")) from None
        return self._changed(request.gateway_uri, record)

    async def _set_subresource(self, request: SetGatewaySubresource) -> Reply:
        known = self._find(request.gateway_uri)
        if known.view.subresource == request.subresource:
            return GatewayReady(gateway=known.view)
        client = await self._daemon.client()
        try:
            record = await client.set_gateway_subresource(known.daemon_uri, request.subresource)
        except TeletermError as error:
            subject = self._subject(known.view.target_uri, known.view.local_port)
            raise Refusal(refusals.explain(error, subject)) from None
        return self._changed(request.gateway_uri, record)

    def _changed(self, uri: str, record: "Gateway") -> Reply:
        view = self._keep(uri, record)
        self._announce()
        return GatewayReady(gateway=view)

    def _same(self, request: CreateGateway) -> GatewayView | None:
        """The proxy that is open for this target and user already."""
        for one in self._known.values():
            view = one.view
            if (view.target_uri, view.user) == (request.target_uri, request.user):
                return view if one.record and not view.problem else None
        return None

    def _find(self, uri: str) -> _Known:
        known = self._known.get(uri)
        if known is None:
            raise BadInput("This local proxy doesn't run any more.", field="gateway_uri")
        return known

    def _by_daemon_uri(self, uri: str) -> _Known | None:
        return next((one for one in self._known.values() if one.daemon_uri == uri), None)

    def _keep(self, uri: str, record: "Gateway") -> GatewayView:
        """Take a record over; a proxy of the same target and user keeps the window's address."""
        for old_uri, one in self._known.items():
            if (one.view.target_uri, one.view.user) == (record.target_uri, record.user):
                uri = old_uri
        view = view_of(record, uri)
        self._known[uri] = _Known(daemon_uri=record.uri, view=view, record=record)
        return view

    def _subject(self, target_uri: str, port: int) -> Subject:
        name = target_uri.rsplit("/", 1)[-1]
        base = self._clusters.subject(target_uri, f"open {name}", name=name)
        return replace(base, port=port)

    def _announce(self) -> None:
        self._tell(GatewaysChanged(gateways=self.views))
        self.on_change()


def view_of(record: "Gateway", uri: str) -> GatewayView:
    """A gateway as the window shows it."""
    program = PurePath(record.command_path)
    name = record.command_args[0] if record.command_args else program.name
    return GatewayView(
        uri=uri,
        target_uri=record.target_uri,
        target_name=record.target_name,
        cluster_uri=str(parse_cluster(record.target_uri)),
        user=record.user,
        subresource=record.subresource,
        protocol=record.protocol,
        local_address=record.local_address,
        local_port=record.local_port,
        command=record.command_preview,
        command_env=record.command_env,
        is_client_found=program.is_absolute() or not record.command_path,
        client_name=PurePath(name).name,
    )


def trouble_notice(notices: Notices, text: str) -> None:
    """Say that a connection through a proxy failed."""
    notices.warning("A connection was refused.", text, key="gateway-trouble")


def _check_port(port: int) -> None:
    if port and not LOWEST_PORT <= port <= HIGHEST_PORT:
        raise BadInput(
            f"{port} is not a port. Ports are numbers from 1024 to 65535.",
            field="local_port",
            value=str(port),
        )
