"""Protobuf messages to records."""

from collections.abc import Iterable

from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2 as update_pb,
)
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshdclient.records import (
    AuthProvider,
    AuthSettings,
    Cluster,
    Gateway,
    Resource,
    ToolsWish,
    ToolsWishes,
)

_CLIENT_STATUS = {
    pb.CLIENT_VERSION_STATUS_TOO_OLD: "too_old",
    pb.CLIENT_VERSION_STATUS_TOO_NEW: "too_new",
    pb.CLIENT_VERSION_STATUS_OK: "ok",
}


def cluster(message: pb.Cluster) -> Cluster:
    """A cluster."""
    return Cluster(
        uri=message.uri,
        name=message.name,
        proxy_host=message.proxy_host,
        is_connected=message.connected,
        is_leaf=message.leaf,
        user=message.logged_in_user.name,
        roles=tuple(message.logged_in_user.roles),
        proxy_version=message.proxy_version,
        sso_host=message.sso_host,
        problem=message.profile_status_error,
        active_requests=tuple(message.logged_in_user.active_requests),
        reviewers=tuple(message.logged_in_user.suggested_reviewers),
        shows_requestable=message.show_resources != pb.SHOW_RESOURCES_ACCESSIBLE_ONLY,
    )


def auth_settings(message: pb.AuthSettings) -> AuthSettings:
    """How one may log in."""
    return AuthSettings(
        is_local_enabled=message.local_auth_enabled,
        auth_type=message.auth_type,
        is_passwordless_allowed=message.allow_passwordless,
        providers=tuple(
            AuthProvider(type=one.type, name=one.name, display_name=one.display_name)
            for one in message.auth_providers
        ),
        client_status=_CLIENT_STATUS.get(message.client_version_status, ""),
        client_version=message.versions.client,
        server_version=message.versions.server,
    )


def gateway(message: pb.Gateway) -> Gateway:
    """A local proxy."""
    command = message.gateway_cli_command
    return Gateway(
        uri=message.uri,
        target_uri=message.target_uri,
        target_name=message.target_name,
        user=message.target_user,
        subresource=message.target_subresource_name,
        protocol=message.protocol,
        local_address=message.local_address,
        local_port=int(message.local_port or 0),
        command_path=command.path,
        command_args=tuple(command.args),
        command_env=tuple(command.env),
        command_preview=command.preview,
    )


def resource(message: pb.PaginatedResource) -> Resource | None:
    """A resource, or None for a kind this program doesn't know."""
    needs_request = message.requires_request
    match message.WhichOneof("resource"):
        case "server":
            return _server(message.server, needs_request=needs_request)
        case "database":
            return _database(message.database, needs_request=needs_request)
        case "kube":
            kube = message.kube
            return Resource(
                kind="kube_cluster",
                uri=kube.uri,
                name=kube.name,
                labels=_labels(kube.labels),
                requires_request=needs_request,
                health=kube.target_health.status,
            )
        case "app":
            return _app(message.app, needs_request=needs_request)
        case "windows_desktop":
            desktop = message.windows_desktop
            return Resource(
                kind="windows_desktop",
                uri=desktop.uri,
                name=desktop.name,
                address=desktop.addr,
                labels=_labels(desktop.labels),
                logins=tuple(desktop.logins),
                requires_request=needs_request,
            )
        case _:
            return None


def _server(message: pb.Server, *, needs_request: bool) -> Resource:
    return Resource(
        kind="node",
        uri=message.uri,
        name=message.hostname,
        address=message.addr,
        is_tunnel=message.tunnel,
        labels=_labels(message.labels),
        logins=tuple(message.logins),
        requires_request=needs_request,
    )


def _database(message: pb.Database, *, needs_request: bool) -> Resource:
    return Resource(
        kind="db",
        uri=message.uri,
        name=message.name,
        address=message.addr,
        protocol=f"{message.type}/{message.protocol}" if message.type else message.protocol,
        description=message.desc,
        labels=_labels(message.labels),
        requires_request=needs_request,
        health=message.target_health.status,
    )


def _app(message: pb.App, *, needs_request: bool) -> Resource:
    return Resource(
        kind="app",
        uri=message.uri,
        name=message.friendly_name or message.name,
        address=message.public_addr or message.fqdn,
        protocol="TCP" if message.endpoint_uri.startswith("tcp://") else "HTTP",
        description=message.desc,
        labels=_labels(message.labels),
        ports=tuple(ports.port for ports in message.tcp_ports),
        requires_request=needs_request,
    )


def _labels(labels: Iterable[pb.Label]) -> tuple[tuple[str, str], ...]:
    return tuple((label.name, label.value) for label in labels)


def tools_wishes(message: update_pb.GetClusterVersionsResponse) -> ToolsWishes:
    """What clusters want of the client tools."""
    return ToolsWishes(
        reachable=tuple(
            ToolsWish(
                cluster_uri=one.cluster_uri,
                is_updating=one.tools_auto_update,
                tools_version=one.tools_version,
                min_tools_version=one.min_tools_version,
            )
            for one in message.reachable_clusters
        ),
        unreachable=tuple(one.cluster_uri for one in message.unreachable_clusters),
    )
