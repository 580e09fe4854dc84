"""A moderator says, again and again, that somebody is watching: by a touch of a security key.

Source: connections.md 1.7. Codes are not taken for this.
"""

from types import TracebackType
from typing import TYPE_CHECKING

from teleterm.client import grpc_errors, mfa
from teleterm.client.prompts import WebauthnAnswer, WebauthnChallenge
from teleterm.model.errors import ErrorCode, PeerBroke, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth

if TYPE_CHECKING:
    import grpc

    from teleterm.client.cluster import ClusterClient

EVERY_S = 30.0


class Presence:
    """One session's stream of questions; use as `async with`."""

    def __init__(self, client: "ClusterClient", session: str) -> None:
        self._client = client
        self._session = session
        self._call: (
            grpc.aio.StreamStreamCall[auth.PresenceMFAChallengeSend, auth.MFAAuthenticateChallenge]
            | None
        ) = None

    async def __aenter__(self) -> "Presence":
        server = await self._client.auth()
        self._call = server.stub.MaintainSessionPresence(metadata=grpc_errors.METADATA)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._call is not None:
            self._call.cancel()

    async def challenge(self) -> WebauthnChallenge:
        """Ask what a key shall sign.

        Raises: Refused (MFA_REFUSED) when the user has no key, network errors.
        """
        request = auth.PresenceMFAChallengeRequest(
            SessionID=self._session, ProxyAddress=self._client.profile.web_proxy_addr
        )
        await self._send(auth.PresenceMFAChallengeSend(ChallengeRequest=request))
        cluster = self._client.cluster
        found = await self._receive()
        asked = mfa.to_challenge(
            found,
            cluster=cluster,
            web_addr=self._client.profile.web_proxy_addr,
            reason="",
            is_session=True,
        )
        if asked.webauthn is None:
            raise Refused(
                f"{cluster} asks for a security key, and you have none registered.",
                code=ErrorCode.MFA_REFUSED,
            )
        return asked.webauthn

    async def answer(self, signed: WebauthnAnswer) -> None:
        """Give what the key signed."""
        response = mfa.to_response(signed)
        await self._send(auth.PresenceMFAChallengeSend(ChallengeResponse=response))

    async def _send(self, message: auth.PresenceMFAChallengeSend) -> None:
        import grpc

        assert self._call is not None  # noqa: S101 - inside `async with`
        try:
            await self._call.write(message)
        except grpc.aio.AioRpcError as error:
            raise grpc_errors.translate(error, self._client.cluster) from error

    async def _receive(self) -> auth.MFAAuthenticateChallenge:
        import grpc

        assert self._call is not None  # noqa: S101 - inside `async with`
        try:
            found = await self._call.read()
        except grpc.aio.AioRpcError as error:
            raise grpc_errors.translate(error, self._client.cluster) from error
        if not isinstance(found, auth.MFAAuthenticateChallenge):
            raise PeerBroke(f"{self._client.cluster} asks for no security key any more.")
        return found
