"""What the daemon asks and tells the window: prompts, re-login, notices.

Source: terminal_service.md 5, 9, 12.
"""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import grpc

from teleterm.model.errors import ErrorCode, Refused, TeletermError, Unreachable
from teleterm.osutil import tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc

HANDSHAKE_LIMIT_S = 30.0
RELOGIN_LIMIT_S = 60.0
NOTICE_LIMIT_S = 1.0
HEADLESS_LIMIT_S = 180.0
HEADLESS_GAP_S = 0.5
_WINDOW_CERT = "renderer.crt"
_log = logging.getLogger("teleterm.tshd.events")


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaPrompt:
    """A second factor that is wanted; `cluster_uri` is the cluster of the resource concerned."""

    cluster_uri: str
    reason: str = ""
    totp: bool = False
    webauthn: bool = False
    is_per_session: bool = False
    sso_url: str = ""
    sso_id: str = ""
    sso_type: str = ""
    sso_name: str = ""


class Window(Protocol):
    """The window as the services see it."""

    async def prompt_mfa(self, prompt: MfaPrompt) -> str:
        """Give the code that was typed.

        Raises: Refused (mfa_refused) when the dialog was closed.
        """

    async def relogin(self, root_cluster_uri: str, gateway_uri: str, target_uri: str) -> None:
        """Return once the user has logged in again, for a gateway.

        Raises: Refused when another re-login is under way or this one failed or took too long.
        """

    async def cannot_proxy(self, gateway_uri: str, target_uri: str, error: str) -> None:
        """Tell that a connection through a gateway failed; never raises."""

    async def pending_headless(
        self, root_cluster_uri: str, request_id: str, client_ip: str
    ) -> None:
        """Show a headless login that waits; returns when its dialog is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsTls:
    """What the connection back needs over TCP: the daemon's pair and the certificates' folder."""

    key: bytes
    certificate: bytes
    folder: Path


class EventsLink:
    """The window at the other end of the events service; connected when it says where it is."""

    def __init__(self, tls: EventsTls | None) -> None:
        self._tls = tls
        self._address = ""
        self._channel: grpc.aio.Channel | None = None
        self._known = asyncio.Event()
        self._mfa = asyncio.Lock()
        self._relogin = asyncio.Lock()
        self._headless = asyncio.Lock()

    async def set_address(self, address: str) -> None:
        """Take the window's address; another one than before replaces it.

        Raises: FileNotFoundError while the window's certificate is missing.
        """
        if self._channel is not None and address == self._address:
            return
        old = self._channel
        self._channel = self._dial(address)
        self._address = address
        self._known.set()
        if old is not None:
            await old.close(grace=None)

    async def close(self) -> None:
        """End the connection; calls that wait are cancelled."""
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.close(grace=None)

    async def prompt_mfa(self, prompt: MfaPrompt) -> str:
        """Ask for a code, one prompt at a time."""
        request = pb.PromptMFARequest(
            cluster_uri=prompt.cluster_uri,
            reason=prompt.reason,
            totp=prompt.totp,
            webauthn=prompt.webauthn,
            per_session_mfa=prompt.is_per_session,
        )
        if prompt.sso_url:
            request.sso.CopyFrom(
                pb.SSOChallenge(
                    redirect_url=prompt.sso_url,
                    connector_id=prompt.sso_id,
                    connector_type=prompt.sso_type,
                    display_name=prompt.sso_name,
                )
            )
        async with self._mfa:
            stub = await self._stub()
            try:
                reply = await stub.PromptMFA(request)
            except grpc.aio.AioRpcError as error:
                raise _failure(error, "The second factor was not given.") from error
        return reply.totp_code

    async def relogin(self, root_cluster_uri: str, gateway_uri: str, target_uri: str) -> None:
        """Ask for a new login; a second one at the same time is refused."""
        if self._relogin.locked():
            raise Refused("another relogin request is in progress", code=ErrorCode.ALREADY_EXISTS)
        async with self._relogin:
            stub = await self._stub()
            reason = pb.GatewayCertExpired(gateway_uri=gateway_uri, target_uri=target_uri)
            request = pb.ReloginRequest(
                root_cluster_uri=root_cluster_uri, gateway_cert_expired=reason
            )
            try:
                await stub.Relogin(request, timeout=RELOGIN_LIMIT_S)
            except grpc.aio.AioRpcError as error:
                if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                    raise Refused(
                        "the user did not refresh the session within 1m0s", code=ErrorCode.CANCELLED
                    ) from error
                raise Refused(
                    "could not refresh the session",
                    code=ErrorCode.CANCELLED,
                    details=error.details() or "",
                ) from error

    async def cannot_proxy(self, gateway_uri: str, target_uri: str, error: str) -> None:
        """Tell that a connection through a gateway failed."""
        subject = pb.CannotProxyGatewayConnection(
            gateway_uri=gateway_uri, target_uri=target_uri, error=error
        )
        request = pb.SendNotificationRequest(cannot_proxy_gateway_connection=subject)
        try:
            stub = await self._stub()
            await stub.SendNotification(request, timeout=NOTICE_LIMIT_S)
        except (grpc.aio.AioRpcError, TeletermError) as failed:
            _log.warning("the window was not told of a failed connection: %s", failed)

    async def pending_headless(
        self, root_cluster_uri: str, request_id: str, client_ip: str
    ) -> None:
        """Show a headless login, one at a time with a pause between."""
        request = pb.SendPendingHeadlessAuthenticationRequest(
            root_cluster_uri=root_cluster_uri,
            headless_authentication_id=request_id,
            headless_authentication_client_ip=client_ip,
        )
        await self._headless.acquire()
        try:
            stub = await self._stub()
            await stub.SendPendingHeadlessAuthentication(request, timeout=HEADLESS_LIMIT_S)
        except grpc.aio.AioRpcError as error:
            raise _failure(error, "The headless login was not answered.") from error
        finally:
            tasks.spawn(self._release_headless(), name="pause between headless logins")

    async def _release_headless(self) -> None:
        await asyncio.sleep(HEADLESS_GAP_S)
        self._headless.release()

    async def _stub(self) -> "pb_grpc.TshdEventsServiceAsyncStub":
        try:
            await asyncio.wait_for(self._known.wait(), HANDSHAKE_LIMIT_S)
        except TimeoutError:
            raise Unreachable("The window did not say where its events service is.") from None
        if self._channel is None:
            raise Unreachable("The daemon is ending.")
        return pb_grpc.TshdEventsServiceStub(self._channel)

    def _dial(self, address: str) -> grpc.aio.Channel:
        """A channel that connects when it is first used."""
        options: list[tuple[str, int | str]] = [("grpc.enable_http_proxy", 0)]
        if self._tls is None:
            return grpc.aio.insecure_channel(address, options=options)
        credentials = grpc.ssl_channel_credentials(
            root_certificates=(self._tls.folder / _WINDOW_CERT).read_bytes(),
            private_key=self._tls.key,
            certificate_chain=self._tls.certificate,
        )
        options.append(("grpc.ssl_target_name_override", "localhost"))
        return grpc.aio.secure_channel(address, credentials, options=options)


def _failure(error: grpc.aio.AioRpcError, text: str) -> TeletermError:
    """A closed dialog (ABORTED) is the person's no; the rest is the window's failure."""
    if error.code() is grpc.StatusCode.ABORTED:
        return Refused(error.details() or text, code=ErrorCode.MFA_REFUSED)
    return Unreachable(text, code=ErrorCode.UNKNOWN, details=error.details() or "")
