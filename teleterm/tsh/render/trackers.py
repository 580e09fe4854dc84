"""Sessions that are going on, as documents and as cells. Source: cluster-login.md 8.3."""

from typing import TYPE_CHECKING

from teleterm.tsh.render import times
from teleterm.tsh.render.document import Value

if TYPE_CHECKING:
    from teleterm.protogen.teleport.types import types_pb2


def document(tracker: "types_pb2.SessionTrackerV1") -> dict[str, Value]:
    """One session."""
    header, spec = tracker.Header, tracker.Spec
    metadata: dict[str, Value] = {"name": header.Metadata.Name}
    if header.Metadata.HasField("Expires"):
        metadata["expires"] = times.stamped(header.Metadata.Expires)
    shown: dict[str, Value] = {"kind": header.Kind}
    if header.SubKind:
        shown["sub_kind"] = header.SubKind
    people = [_participant(one) for one in spec.Participants]
    roles = [{"name": one.Name, "version": one.Version} for one in spec.HostPolicies]
    every: dict[str, Value] = {
        "session_id": spec.SessionID,
        "kind": spec.Kind,
        "state": int(spec.State),
        "created": times.stamped(spec.Created),
        "expires": times.stamped(spec.Expires),
        "attached": spec.AttachedData,
        "reason": spec.Reason,
        "invited": list(spec.Invited),
        "target_hostname": spec.Hostname,
        "target_address": spec.Address,
        "cluster_name": spec.ClusterName,
        "login": spec.Login,
        "participants": people,
        "kubernetes_cluster": spec.KubernetesCluster,
        "host_user": spec.HostUser,
        "host_roles": roles,
        "database_name": spec.DatabaseName,
        "app_name": spec.AppName,
        "app_session_id": spec.AppSessionID,
        "desktop_name": spec.DesktopName,
        "host_id": spec.HostID,
        "target_sub_kind": spec.TargetSubKind,
        "initial_command": list(spec.InitialCommand),
    }
    return {
        **shown,
        "version": header.Version,
        "metadata": metadata,
        "spec": {key: value for key, value in every.items() if value},
    }


def target(spec: "types_pb2.SessionTrackerSpecV1") -> str:
    """Where the session is, for people."""
    match spec.Kind:
        case "ssh":
            return f"{spec.Login}@{spec.Hostname}"
        case "k8s":
            return f"{spec.Hostname}@{spec.KubernetesCluster}"
        case "app":
            return spec.AppName
        case "db":
            return spec.DatabaseName
        case "desktop":
            return f"{spec.Login}@{spec.DesktopName}"
        case _:
            return spec.Hostname


def address(spec: "types_pb2.SessionTrackerSpecV1") -> str:
    """The node; for Kubernetes the command that runs."""
    return " ".join(spec.InitialCommand) if spec.Kind == "k8s" else spec.Address


def _participant(one: "types_pb2.Participant") -> dict[str, Value]:
    every: dict[str, Value] = {
        "id": one.ID,
        "user": one.User,
        "mode": one.Mode,
        "last_active": times.stamped(one.LastActive),
        "cluster": one.Cluster,
    }
    return {key: value for key, value in every.items() if value}
