"""SSH to a server of a cluster: through the proxy, with the user's certificate.

The server's host certificate is checked against the authority of its cluster, for the very name
that was dialled. Source: connections.md 1.3; tried as in verified.md.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.client import login_key
from teleterm.client.certs import CertRequest, ForNode, mfa_check
from teleterm.client.keystore import KeyRing
from teleterm.client.profile import join_address
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError, Unreachable

if TYPE_CHECKING:
    import socket

    import asyncssh

    from teleterm.client.cluster import ClusterClient

JOIN_LOGIN = "-teleport-internal-join"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshTarget:
    """A server and the login there. `host` is a name or the server's UUID; port 0 is any.

    `cluster` empty means the selected one. Without `checks_host` any server is believed to
    be it. With `resumes` the connection outlives the one to the proxy, if the server can do that.
    """

    host: str
    login: str
    port: int = 0
    cluster: str = ""
    checks_host: bool = True
    resumes: bool = True


async def connect(
    client: "ClusterClient",
    target: SshTarget,
    *,
    timeout_s: float | None = None,
    forward_agent: str = "",
) -> "asyncssh.SSHClientConnection":
    """Log in to a server. The caller closes the connection.

    `forward_agent` is the socket of an agent that programs there may use; empty for none.

    First with the certificate of the login; when the server refuses it and says it wants a second
    factor, the person is asked and the server tried again with a certificate for this once.
    Raises: Refused (DENIED, NOT_FOUND, UNTRUSTED, MFA_REFUSED, NEEDS_LOGIN), Unreachable.
    """
    attempt = _Attempt(
        client=client,
        target=target,
        cluster=target.cluster or client.cluster,
        wait_s=timeout_s or client.profile.ssh_dial_timeout_s,
        forward_agent=forward_agent,
    )
    try:
        return await attempt.run(attempt.certificate())
    except Refused as error:
        if error.code is not ErrorCode.DENIED:
            raise
        once = await attempt.certificate_after_mfa()
        if not once:
            raise
    return await attempt.run(once)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One way to one server; `run` may be tried with several certificates."""

    client: "ClusterClient"
    target: SshTarget
    cluster: str
    wait_s: float
    forward_agent: str

    def _ring(self) -> KeyRing:
        profile = self.client.profile
        return self.client.store.keys.key_ring(profile.name, profile.user)

    def certificate(self) -> str:
        """The login's certificate: the cluster's own, or the root's, which leaves accept too."""
        return self._ring().ssh_certificate(self.cluster, self.client.root)

    async def certificate_after_mfa(self) -> str:
        """A certificate for this one connection; empty when MFA isn't what is missing."""
        purpose = ForNode(node=self.target.host, login=self.target.login)
        owner = await self.client.auth(self.cluster)
        if not await owner.is_mfa_required(mfa_check(purpose)):
            return ""
        request = CertRequest(purpose=purpose, cluster=self.cluster)
        return (await self.client.issue(request)).ssh_certificate

    async def run(self, line: str) -> "asyncssh.SSHClientConnection":
        """Log in with a certificate."""
        transport = await self.client.transport()
        host = self.target.host
        place = join_address(host, self.target.port)
        stream = await transport.proxy_ssh(
            place, self.cluster, timeout_s=self.wait_s, resumes=self.target.resumes
        )
        try:
            return await self._handshake(line, stream)
        except BaseException:
            stream.close()
            raise

    async def _handshake(
        self, line: str, stream: "socket.socket"
    ) -> "asyncssh.SSHClientConnection":
        import asyncssh

        key = login_key.read(self._ring(), line)
        trusted = [
            asyncssh.import_public_key(text)
            for known in self.client.authorities()
            if known.name in {self.cluster, self.client.root}
            for text in known.ssh_keys
        ]
        stream.setblocking(False)
        try:
            return await asyncssh.connect(
                self.target.host,
                sock=stream,
                username=self.target.login,
                client_keys=[key],
                known_hosts=([], trusted, []) if self.target.checks_host else None,
                preferred_auth="publickey",
                agent_path=None,
                agent_forwarding=self.forward_agent or False,
                config=None,
                login_timeout=self.wait_s,
                connect_timeout=self.wait_s,
                client_version="Teleterm",
            )
        except (asyncssh.Error, OSError, TimeoutError) as error:
            raise _explain(error, self.client, self.target, self.cluster) from error


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
