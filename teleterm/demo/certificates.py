"""The auth service's desk for certificates."""

import datetime

from google.protobuf.empty_pb2 import Empty

from teleterm.demo import travelling
from teleterm.demo.apps import AppSessions
from teleterm.demo.factors import FactorDesk
from teleterm.demo.factorservice import check_answer
from teleterm.demo.identity import AppRoute, DatabaseRoute, Identity
from teleterm.demo.inventory import ROOT, DemoMember
from teleterm.demo.issuing import CertificateRequest, Issuer
from teleterm.demo.requests import RequestDesk
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as mfa

_SINGLE_USE = auth.UserCertsRequest.CERT_PURPOSE_SINGLE_USE_CERTS
_MINUTE = datetime.timedelta(minutes=1)
_STAYING = {
    auth.UserCertsRequest.TSH_DB_LOCAL_PROXY_TUNNEL,
    auth.UserCertsRequest.TSH_KUBE_LOCAL_PROXY,
    auth.UserCertsRequest.TSH_KUBE_LOCAL_PROXY_HEADLESS,
    auth.UserCertsRequest.TSH_APP_LOCAL_PROXY,
}


class CertificateDesk:
    """Checks what is asked for, and has it signed; only the root cluster's desk has an `issuer`."""

    def __init__(
        self,
        issuer: Issuer | None,
        members: tuple[DemoMember, ...],
        clock: Clock,
        apps: AppSessions,
        requests: RequestDesk,
        factors: FactorDesk,
    ) -> None:
        self._factors = factors
        self._requests = requests
        self._issuer = issuer
        self._members = members
        self._clock = clock
        self._apps = apps

    async def generate(self, asked: auth.UserCertsRequest, caller: Identity) -> auth.Certs:
        """Issue certificates for the caller's keys."""
        if self._issuer is None:
            raise Refused("access denied: certificates are issued by the root cluster")
        self._check(asked, caller)
        route = asked.RouteToDatabase
        is_single = asked.Purpose == _SINGLE_USE
        device = self._confirmed(asked, caller) if is_single else caller.mfa_device
        active = self._active(asked, caller)
        wanted = CertificateRequest(
            ssh_public_key=asked.SSHPublicKey if _wants_ssh(asked) else b"",
            tls_public_key=asked.TLSPublicKey if _wants_tls(asked) else b"",
            user=caller.user,
            end=self._single_end(asked) if is_single else self._end(asked),
            mfa_device=device,
            previous_end=self._end(asked) if is_single else None,
            is_sso=caller.user_type == "sso",
            route_to_cluster=asked.RouteToCluster,
            login_ip=caller.login_ip,
            database=DatabaseRoute(
                service=route.ServiceName,
                protocol=route.Protocol,
                user=route.Username,
                name=route.Database,
            ),
            kube_cluster=asked.KubernetesCluster,
            app=self._app(asked.RouteToApp),
            granted_roles=self._requests.roles_of(active, caller.user),
            access_requests=active,
        )
        try:
            made = self._issuer.issue(wanted)
        except ValueError as error:
            raise BadInput(str(error)) from None
        return auth.Certs(SSH=made.ssh, TLS=made.tls)

    async def delete_app_session(
        self, asked: auth.DeleteAppSessionRequest, _caller: Identity
    ) -> Empty:
        """End the session of an application's certificate."""
        if not self._apps.end(asked.SessionID):
            raise Refused(f'app_session "{asked.SessionID}" not found', code=ErrorCode.NOT_FOUND)
        return Empty()

    def _confirmed(self, asked: auth.UserCertsRequest, caller: Identity) -> str:
        """The device that a certificate for one session is confirmed with.

        Raises: Refused, BadInput.
        """
        if asked.Usage == auth.UserCertsRequest.All:
            raise BadInput("single-use certificates are for one kind of use only")
        scope = mfa.CHALLENGE_SCOPE_USER_SESSION
        return check_answer(self._factors, caller.user, asked.MFAResponse, scope).id

    def _single_end(self, asked: auth.UserCertsRequest) -> datetime.datetime:
        """A minute, but for programs that stay and keep the certificate to themselves."""
        end = self._end(asked)
        if asked.RequesterName in _STAYING:
            return end
        return min(end, self._clock.now() + _MINUTE)

    def _check(self, asked: auth.UserCertsRequest, caller: Identity) -> None:
        if asked.Username != caller.user:
            raise Refused("access denied: impersonation is not allowed")
        if asked.RouteToCluster and asked.RouteToCluster not in {m.name for m in self._members}:
            raise BadInput(f'cluster "{asked.RouteToCluster}" not found')
        if asked.Usage == auth.UserCertsRequest.SSH and not asked.NodeName:
            raise BadInput("single-use SSH certs require a node name")
        if asked.Usage == auth.UserCertsRequest.Database and not asked.RouteToDatabase.ServiceName:
            raise BadInput("missing database service name")
        self._check_kube(asked)
        if not asked.SSHPublicKey and not asked.TLSPublicKey:
            raise BadInput("a public key is needed to issue a certificate")

    def _active(self, asked: auth.UserCertsRequest, caller: Identity) -> tuple[str, ...]:
        """The access requests that the new certificates carry."""
        dropped = set(asked.DropAccessRequests)
        kept = () if "*" in dropped else (one for one in caller.requests if one not in dropped)
        wanted = (one for one in asked.AccessRequests if one not in dropped)
        return tuple(dict.fromkeys((*wanted, *kept)))

    def _check_kube(self, asked: auth.UserCertsRequest) -> None:
        name = asked.KubernetesCluster
        cluster = asked.RouteToCluster or ROOT
        known = {kube.name for one in self._members if one.name == cluster for kube in one.kubes}
        if name and name not in known:
            raise BadInput(
                f'Kubernetes cluster "{name}" is not registered in this Teleport cluster; you can '
                "list registered Kubernetes clusters using 'tsh kube ls'"
            )

    def _app(self, route: auth.RouteToApp) -> AppRoute:
        """The route to an application, its session begun; an empty one when none is asked for."""
        if not route.Name:
            return AppRoute()
        return AppRoute(
            name=route.Name,
            session_id=self._apps.begin(),
            public_addr=route.PublicAddr,
            cluster=route.ClusterName,
            target_port=route.TargetPort,
        )

    def _end(self, asked: auth.UserCertsRequest) -> datetime.datetime:
        if not asked.HasField("Expires"):
            raise BadInput("missing expiration time")
        end = travelling.moment(asked.Expires)
        if end <= self._clock.now():
            raise BadInput("the expiration time is in the past")
        return end


def _wants_ssh(asked: auth.UserCertsRequest) -> bool:
    return asked.Usage in {auth.UserCertsRequest.All, auth.UserCertsRequest.SSH}


def _wants_tls(asked: auth.UserCertsRequest) -> bool:
    return asked.Usage != auth.UserCertsRequest.SSH
