"""Who a profile is logged in as, read from its certificates. Nothing is asked of the cluster.

Source: cluster-login.md 5.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from teleterm.client.keystore import KeyStore, ResourceFolder
from teleterm.client.profile import Profile
from teleterm.model import port as ports
from teleterm.model.errors import ErrorCode, PeerBroke, Refused
from teleterm.wire import ssh_certificate, tls_identity, x509
from teleterm.wire.resource_ids import ResourceId
from teleterm.wire.resource_ids import decode as decode_resource_ids

# extensions that `tsh status` shows in words of its own
_SHOWN_ELSEWHERE = {
    ssh_certificate.ROLES,
    ssh_certificate.TRAITS,
    ssh_certificate.ROUTE_TO_CLUSTER,
    ssh_certificate.ACTIVE_REQUESTS,
    ssh_certificate.ALLOWED_RESOURCES,
    ssh_certificate.GITHUB_ID,
    ssh_certificate.GITHUB_LOGIN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRoute:
    """A database and as whom to connect; `protocol` as in the resource's description."""

    service: str
    protocol: str
    username: str = ""
    database: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRoute:
    """An application; all of name, address and cluster must be right."""

    name: str
    public_addr: str
    cluster: str
    uri: str = ""
    target_port: int = 0
    aws_role_arn: str = ""
    azure_identity: str = ""
    gcp_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the certificates of a profile say. `cluster` is the root cluster."""

    username: str
    cluster: str
    valid_until: datetime
    roles: tuple[str, ...] = ()
    traits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    logins: tuple[str, ...] = ()
    active_requests: tuple[str, ...] = ()
    allowed_resources: tuple[ResourceId, ...] = ()
    kube_users: tuple[str, ...] = ()
    kube_groups: tuple[str, ...] = ()
    db_names: tuple[str, ...] = ()
    db_users: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    critical_options: Mapping[str, str] = field(default_factory=dict)
    databases: tuple[DatabaseRoute, ...] = ()
    apps: tuple[AppRoute, ...] = ()
    github_id: str = ""
    github_login: str = ""

    def is_expired(self, now: datetime) -> bool:
        """Whether the login has ended."""
        return now >= self.valid_until

    def valid_for(self, now: datetime) -> timedelta:
        """How long the login still lasts; negative when it ended."""
        return self.valid_until - now


def read(keys: KeyStore, profile: Profile, *, now: datetime) -> Identity:
    """The identity of a profile.

    Raises: Refused (NEEDS_LOGIN) when there are no certificates, or damaged ones. Expired ones are
            read like others.
    """
    host, user = profile.name, profile.user
    _, pem = keys.tls_pair(host, user)
    try:
        certificate = x509.parse_pem(pem)
        subject = tls_identity.decode(certificate.subject)
        root = certificate.issuer_name
        line = _ssh_line(keys, profile, root)
        parsed = ssh_certificate.parse_line(line) if line else None
    except PeerBroke as error:
        raise Refused(
            f"The certificates for {host} are damaged.",
            code=ErrorCode.NEEDS_LOGIN,
            hint=f"Log in again: tsh login --proxy={host}",
            details=error.details or error.message,
        ) from error
    base = Identity(
        username=subject.user,
        cluster=root,
        valid_until=certificate.not_after,
        roles=subject.roles,
        traits=subject.traits,
        logins=tuple(
            name for name in subject.logins if not name.startswith(ssh_certificate.INTERNAL_LOGIN)
        ),
        active_requests=subject.active_requests,
        allowed_resources=decode_resource_ids(subject.allowed_resources),
        kube_users=subject.kube_users,
        kube_groups=subject.kube_groups,
        db_names=subject.db_names,
        db_users=subject.db_users,
        databases=_databases(keys, host, user, now),
        apps=_apps(keys, host, user, now),
    )
    return _with_ssh(base, parsed)


def _ssh_line(keys: KeyStore, profile: Profile, root: str) -> str:
    for cluster in (profile.cluster, root):
        line = keys.ssh_certificate(profile.name, profile.user, cluster) if cluster else ""
        if line:
            return line
    return ""


def _with_ssh(base: Identity, parsed: ssh_certificate.SshCertificate | None) -> Identity:
    """Add what only the SSH certificate says; where both say it, the SSH one counts."""
    from dataclasses import replace

    if parsed is None:
        return base
    extensions = parsed.extensions
    return replace(
        base,
        username=parsed.key_id or base.username,
        valid_until=parsed.valid_before,
        roles=parsed.roles or base.roles,
        traits=parsed.traits or base.traits,
        logins=parsed.logins,
        active_requests=parsed.active_requests,
        allowed_resources=decode_resource_ids(
            extensions.get(ssh_certificate.ALLOWED_RESOURCES, "")
        ),
        extensions=tuple(sorted(extensions.keys() - _SHOWN_ELSEWHERE)),
        critical_options=dict(parsed.critical_options),
        github_id=extensions.get(ssh_certificate.GITHUB_ID, ""),
        github_login=extensions.get(ssh_certificate.GITHUB_LOGIN, ""),
    )


def _databases(keys: KeyStore, host: str, user: str, now: datetime) -> tuple[DatabaseRoute, ...]:
    routes: list[DatabaseRoute] = []
    for _, _, certificate in keys.resources(ResourceFolder.DATABASE, host, user):
        subject = tls_identity.decode(certificate.subject)
        if certificate.not_after > now and subject.db_service:
            routes.append(
                DatabaseRoute(
                    service=subject.db_service,
                    protocol=subject.db_protocol,
                    username=subject.db_user,
                    database=subject.db_name,
                    roles=subject.db_roles,
                )
            )
    return tuple(routes)


def _apps(keys: KeyStore, host: str, user: str, now: datetime) -> tuple[AppRoute, ...]:
    routes: list[AppRoute] = []
    for cluster, name, certificate in keys.resources(ResourceFolder.APP, host, user):
        subject = tls_identity.decode(certificate.subject)
        if certificate.not_after > now and subject.app_public_addr:
            routes.append(
                AppRoute(
                    name=subject.app_name or name,
                    public_addr=subject.app_public_addr,
                    cluster=subject.app_cluster or cluster,
                    target_port=ports.read(subject.app_target_port),
                    aws_role_arn=subject.aws_role_arn,
                    azure_identity=subject.azure_identity,
                    gcp_account=subject.gcp_account,
                )
            )
    return tuple(routes)
