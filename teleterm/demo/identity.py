"""Who a certificate speaks for, as written in the subject of a user's X.509 certificate."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import NameOID

# Source: tlsca subject attributes, Teleport 18.3.
_ARC = "1.3.9999"
OID_KUBE_USER = x509.ObjectIdentifier(f"{_ARC}.1.1")
OID_KUBE_GROUP = x509.ObjectIdentifier(f"{_ARC}.1.2")
OID_KUBE_CLUSTER = x509.ObjectIdentifier(f"{_ARC}.1.3")
OID_APP_SESSION = x509.ObjectIdentifier(f"{_ARC}.1.4")
OID_APP_CLUSTER = x509.ObjectIdentifier(f"{_ARC}.1.5")
OID_APP_PUBLIC_ADDR = x509.ObjectIdentifier(f"{_ARC}.1.6")
OID_APP_NAME = x509.ObjectIdentifier(f"{_ARC}.1.10")
OID_APP_TARGET_PORT = x509.ObjectIdentifier(f"{_ARC}.1.21")
OID_TELEPORT_CLUSTER = x509.ObjectIdentifier(f"{_ARC}.1.7")
OID_MFA_DEVICE = x509.ObjectIdentifier(f"{_ARC}.1.8")
OID_LOGIN_IP = x509.ObjectIdentifier(f"{_ARC}.1.9")
OID_PRIVATE_KEY_POLICY = x509.ObjectIdentifier(f"{_ARC}.1.15")
OID_USER_TYPE = x509.ObjectIdentifier(f"{_ARC}.1.20")
OID_DB_SERVICE = x509.ObjectIdentifier(f"{_ARC}.2.1")
OID_DB_PROTOCOL = x509.ObjectIdentifier(f"{_ARC}.2.2")
OID_DB_USER = x509.ObjectIdentifier(f"{_ARC}.2.3")
OID_DB_NAME = x509.ObjectIdentifier(f"{_ARC}.2.4")
OID_DB_ALLOWED_NAME = x509.ObjectIdentifier(f"{_ARC}.2.5")
OID_ACTIVE_REQUEST = x509.ObjectIdentifier(f"{_ARC}.2.8")
OID_PREVIOUS_END = x509.ObjectIdentifier(f"{_ARC}.2.12")
OID_DB_ALLOWED_USER = x509.ObjectIdentifier(f"{_ARC}.2.6")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRoute:
    """The database a certificate was issued for; an empty `service` means none."""

    service: str = ""
    protocol: str = ""
    user: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRoute:
    """The application a certificate was issued for; an empty `name` means none."""

    name: str = ""
    session_id: str = ""
    public_addr: str = ""
    cluster: str = ""
    target_port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A user as certificates carry it.

    `logins` hold the internal principals (`-teleport-…`) too; `usages` is empty for a certificate
    that is good everywhere. `mfa_device` names what confirmed a certificate for one session, and
    `previous_end` is then the end of the login's own.
    """

    user: str
    cluster: str
    roles: tuple[str, ...] = ()
    usages: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    traits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    route_to_cluster: str = ""
    login_ip: str = ""
    mfa_device: str = ""
    previous_end: str = ""
    user_type: str = "local"
    database: DatabaseRoute = field(default_factory=DatabaseRoute)
    database_users: tuple[str, ...] = ()
    database_names: tuple[str, ...] = ()
    kube_cluster: str = ""
    kube_users: tuple[str, ...] = ()
    kube_groups: tuple[str, ...] = ()
    app: AppRoute = field(default_factory=AppRoute)

    @property
    def traits_json(self) -> str:
        """The traits as both kinds of certificate spell them."""
        return json.dumps({name: list(values) for name, values in self.traits.items()})


def subject_of(identity: Identity) -> x509.Name:
    """Give the subject that carries `identity`; repeated attributes are lists."""
    pairs: list[tuple[x509.ObjectIdentifier, str]] = [(NameOID.COMMON_NAME, identity.user)]
    pairs += [(NameOID.ORGANIZATION_NAME, role) for role in identity.roles]
    pairs += [(NameOID.ORGANIZATIONAL_UNIT_NAME, usage) for usage in identity.usages]
    pairs += [(NameOID.LOCALITY_NAME, login) for login in identity.logins]
    pairs += [
        (NameOID.STREET_ADDRESS, identity.route_to_cluster),
        (NameOID.POSTAL_CODE, identity.traits_json),
        (OID_TELEPORT_CLUSTER, identity.cluster),
        (OID_LOGIN_IP, identity.login_ip),
        (OID_MFA_DEVICE, identity.mfa_device),
        (OID_PREVIOUS_END, identity.previous_end),
        (OID_PRIVATE_KEY_POLICY, "none"),
        (OID_USER_TYPE, identity.user_type),
        (OID_DB_SERVICE, identity.database.service),
        (OID_DB_PROTOCOL, identity.database.protocol),
        (OID_DB_USER, identity.database.user),
        (OID_DB_NAME, identity.database.name),
        (OID_KUBE_CLUSTER, identity.kube_cluster),
        (OID_APP_SESSION, identity.app.session_id),
        (OID_APP_CLUSTER, identity.app.cluster),
        (OID_APP_PUBLIC_ADDR, identity.app.public_addr),
        (OID_APP_NAME, identity.app.name),
        (OID_APP_TARGET_PORT, str(identity.app.target_port or "")),
    ]
    pairs += [(OID_KUBE_USER, user) for user in identity.kube_users]
    pairs += [(OID_KUBE_GROUP, group) for group in identity.kube_groups]
    pairs += [(OID_DB_ALLOWED_NAME, name) for name in identity.database_names]
    pairs += [(OID_DB_ALLOWED_USER, user) for user in identity.database_users]
    pairs += [(OID_ACTIVE_REQUEST, ident) for ident in identity.requests]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs if value])


def identity_of(certificate: x509.Certificate) -> Identity:
    """Read the identity back from a certificate's subject; unknown attributes are ignored."""

    def every(oid: x509.ObjectIdentifier) -> tuple[str, ...]:
        return tuple(str(item.value) for item in certificate.subject.get_attributes_for_oid(oid))

    def first(oid: x509.ObjectIdentifier) -> str:
        return next(iter(every(oid)), "")

    return Identity(
        user=first(NameOID.COMMON_NAME),
        cluster=first(OID_TELEPORT_CLUSTER),
        roles=every(NameOID.ORGANIZATION_NAME),
        usages=every(NameOID.ORGANIZATIONAL_UNIT_NAME),
        logins=every(NameOID.LOCALITY_NAME),
        requests=every(OID_ACTIVE_REQUEST),
        traits=_traits(first(NameOID.POSTAL_CODE)),
        route_to_cluster=first(NameOID.STREET_ADDRESS),
        login_ip=first(OID_LOGIN_IP),
        mfa_device=first(OID_MFA_DEVICE),
        previous_end=first(OID_PREVIOUS_END),
        user_type=first(OID_USER_TYPE) or "local",
        database=DatabaseRoute(
            service=first(OID_DB_SERVICE),
            protocol=first(OID_DB_PROTOCOL),
            user=first(OID_DB_USER),
            name=first(OID_DB_NAME),
        ),
        database_users=every(OID_DB_ALLOWED_USER),
        database_names=every(OID_DB_ALLOWED_NAME),
        kube_cluster=first(OID_KUBE_CLUSTER),
        kube_users=every(OID_KUBE_USER),
        kube_groups=every(OID_KUBE_GROUP),
        app=AppRoute(
            name=first(OID_APP_NAME),
            session_id=first(OID_APP_SESSION),
            public_addr=first(OID_APP_PUBLIC_ADDR),
            cluster=first(OID_APP_CLUSTER),
            target_port=int(first(OID_APP_TARGET_PORT) or 0),
        ),
    )


def _traits(text: str) -> dict[str, tuple[str, ...]]:
    raw: object = json.loads(text) if text else {}
    if not isinstance(raw, dict):
        return {}
    return {
        str(name): tuple(str(value) for value in values)
        for name, values in raw.items()
        if isinstance(values, list)
    }
