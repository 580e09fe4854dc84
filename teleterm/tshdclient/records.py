"""What the daemon tells, as plain data: the rest of the program never sees a protobuf message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A root or leaf cluster; fields that only GetCluster fills stay empty otherwise."""

    uri: str
    name: str = ""
    proxy_host: str = ""
    is_connected: bool = False
    is_leaf: bool = False
    user: str = ""
    roles: tuple[str, ...] = ()
    proxy_version: str = ""
    sso_host: str = ""
    problem: str = ""
    active_requests: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    """Whom the cluster suggests to review access requests."""
    shows_requestable: bool = True
    """Whether its lists may hold what one must ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthProvider:
    """A connector for single sign-on."""

    type: str
    name: str
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSettings:
    """How one may log in to a cluster."""

    is_local_enabled: bool
    auth_type: str
    is_passwordless_allowed: bool
    providers: tuple[AuthProvider, ...]
    client_status: str
    client_version: str
    server_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of any kind; `kind` is one of node, db, kube_cluster, app, windows_desktop."""

    kind: str
    uri: str
    name: str
    address: str = ""
    is_tunnel: bool = False
    protocol: str = ""
    description: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    logins: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    """The first of each range of ports, for an application that has several."""
    requires_request: bool = False
    health: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of resources; an empty `next_key` ends the list."""

    resources: tuple[Resource, ...]
    next_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to list; `kinds` are the wire's own names."""

    cluster_uri: str
    kinds: tuple[str, ...]
    limit: int
    start_key: str = ""
    search: str = ""
    predicate: str = ""
    sort_by: str = "name"
    is_descending: bool = False
    has_requestable: bool = False
    """Whether the list also holds what one must ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A local proxy of the daemon; `command_path` is absolute when the program was found."""

    uri: str
    target_uri: str
    target_name: str
    user: str
    subresource: str
    protocol: str
    local_address: str
    local_port: int
    command_path: str
    command_args: tuple[str, ...]
    command_env: tuple[str, ...]
    command_preview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaQuestion:
    """The daemon asks for a second factor."""

    cluster_uri: str
    reason: str
    has_code: bool
    has_key: bool
    sso_url: str
    sso_name: str
    is_per_session: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloginQuestion:
    """The daemon needs a new login; `gateway_uri` or `target_uri` name what waits for it."""

    cluster_uri: str
    gateway_uri: str = ""
    target_uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyTrouble:
    """A background failure of a gateway (or of the VNet) that the person must hear of."""

    gateway_uri: str
    target_uri: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlessQuestion:
    """Somebody elsewhere wants to run a command as the user."""

    cluster_uri: str
    request_id: str
    client_ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyQuestion:
    """A hardware key wants something; fields unused by the kind are empty."""

    proxy_host: str
    command: str = ""
    text: str = ""
    is_pin_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPin:
    """The answer to a PIN change."""

    pin: str
    puk: str
    is_puk_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolsWish:
    """What one cluster says of the client tools."""

    cluster_uri: str
    is_updating: bool
    tools_version: str
    min_tools_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolsWishes:
    """The clusters that answered, and the URIs of those that didn't."""

    reachable: tuple[ToolsWish, ...]
    unreachable: tuple[str, ...]
