"""Certificates issued for a purpose: what is asked for, as values, and its message.

Source: cluster-login.md 7.6, 7.7, 9.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from teleterm.client.identity import AppRoute, DatabaseRoute
from teleterm.model.secret import Secret
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth

Request = auth.UserCertsRequest
_AHEAD = timedelta(seconds=2)


class Requester(Enum):
    """Who asks: local proxies get certificates that outlive a minute although MFA was done."""

    NOBODY = Request.UNSPECIFIED
    DATABASE_TUNNEL = Request.TSH_DB_LOCAL_PROXY_TUNNEL
    KUBE_PROXY = Request.TSH_KUBE_LOCAL_PROXY
    APP_PROXY = Request.TSH_APP_LOCAL_PROXY
    DATABASE_EXEC = Request.TSH_DB_EXEC


@dataclass(frozen=True, slots=True, kw_only=True)
class ForDatabase:
    """A certificate that leads to a database."""

    route: DatabaseRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class ForApp:
    """A certificate that leads to an application."""

    route: AppRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class ForKube:
    """A certificate that leads to a Kubernetes cluster."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForDesktop:
    """A certificate that leads to a Windows desktop."""

    name: str
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForNode:
    """A certificate for one server, used once, after MFA."""

    node: str
    login: str


Purpose = ForDatabase | ForApp | ForKube | ForDesktop | ForNode


@dataclass(frozen=True, slots=True, kw_only=True)
class CertRequest:
    """`purpose` None renews the login's own certificates (for another cluster, other requests).

    `cluster` is where the resource is. `drop_requests` may be ("*",).
    """

    purpose: Purpose | None = None
    cluster: str = ""
    access_requests: tuple[str, ...] = ()
    drop_requests: tuple[str, ...] = ()
    requester: Requester = Requester.NOBODY
    check_mfa: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCerts:
    """What was issued; `ssh_certificate` is a line, empty for most purposes."""

    key: Secret[bytes]
    tls_certificate: bytes
    ssh_certificate: str
    expires: datetime
    mfa_verified: bool

    def lasts(self, now: datetime) -> bool:
        """Whether it may still be shown: it has to last until the other side has looked at it."""
        return self.expires - _AHEAD > now


def to_message(request: CertRequest, *, username: str, expires: datetime) -> Request:
    """The message for a request, still without keys and MFA."""
    message = Request(
        Username=username,
        RouteToCluster=request.cluster,
        AccessRequests=request.access_requests,
        DropAccessRequests=request.drop_requests,
        RequesterName=request.requester.value,
        Format="standard",
    )
    message.Expires.FromDatetime(expires)
    match request.purpose:
        case ForDatabase(route=route):
            message.Usage = Request.Database
            message.RouteToDatabase.CopyFrom(database_route(route))
        case ForApp(route=app):
            message.Usage = Request.App
            message.RouteToApp.CopyFrom(app_route(app))
        case ForKube(name=name):
            message.Usage = Request.Kubernetes
            message.KubernetesCluster = name
        case ForDesktop(name=name, login=login):
            message.Usage = Request.WindowsDesktop
            message.RouteToWindowsDesktop.WindowsDesktop = name
            message.RouteToWindowsDesktop.Login = login
        case ForNode(node=node, login=login):
            message.Usage = Request.SSH
            message.NodeName = node
            message.SSHLogin = login
        case None:
            message.Usage = Request.All
    return message


def mfa_check(purpose: Purpose) -> auth.IsMFARequiredRequest:
    """The question whether a connection for that purpose needs MFA."""
    match purpose:
        case ForDatabase(route=route):
            return auth.IsMFARequiredRequest(Database=database_route(route))
        case ForApp(route=app):
            return auth.IsMFARequiredRequest(App=app_route(app))
        case ForKube(name=name):
            return auth.IsMFARequiredRequest(KubernetesCluster=name)
        case ForDesktop(name=name, login=login):
            desktop = auth.RouteToWindowsDesktop(WindowsDesktop=name, Login=login)
            return auth.IsMFARequiredRequest(WindowsDesktop=desktop)
        case ForNode(node=node, login=login):
            return auth.IsMFARequiredRequest(Node=auth.NodeLogin(Node=node, Login=login))


def describe(purpose: Purpose) -> str:
    """What a second factor is asked for, in the official words."""
    match purpose:
        case ForDatabase(route=route):
            return _reason("Database", route.service)
        case ForApp(route=app):
            return _reason("Application", app.name)
        case ForKube(name=name):
            return _reason("Kubernetes cluster", name)
        case ForDesktop(name=name):
            return _reason("Windows desktop", name)
        case ForNode(node=node):
            return _reason("Node", node)


def _reason(what: str, name: str) -> str:
    return f'MFA is required to access {what} "{name}"'


def database_route(route: DatabaseRoute) -> auth.RouteToDatabase:
    """A database as the auth API names it."""
    return auth.RouteToDatabase(
        ServiceName=route.service,
        Protocol=route.protocol,
        Username=route.username,
        Database=route.database,
        Roles=route.roles,
    )


def app_route(route: AppRoute) -> auth.RouteToApp:
    """An application as the auth API names it."""
    return auth.RouteToApp(
        Name=route.name,
        PublicAddr=route.public_addr,
        ClusterName=route.cluster,
        URI=route.uri,
        TargetPort=route.target_port,
        AWSRoleARN=route.aws_role_arn,
        AzureIdentity=route.azure_identity,
        GCPServiceAccount=route.gcp_account,
    )
