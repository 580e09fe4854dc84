"""The auth service's desk for certificates and second factors."""

import datetime

from teleterm.demo.identity import DatabaseRoute, Identity
from teleterm.demo.inventory import DemoMember
from teleterm.demo.issuing import CertificateRequest, Issuer
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as mfa


class CertificateDesk:
    """Checks what is asked for, and has it signed; only the root cluster's desk has an `issuer`."""

    def __init__(
        self, issuer: Issuer | None, members: tuple[DemoMember, ...], clock: Clock
    ) -> None:
        self._issuer = issuer
        self._members = members
        self._clock = clock

    async def generate(self, asked: auth.UserCertsRequest, caller: Identity) -> auth.Certs:
        """Issue certificates for the caller's keys."""
        if self._issuer is None:
            raise Refused("access denied: certificates are issued by the root cluster")
        self._check(asked, caller)
        route = asked.RouteToDatabase
        wanted = CertificateRequest(
            ssh_public_key=asked.SSHPublicKey if _wants_ssh(asked) else b"",
            tls_public_key=asked.TLSPublicKey if _wants_tls(asked) else b"",
            end=self._end(asked),
            route_to_cluster=asked.RouteToCluster,
            login_ip=caller.login_ip,
            database=DatabaseRoute(
                service=route.ServiceName,
                protocol=route.Protocol,
                user=route.Username,
                name=route.Database,
            ),
        )
        try:
            made = self._issuer.issue(wanted)
        except ValueError as error:
            raise BadInput(str(error)) from None
        return auth.Certs(SSH=made.ssh, TLS=made.tls)

    async def is_mfa_required(
        self, _asked: auth.IsMFARequiredRequest, _caller: Identity
    ) -> auth.IsMFARequiredResponse:
        """Say whether a connection needs a second factor of its own: never here."""
        return auth.IsMFARequiredResponse(Required=False, MFARequired=auth.MFA_REQUIRED_NO)

    async def create_challenge(
        self, asked: auth.CreateAuthenticateChallengeRequest, _caller: Identity
    ) -> auth.MFAAuthenticateChallenge:
        """Ask for the second factor, unless what it is for needs none."""
        if asked.ChallengeExtensions.scope == mfa.CHALLENGE_SCOPE_UNSPECIFIED:
            raise BadInput("mfa challenge scope must be specified")
        if asked.HasField("MFARequiredCheck"):
            return auth.MFAAuthenticateChallenge(MFARequired=auth.MFA_REQUIRED_NO)
        return auth.MFAAuthenticateChallenge(TOTP=auth.TOTPChallenge())

    def _check(self, asked: auth.UserCertsRequest, caller: Identity) -> None:
        if asked.Username != caller.user:
            raise Refused("access denied: impersonation is not allowed")
        if asked.RouteToCluster and asked.RouteToCluster not in {m.name for m in self._members}:
            raise BadInput(f'cluster "{asked.RouteToCluster}" not found')
        if asked.Usage == auth.UserCertsRequest.SSH and not asked.NodeName:
            raise BadInput("single-use SSH certs require a node name")
        if asked.Usage == auth.UserCertsRequest.Database and not asked.RouteToDatabase.ServiceName:
            raise BadInput("missing database service name")
        if not asked.SSHPublicKey and not asked.TLSPublicKey:
            raise BadInput("a public key is needed to issue a certificate")
        if asked.AccessRequests:
            raise Refused("access denied: there are no such access requests")

    def _end(self, asked: auth.UserCertsRequest) -> datetime.datetime:
        if not asked.HasField("Expires"):
            raise BadInput("missing expiration time")
        end = asked.Expires.ToDatetime(datetime.UTC)
        if end <= self._clock.now():
            raise BadInput("the expiration time is in the past")
        return end


def _wants_ssh(asked: auth.UserCertsRequest) -> bool:
    return asked.Usage in {auth.UserCertsRequest.All, auth.UserCertsRequest.SSH}


def _wants_tls(asked: auth.UserCertsRequest) -> bool:
    return asked.Usage != auth.UserCertsRequest.SSH
