"""The identity that Teleport writes into the subject of a TLS certificate.

Source: cluster-login.md 5.4; Teleport `lib/tlsca/ca.go`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

_USER = "2.5.4.3"
_LOGIN = "2.5.4.7"
_ROUTE_TO_CLUSTER = "2.5.4.9"
_ROLE = "2.5.4.10"
_USAGE = "2.5.4.11"
_TRAITS = "2.5.4.17"
_APP = "1.3.9999.1"
_DB = "1.3.9999.2"
_DEVICE = "1.3.9999.3"

# attribute of TlsIdentity -> object id, for single texts and for lists
_TEXTS = {
    "kube_cluster": f"{_APP}.3",
    "app_session_id": f"{_APP}.4",
    "app_cluster": f"{_APP}.5",
    "app_public_addr": f"{_APP}.6",
    "teleport_cluster": f"{_APP}.7",
    "mfa_device": f"{_APP}.8",
    "login_ip": f"{_APP}.9",
    "app_name": f"{_APP}.10",
    "aws_role_arn": f"{_APP}.11",
    "private_key_policy": f"{_APP}.15",
    "azure_identity": f"{_APP}.16",
    "gcp_account": f"{_APP}.18",
    "user_type": f"{_APP}.20",
    "app_target_port": f"{_APP}.21",
    "db_service": f"{_DB}.1",
    "db_protocol": f"{_DB}.2",
    "db_user": f"{_DB}.3",
    "db_name": f"{_DB}.4",
    "impersonator": f"{_DB}.7",
    "allowed_resources": f"{_DB}.10",
    "previous_expiry": f"{_DB}.12",
    "connection_diagnostic_id": f"{_DB}.13",
    "pinned_ip": f"{_DB}.15",
    "device_id": f"{_DEVICE}.1",
    "device_asset_tag": f"{_DEVICE}.2",
    "device_credential_id": f"{_DEVICE}.3",
}
_LISTS = {
    "roles": _ROLE,
    "usage": _USAGE,
    "logins": _LOGIN,
    "kube_users": f"{_APP}.1",
    "kube_groups": f"{_APP}.2",
    "aws_role_arns": f"{_APP}.12",
    "azure_identities": f"{_APP}.17",
    "gcp_accounts": f"{_APP}.19",
    "db_names": f"{_DB}.5",
    "db_users": f"{_DB}.6",
    "active_requests": f"{_DB}.8",
    "system_roles": f"{_DB}.11",
    "db_roles": f"{_DB}.19",
}
_DISALLOW_REISSUE = f"{_DB}.9"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsIdentity:
    """Who a certificate speaks for and what it leads to.

    `usage` restricts it: `usage:kube`, `usage:db`, `usage:apps`, `usage:windows_desktop`; empty for
    none. `logins` still hold the internal ones that begin with `-teleport-`.
    """

    user: str
    roles: tuple[str, ...] = ()
    usage: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    route_to_cluster: str = ""
    traits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kube_users: tuple[str, ...] = ()
    kube_groups: tuple[str, ...] = ()
    kube_cluster: str = ""
    app_session_id: str = ""
    app_cluster: str = ""
    app_public_addr: str = ""
    app_name: str = ""
    app_target_port: str = ""
    teleport_cluster: str = ""
    mfa_device: str = ""
    login_ip: str = ""
    aws_role_arn: str = ""
    aws_role_arns: tuple[str, ...] = ()
    azure_identity: str = ""
    azure_identities: tuple[str, ...] = ()
    gcp_account: str = ""
    gcp_accounts: tuple[str, ...] = ()
    private_key_policy: str = ""
    user_type: str = ""
    db_service: str = ""
    db_protocol: str = ""
    db_user: str = ""
    db_name: str = ""
    db_names: tuple[str, ...] = ()
    db_users: tuple[str, ...] = ()
    db_roles: tuple[str, ...] = ()
    impersonator: str = ""
    active_requests: tuple[str, ...] = ()
    disallow_reissue: bool = False
    allowed_resources: str = ""
    system_roles: tuple[str, ...] = ()
    previous_expiry: str = ""
    connection_diagnostic_id: str = ""
    pinned_ip: str = ""
    device_id: str = ""
    device_asset_tag: str = ""
    device_credential_id: str = ""


def decode(subject: Iterable[tuple[str, str]]) -> TlsIdentity:
    """The identity in the attributes of a subject; attributes nobody knows are passed over."""
    values: dict[str, list[str]] = {}
    for oid, value in subject:
        values.setdefault(oid, []).append(value)

    def first(oid: str) -> str:
        return values.get(oid, [""])[0]

    texts = {name: first(oid) for name, oid in _TEXTS.items()}
    lists = {name: tuple(values.get(oid, ())) for name, oid in _LISTS.items()}
    base = TlsIdentity(
        user=first(_USER),
        route_to_cluster=first(_ROUTE_TO_CLUSTER),
        traits=decode_traits(first(_TRAITS)),
        disallow_reissue=first(_DISALLOW_REISSUE) == "true",
    )
    for name, text in texts.items():
        object.__setattr__(base, name, text)
    for name, items in lists.items():
        object.__setattr__(base, name, items)
    return base


def encode(identity: TlsIdentity) -> list[tuple[str, str]]:
    """The attributes of a subject for an identity; empty ones are left out."""
    pairs = [(_USER, identity.user), (_ROUTE_TO_CLUSTER, identity.route_to_cluster)]
    pairs.append((_TRAITS, encode_traits(identity.traits)))
    pairs += [(oid, str(getattr(identity, name))) for name, oid in _TEXTS.items()]
    pairs.append((_DISALLOW_REISSUE, "true" if identity.disallow_reissue else ""))
    for name, oid in _LISTS.items():
        items: tuple[str, ...] = getattr(identity, name)
        pairs += [(oid, item) for item in items]
    return [(oid, value) for oid, value in pairs if value]


def decode_traits(text: str) -> dict[str, tuple[str, ...]]:
    """Traits from their JSON text; null stands for an empty list; a text that is none gives {}."""
    try:
        values: object = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {
        str(name): tuple(str(item) for item in items) if isinstance(items, list) else ()
        for name, items in values.items()
    }


def encode_traits(traits: dict[str, tuple[str, ...]]) -> str:
    """The JSON text of traits; empty when there are none."""
    if not traits:
        return ""
    return json.dumps(
        {name: list(items) or None for name, items in sorted(traits.items())}, separators=(",", ":")
    )
