"""How a logged-in cluster issues certificates: the second factor, the keys, the files.

Source: cluster-login.md 6.1, 6.6, 7.6, 9.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from teleterm.client import keygen, mfa
from teleterm.client.certs import (
    CertRequest,
    ForApp,
    ForDatabase,
    ForDesktop,
    ForKube,
    ForNode,
    IssuedCerts,
    Purpose,
    Requester,
    describe,
    mfa_check,
    to_message,
)
from teleterm.client.keystore import ResourceFiles, ResourceFolder
from teleterm.client.profile import Profile
from teleterm.model.errors import ErrorCode, PeerBroke, Refused
from teleterm.model.secret import Secret
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as mfa_messages
from teleterm.wire import x509

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_JOINED_FILE = {"mongodb"}


@dataclass(slots=True)
class KeptAnswer:
    """A second factor that several certificates may be issued for, once it was given."""

    response: auth.MFAAuthenticateResponse | None = None


async def issue(
    client: "ClusterClient", request: CertRequest, kept: KeptAnswer | None = None
) -> IssuedCerts:
    """Have certificates issued; what is `kept` is asked for once.

    Raises: Refused (MFA_REFUSED, DENIED, NEEDS_LOGIN), network errors.
    """
    root = await client.root_auth()
    key, certificate = client.store.keys.tls_pair(client.profile.name, client.profile.user)
    expires = x509.parse_pem(certificate).not_after
    message = to_message(request, username=client.identity.username, expires=expires)
    fresh, public = await _tls_key(client, request.purpose, key)
    message.TLSPublicKey = public
    if request.purpose is None or isinstance(request.purpose, ForNode):
        ring = client.store.keys.key_ring(client.profile.name, client.profile.user)
        message.SSHPublicKey = ring.ssh_public.encode()
    verified = False
    if request.purpose is not None and request.check_mfa:
        response = await answer_mfa(client, request, kept)
        if response is not None:
            verified = True
            message.MFAResponse.CopyFrom(response)
            message.Purpose = auth.UserCertsRequest.CERT_PURPOSE_SINGLE_USE_CERTS
    certs = await root.generate_certs(message)
    ends = x509.parse_pem(certs.TLS).not_after if certs.TLS else expires
    return IssuedCerts(
        key=fresh,
        tls_certificate=certs.TLS,
        ssh_certificate=certs.SSH.decode("utf-8", "replace"),
        expires=ends,
        mfa_verified=verified,
    )


async def answer_mfa(
    client: "ClusterClient", request: CertRequest, kept: KeptAnswer | None = None
) -> auth.MFAAuthenticateResponse | None:
    """Ask the person for the second factor if the connection needs one; None when it doesn't.

    Raises: Refused (MFA_REFUSED, CANCELLED).
    """
    if request.purpose is None:
        return None
    target = request.cluster or client.root
    owner = await client.auth(target)
    check = mfa_check(request.purpose)
    if not await owner.is_mfa_required(check):
        return None
    if kept is not None and kept.response is not None:
        return kept.response
    reuse = request.requester is Requester.DATABASE_EXEC
    challenge = await (await client.root_auth()).create_challenge(
        auth.CreateAuthenticateChallengeRequest(
            ContextUser=auth.ContextUser(),
            MFARequiredCheck=check if target == client.root else None,
            ChallengeExtensions=mfa_messages.ChallengeExtensions(
                scope=mfa_messages.CHALLENGE_SCOPE_USER_SESSION,
                allow_reuse=mfa_messages.CHALLENGE_ALLOW_REUSE_YES
                if reuse
                else mfa_messages.CHALLENGE_ALLOW_REUSE_NO,
            ),
        )
    )
    if challenge.MFARequired == auth.MFA_REQUIRED_NO:
        return None
    asked = mfa.to_challenge(
        challenge,
        cluster=target,
        web_addr=client.profile.web_proxy_addr,
        reason=describe(request.purpose),
        is_session=True,
    )
    response = mfa.to_response(await client.prompts.mfa(asked))
    if kept is not None and not response.HasField("TOTP"):  # a code is good for one use
        kept.response = response
    return response


def resource_files(client: "ClusterClient", purpose: Purpose, cluster: str) -> ResourceFiles:
    """Where the official program keeps the certificate for a resource."""
    kind, name = _folder(purpose)
    profile = client.profile
    return client.store.keys.resource_files(kind, profile.name, profile.user, cluster, name)


def _folder(purpose: Purpose) -> tuple[ResourceFolder, str]:
    match purpose:
        case ForDatabase(route=route):
            return ResourceFolder.DATABASE, route.service
        case ForApp(route=app):
            return ResourceFolder.APP, app.name
        case ForKube(name=name):
            return ResourceFolder.KUBE, name
        case ForDesktop(name=name):
            return ResourceFolder.DESKTOP, name
        case ForNode():
            raise ValueError("certificates for a server are used once and never kept")


def save(client: "ClusterClient", request: CertRequest, issued: IssuedCerts) -> None:
    """Write what was issued for a resource to its files. Blocks."""
    if request.purpose is None:
        return
    files = resource_files(client, request.purpose, request.cluster)
    joined = (
        isinstance(request.purpose, ForDatabase) and request.purpose.route.protocol in _JOINED_FILE
    )
    client.store.keys.write_resource(files, issued.tls_certificate, issued.key, joined=joined)


async def use_cluster(client: "ClusterClient", name: str) -> Profile:
    """Select a cluster: see `ClusterClient.use_cluster`."""
    if name != client.root:
        leaves = await (await client.root_auth()).remote_clusters()
        if name not in {leaf.Metadata.Name for leaf in leaves}:
            raise Refused(
                f'There is no cluster "{name}" below {client.root}.',
                code=ErrorCode.NOT_FOUND,
                hint="See which there are: tsh clusters",
            )
    await client.refresh_authorities()
    issued = await issue(client, CertRequest(cluster=name))
    if not issued.ssh_certificate:
        raise PeerBroke(f"{client.root} issued no SSH certificate.")
    keys, profile = client.store.keys, client.profile
    await asyncio.to_thread(
        keys.write_ssh_certificate, profile.name, profile.user, name, issued.ssh_certificate
    )
    client.profile = replace(profile, cluster=name)
    await asyncio.to_thread(client.store.save, client.profile)
    client.identity = client.store.identity(client.profile)
    return client.profile


async def use_requests(
    client: "ClusterClient", assume: tuple[str, ...], drop: tuple[str, ...]
) -> None:
    """Take access requests in or out: see `ClusterClient.use_requests`."""
    request = CertRequest(cluster=client.cluster, access_requests=assume, drop_requests=drop)
    issued = await issue(client, request)
    keys, profile = client.store.keys, client.profile

    def write() -> None:
        host, user = profile.name, profile.user
        keys.delete_issued(host, user)
        keys.write_tls_certificate(host, user, issued.tls_certificate)
        keys.write_ssh_certificate(host, user, client.cluster, issued.ssh_certificate)

    await asyncio.to_thread(write)
    await client.close()
    client.identity = client.store.identity(profile)


async def _tls_key(
    client: "ClusterClient", purpose: Purpose | None, login_key: Secret[bytes]
) -> tuple[Secret[bytes], bytes]:
    """The private key to use and its public PEM: the login's own, or a fresh one."""
    if purpose is None or isinstance(purpose, ForNode):
        return login_key, keygen.tls_public(login_key)
    if isinstance(purpose, ForDatabase):
        made = await asyncio.to_thread(keygen.database_key)
    else:
        suite = "legacy" if b"RSA PRIVATE KEY" in login_key.reveal() else "balanced-v1"
        made = await asyncio.to_thread(keygen.session_key, suite)
    return made.private, made.public
