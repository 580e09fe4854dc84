"""Making users' certificates: what both the login page and the auth service hand out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from teleterm.demo.authorities import (
    ClusterAuthorities,
    Window,
    read_ssh_public_key,
    read_tls_public_key,
)
from teleterm.demo.identity import AppRoute, DatabaseRoute
from teleterm.demo.inventory import ROOT, DemoUser
from teleterm.model.clock import Clock

_SHORTEST_TTL = datetime.timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """What is asked for; an empty key means that its certificate isn't wanted."""

    ssh_public_key: bytes = b""
    tls_public_key: bytes = b""
    user: str
    end: datetime.datetime
    mfa_device: str = ""
    previous_end: datetime.datetime | None = None
    is_sso: bool = False
    route_to_cluster: str = ""
    login_ip: str = ""
    database: DatabaseRoute = field(default_factory=DatabaseRoute)
    kube_cluster: str = ""
    app: AppRoute = field(default_factory=AppRoute)
    granted_roles: tuple[str, ...] = ()
    access_requests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCertificates:
    """An SSH certificate (authorized_keys line) and an X.509 one (PEM); empty if not asked for."""

    ssh: bytes = b""
    tls: bytes = b""


class Issuer:
    """Signs with the root cluster's user authorities."""

    def __init__(
        self,
        authorities: ClusterAuthorities,
        users: Sequence[DemoUser],
        clock: Clock,
        session_ttl: datetime.timedelta,
    ) -> None:
        self._authorities = authorities
        self._users = {user.name: user for user in users}
        self._clock = clock
        self._session_ttl = session_ttl

    def end_after(self, ttl: datetime.timedelta) -> datetime.datetime:
        """Give the end of a certificate asked for with `ttl`; nought means as long as it may."""
        allowed = min(ttl, self._session_ttl) if ttl else self._session_ttl
        return self._clock.now() + max(allowed, _SHORTEST_TTL)

    def issue(self, request: CertificateRequest) -> UserCertificates:
        """Sign what is asked for.

        Raises: ValueError when a public key can't be read.
        """
        now = self._clock.now()
        window = Window.until(now, min(request.end, now + self._session_ttl))
        identity = replace(
            self._users[request.user].identity(
                route_to_cluster=request.route_to_cluster or ROOT,
                granted=request.granted_roles,
                requests=request.access_requests,
            ),
            login_ip=request.login_ip,
            mfa_device=request.mfa_device,
            previous_end=_moment(request.previous_end),
            user_type="sso" if request.is_sso else "local",
            database=request.database,
            kube_cluster=request.kube_cluster,
            app=request.app,
        )
        ssh = b""
        if request.ssh_public_key:
            key = read_ssh_public_key(request.ssh_public_key)
            ssh = self._authorities.user_ssh.issue_user(identity, key, window)
        tls = b""
        if request.tls_public_key:
            tls_key = read_tls_public_key(request.tls_public_key)
            tls = self._authorities.issue_user_tls(identity, tls_key, window)
        return UserCertificates(ssh=ssh, tls=tls)


def _moment(moment: datetime.datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
