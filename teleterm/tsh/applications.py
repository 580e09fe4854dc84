"""Applications for the commands: which one is meant, and the certificates there are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from teleterm.client.identity import AppRoute
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import filters

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

_TCP = "tcp://"
_MCP = "mcp+"


async def fetch(auth: "AuthClient", wanted: filters.Filter) -> list["types_pb2.AppV3"]:
    """The applications of a cluster, one of each name, sorted by name."""
    servers = await auth.list_resources("app_server", wanted.query())
    by_name = {one.AppServer.Spec.App.Metadata.Name: one.AppServer.Spec.App for one in servers}
    return [by_name[name] for name in sorted(by_name)]


async def find(auth: "AuthClient", name: str) -> "types_pb2.AppV3":
    """The application of that name.

    Raises: Refused (NOT_FOUND).
    """
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    found = await fetch(auth, filters.Filter(labels={}, expression=f'name == "{quoted}"'))
    if not found:
        raise Refused(
            f'app "{name}" not found, use `tsh apps ls` to see registered apps',
            code=ErrorCode.NOT_FOUND,
        )
    return found[0]


def protocol(app: "types_pb2.AppV3") -> str:
    """HTTP, TCP or MCP."""
    uri = app.Spec.URI
    return "TCP" if uri.startswith(_TCP) else "MCP" if uri.startswith(_MCP) else "HTTP"


def ports(app: "types_pb2.AppV3") -> str:
    """The target ports as a list with ranges; empty for an application with one port."""
    return ", ".join(
        f"{one.Port}-{one.EndPort}" if one.EndPort else str(one.Port) for one in app.Spec.TCPPorts
    )


def all_labels(app: "types_pb2.AppV3") -> dict[str, str]:
    """Fixed labels and the results of commands."""
    commands = {name: label.Result for name, label in app.Spec.DynamicLabels.items()}
    return {**dict(app.Metadata.Labels), **commands}


def check_port(app: "types_pb2.AppV3", port: int) -> None:
    """Refuse a target port that the application doesn't have; 0 is none.

    Raises: BadInput.
    """
    if not port:
        return
    name = app.Metadata.Name
    if not app.Spec.TCPPorts:
        raise BadInput(
            f'cannot specify target port {port} because app "{name}" does not provide access to '
            "multiple ports",
            field="target-port",
            value=str(port),
        )
    if not any(one.Port <= port <= (one.EndPort or one.Port) for one in app.Spec.TCPPorts):
        raise BadInput(
            f'port {port} is not included in target ports of app "{name}"; valid ports: '
            f"{ports(app)}",
            field="target-port",
            value=str(port),
        )


def route(client: "ClusterClient", app: "types_pb2.AppV3", port: int = 0) -> AppRoute:
    """The way to an application."""
    return AppRoute(
        name=app.Metadata.Name,
        public_addr=app.Spec.PublicAddr,
        cluster=client.cluster,
        uri=app.Spec.URI,
        target_port=port,
    )


def active(client: "ClusterClient") -> list[AppRoute]:
    """The applications with a certificate for the selected cluster."""
    return sorted(
        (one for one in client.identity.apps if one.cluster == client.cluster),
        key=lambda one: one.name,
    )


def pick(routes: Sequence[AppRoute], name: str) -> AppRoute:
    """The one that is named, or the only one.

    Raises: Refused (NOT_FOUND), BadInput (AMBIGUOUS).
    """
    for one in routes:
        if one.name == name:
            return one
    if name:
        raise Refused(f'not logged into app "{name}"', code=ErrorCode.NOT_FOUND)
    if not routes:
        raise Refused("please login using 'tsh apps login' first", code=ErrorCode.NOT_FOUND)
    if len(routes) > 1:
        names = ", ".join(one.name for one in routes)
        raise BadInput(
            f"multiple apps are available ({names}), please specify one via CLI argument",
            field="app",
            code=ErrorCode.AMBIGUOUS,
        )
    return routes[0]
