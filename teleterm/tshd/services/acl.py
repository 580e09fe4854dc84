"""What a user may do, read from the roles: the lists a window greys its menus by.

Source: terminal_service.md 10.2, "ACL".
"""

from collections.abc import Iterable, Sequence

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types

_ANY = "*"
_EVERYBODY_READS = {"node", "ssh_session", "app_server", "db_server", "kube_server"}
"""What the role that every user has besides the named ones lets be listed and read."""
_KINDS = (
    ("recorded_sessions", "session"),
    ("active_sessions", "ssh_session"),
    ("auth_connectors", "auth_connector"),
    ("roles", "role"),
    ("users", "user"),
    ("trusted_clusters", "trusted_cluster"),
    ("events", "event"),
    ("tokens", "token"),
    ("servers", "node"),
    ("apps", "app_server"),
    ("dbs", "db_server"),
    ("kubeservers", "kube_server"),
    ("access_requests", "access_request"),
)


def of(roles: Sequence[types.RoleV6]) -> pb.ACL:
    """The access list of a set of roles."""
    acl = pb.ACL(
        review_requests=any(role.Spec.Allow.ReviewRequests.Roles for role in roles),
        directory_sharing_enabled=not any(_refuses_folders(role) for role in roles),
        clipboard_sharing_enabled=not any(_refuses_clipboard(role) for role in roles),
    )
    for field, kind in _KINDS:
        getattr(acl, field).CopyFrom(_access(roles, kind))
    if any(role.Spec.Allow.JoinSessions for role in roles):
        acl.active_sessions.list = True
        acl.active_sessions.read = True
    return acl


def needs_device(roles: Sequence[types.RoleV6], cluster_mode: str) -> bool:
    """Whether the cluster or a role asks for a trusted device."""
    modes = {cluster_mode, *(role.Spec.Options.DeviceTrustMode for role in roles)}
    return bool(modes & {"required", "required-for-humans"})


def _refuses_folders(role: types.RoleV6) -> bool:
    options = role.Spec.Options
    return options.HasField("DesktopDirectorySharing") and not options.DesktopDirectorySharing.Value


def _refuses_clipboard(role: types.RoleV6) -> bool:
    options = role.Spec.Options
    return options.HasField("DesktopClipboard") and not options.DesktopClipboard.Value


def _access(roles: Sequence[types.RoleV6], kind: str) -> pb.ResourceAccess:
    return pb.ResourceAccess(
        list=_may(roles, kind, "list"),
        read=_may(roles, kind, "read"),
        edit=_may(roles, kind, "update"),
        create=_may(roles, kind, "create"),
        delete=_may(roles, kind, "delete"),
        use=_may(roles, kind, "use"),
    )


def _may(roles: Sequence[types.RoleV6], kind: str, verb: str) -> bool:
    denied = any(_names(role.Spec.Deny.Rules, kind, verb) for role in roles)
    if not denied and kind in _EVERYBODY_READS and verb in {"list", "read"}:
        return True
    return not denied and any(_names(role.Spec.Allow.Rules, kind, verb) for role in roles)


def _names(rules: Iterable[types.Rule], kind: str, verb: str) -> bool:
    """Whether a rule covers it; conditions on one object (`Where`) can't be met by a whole kind."""
    return any(
        (kind in rule.Resources or _ANY in rule.Resources)
        and (verb in rule.Verbs or _ANY in rule.Verbs)
        and not rule.Where
        for rule in rules
    )
