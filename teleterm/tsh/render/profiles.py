"""The profiles of `tsh status`, as text and as a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from teleterm.client.identity import Identity
from teleterm.client.profile import Profile
from teleterm.tsh.render import times
from teleterm.tsh.render.document import FlushLeft, Value
from teleterm.wire.resource_ids import ResourceId

_SHADOWS = (
    "TELEPORT_PROXY",
    "TELEPORT_CLUSTER",
    "TELEPORT_SITE",
    "TELEPORT_KUBE_CLUSTER",
    "KUBECONFIG",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """A profile with who is logged in there; `kube_cluster` is the one kubectl uses now."""

    profile: Profile
    identity: Identity
    kube_cluster: str = ""

    @property
    def cluster(self) -> str:
        """The selected cluster."""
        return self.profile.cluster or self.identity.cluster


def shadowing(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that stand in for what a profile says."""
    return {name: environ[name] for name in _SHADOWS if environ.get(name)}


def text(
    row: ProfileRow, *, now: datetime, active: bool, environ: Mapping[str, str], debug: bool = False
) -> str:
    """The block of one profile, with the empty line behind it."""
    identity = row.identity
    proxy = f"https://{row.profile.web_proxy_addr}"
    cluster = row.cluster
    if active:
        proxy, cluster = _shadowed(proxy, cluster, environ)
    lines = [
        ("Profile URL", proxy),
        ("Logged in as", identity.username),
        ("Active requests", ", ".join(identity.active_requests)),
        ("Cluster", cluster),
        ("Roles", ", ".join(sorted(identity.roles))),
        *(_traits(identity.traits) if debug else []),
        ("Logins", ", ".join(identity.logins)),
        ("Kubernetes", "enabled" if row.profile.kube_proxy_addr else "disabled"),
        *_kubernetes(row, environ if active else {}),
        ("Databases", ", ".join(route.service for route in identity.databases)),
        ("Allowed Resources", _resources(identity)),
        ("GitHub username", identity.github_login),
        (
            "Valid until",
            f"{times.local(identity.valid_until)} [{times.remaining(identity.valid_for(now))}]",
        ),
        ("Extensions", ", ".join(identity.extensions)),
    ]
    drawn = [_line(title, value) for title, value in lines if value]
    mark = "> " if active else "  "
    return mark + drawn[0][2:] + "".join(drawn[1:]) + "\n"


def _kubernetes(row: ProfileRow, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    if not row.profile.kube_proxy_addr:
        return []
    shown = row.kube_cluster
    if environ.get("TELEPORT_KUBE_CLUSTER"):
        shown += " (TELEPORT_KUBE_CLUSTER)"
    return [
        ("Kubernetes cluster", f'"{shown}"' if shown else ""),
        ("Kubernetes users", ", ".join(row.identity.kube_users)),
        ("Kubernetes groups", ", ".join(row.identity.kube_groups)),
    ]


def _line(title: str, value: str) -> str:
    head = f"{title}:" if title else ""
    return f"  {head:<20}{value}\n"


def _shadowed(proxy: str, cluster: str, environ: Mapping[str, str]) -> tuple[str, str]:
    if "TELEPORT_PROXY" in environ:
        proxy = f"https://{environ['TELEPORT_PROXY']} (TELEPORT_PROXY)"
    for name in ("TELEPORT_CLUSTER", "TELEPORT_SITE"):
        if name in environ:
            return proxy, f"{environ[name]} ({name})"
    return proxy, cluster


def _traits(traits: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    rows = [f"{name}: [{' '.join(traits[name])}]" for name in sorted(traits) if traits[name]]
    return [("Traits" if at == 0 else "", row) for at, row in enumerate(rows)]


def _resources(identity: Identity) -> str:
    if not identity.allowed_resources:
        return ""
    import json

    return json.dumps([str(one) for one in identity.allowed_resources], separators=(",", ":"))


def document(
    active: ProfileRow | None,
    others: Sequence[ProfileRow],
    environ: Mapping[str, str],
) -> Value:
    """What `-f json` and `-f yaml` hold."""
    whole: dict[str, Value] = {}
    if active is not None:
        whole["active"] = _profile(active, environ)
    whole["profiles"] = [_profile(row, {}) for row in others]
    if environ:
        whole["environment"] = dict(sorted(environ.items()))
    return whole


def _profile(row: ProfileRow, environ: Mapping[str, str]) -> Value:
    identity = row.identity
    proxy = environ.get("TELEPORT_PROXY") or row.profile.web_proxy_addr
    cluster = environ.get("TELEPORT_CLUSTER") or environ.get("TELEPORT_SITE") or row.cluster
    traits = {name: FlushLeft(values) for name, values in sorted(identity.traits.items()) if values}
    values: dict[str, Value] = {
        "profile_url": f"https://{proxy}",
        "username": identity.username,
        "active_requests": list(identity.active_requests),
        "cluster": cluster,
        "roles": sorted(identity.roles),
        "traits": traits,
        "logins": list(identity.logins),
        "kubernetes_enabled": bool(row.profile.kube_proxy_addr),
        "kubernetes_cluster": row.kube_cluster,
        "kubernetes_users": list(identity.kube_users),
        "kubernetes_groups": list(identity.kube_groups),
        "databases": [route.service for route in identity.databases],
        "valid_until": times.rfc3339(identity.valid_until),
        "extensions": list(identity.extensions),
        "critical_options": dict(identity.critical_options),
        "allowed_resources": [_resource(one) for one in identity.allowed_resources],
    }
    kept = {"kubernetes_enabled"}
    return {key: value for key, value in values.items() if value or key in kept}


def _resource(resource: ResourceId) -> Value:
    shown: dict[str, Value] = {
        "cluster": resource.cluster,
        "kind": resource.kind,
        "name": resource.name,
    }
    if resource.sub_resource:
        shown["sub_resource"] = resource.sub_resource
    return shown
