"""SSH to a server of a cluster: through the proxy, with the user's certificate.

The server's host certificate is checked against the authority of its cluster, for the very name
that was dialled. Source: connections.md 1.3; tried as in verified.md.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.client import issuing
from teleterm.client.certs import CertRequest, ForNode, mfa_check
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError, Unreachable

if TYPE_CHECKING:
    import socket

    import asyncssh

    from teleterm.client.cluster import ClusterClient

JOIN_LOGIN = "-teleport-internal-join"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshTarget:
    """A server and the login there. `host` is a name or the server's UUID; port 0 is any.

    `cluster` empty means the selected one.
    """

    host: str
    login: str
    port: int = 0
    cluster: str = ""


async def connect(
    client: "ClusterClient", target: SshTarget, *, timeout_s: float | None = None
) -> "asyncssh.SSHClientConnection":
    """Log in to a server. The caller closes the connection.

    First with the certificate of the login; when the server refuses it and says it wants a second
    factor, the person is asked and the server tried again with a certificate for this once.
    Raises: Refused (DENIED, NOT_FOUND, UNTRUSTED, MFA_REFUSED, NEEDS_LOGIN), Unreachable.
    """
    cluster = target.cluster or client.cluster
    wait_s = timeout_s or client.profile.ssh_dial_timeout_s
    ring = client.store.keys.key_ring(client.profile.name, client.profile.user)
    certificates = ring.ssh_certificates
    line = (
        certificates.get(cluster)
        or certificates.get(client.root)
        or next(iter(certificates.values()), "")
    )
    try:
        return await _try(client, target, cluster, line, wait_s)
    except Refused as error:
        if error.code is not ErrorCode.DENIED:
            raise
        once = await _certificate_after_mfa(client, target, cluster)
        if not once:
            raise
    return await _try(client, target, cluster, once, wait_s)


async def _certificate_after_mfa(client: "ClusterClient", target: SshTarget, cluster: str) -> str:
    """A certificate for this one connection; empty when a second factor isn't what is missing."""
    purpose = ForNode(node=target.host, login=target.login)
    owner = await client.auth(cluster)
    if not await owner.is_mfa_required(mfa_check(purpose)):
        return ""
    issued = await issuing.issue(client, CertRequest(purpose=purpose, cluster=cluster))
    return issued.ssh_certificate


async def _try(
    client: "ClusterClient", target: SshTarget, cluster: str, line: str, wait_s: float
) -> "asyncssh.SSHClientConnection":
    transport = await client.transport()
    place = f"[{target.host}]" if ":" in target.host else target.host
    stream = await transport.proxy_ssh(f"{place}:{target.port}", cluster, timeout_s=wait_s)
    try:
        return await _handshake(client, target, cluster, line, stream, wait_s)
    except BaseException:
        stream.close()
        raise


async def _handshake(
    client: "ClusterClient",
    target: SshTarget,
    cluster: str,
    line: str,
    stream: "socket.socket",
    wait_s: float,
) -> "asyncssh.SSHClientConnection":
    import asyncssh

    ring = client.store.keys.key_ring(client.profile.name, client.profile.user)
    key = asyncssh.import_private_key(ring.ssh_private.reveal())
    certificate = asyncssh.import_certificate(line)
    trusted = [
        asyncssh.import_public_key(text)
        for known in client.authorities()
        if known.name in {cluster, client.root}
        for text in known.ssh_keys
    ]
    stream.setblocking(False)
    try:
        return await asyncssh.connect(
            target.host,
            sock=stream,
            username=target.login,
            client_keys=[(key, certificate)],
            known_hosts=([], trusted, []),
            preferred_auth="publickey",
            agent_path=None,
            config=None,
            login_timeout=wait_s,
            connect_timeout=wait_s,
            client_version="Teleterm",
        )
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise _explain(error, client, target, cluster) from error


def _explain(
    error: BaseException, client: "ClusterClient", target: SshTarget, cluster: str
) -> TeletermError:
    import asyncssh

    details = f"{type(error).__name__}: {error}"
    if isinstance(error, asyncssh.PermissionDenied):
        allowed = ", ".join(client.identity.logins) or "none"
        return Refused(
            f"{cluster} does not let you log in to {target.host} as {target.login}.",
            hint=f"Allowed: {allowed}.",
            details=details,
        )
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return Refused(
            f"The host certificate of {target.host} is not one of {cluster}'s.",
            code=ErrorCode.UNTRUSTED,
            details=details,
        )
    if isinstance(error, asyncssh.ProtocolError):
        return PeerBroke(f"{target.host} does not speak SSH as expected.", details=details)
    return Unreachable(f"{target.host} closed the connection.", hint="Try again.", details=details)
