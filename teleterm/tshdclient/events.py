"""The events service: what the daemon asks and tells the window, ten calls, all answered."""

import logging
from collections.abc import Awaitable
from typing import Protocol, TypeAlias, TypeVar

import grpc

from teleterm.model.errors import TeletermError
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshdclient.records import (
    HeadlessQuestion,
    KeyQuestion,
    MfaQuestion,
    NewPin,
    ProxyTrouble,
    ReloginQuestion,
)

_log = logging.getLogger("teleterm.tshdclient.events")
T = TypeVar("T")
Context: TypeAlias = "grpc.aio.ServicerContext[object, object]"


class Dismissed(Exception):
    """The person closed the dialog; the daemon gets ABORTED and stops what it was doing."""


class EventsSink(Protocol):
    """Who answers the daemon. Each call is cancelled when the daemon no longer waits for it.

    Raises: Dismissed when the person won't; a TeletermError for anything else.
    """

    async def prompt_mfa(self, question: MfaQuestion) -> str:
        """Give the code of an authenticator app; a key is touched at the daemon's own."""

    async def relogin(self, question: ReloginQuestion) -> None:
        """Return once the person has logged in again."""

    async def headless(self, question: HeadlessQuestion) -> None:
        """Return once the person has answered; the answer goes by answer_headless."""

    async def key_touch(self, question: KeyQuestion) -> None:
        """Show that a touch is awaited; ends by cancellation."""

    async def key_pin(self, question: KeyQuestion) -> str:
        """Give the PIN of a hardware key."""

    async def key_new_pin(self, question: KeyQuestion) -> NewPin:
        """Give a new PIN and the PUK."""

    async def key_overwrite(self, question: KeyQuestion) -> bool:
        """Whether a slot that holds a foreign key may be overwritten."""

    def trouble(self, trouble: ProxyTrouble) -> None:
        """A connection through a gateway failed in the background."""

    def vnet_stopped(self, error: str) -> None:
        """The VNet ended by itself."""


class EventsService(pb_grpc.TshdEventsServiceServicer):
    """Unpacks the daemon's calls, hands them to a sink, packs the answers."""

    def __init__(self, sink: EventsSink) -> None:
        self._sink = sink

    async def Relogin(  # noqa: N802, D102 - the wire's name
        self, request: pb.ReloginRequest, context: Context
    ) -> pb.ReloginResponse:
        gateway, target = "", ""
        match request.WhichOneof("reason"):
            case "gateway_cert_expired":
                gateway = request.gateway_cert_expired.gateway_uri
                target = request.gateway_cert_expired.target_uri
            case "vnet_cert_expired":
                target = request.vnet_cert_expired.target_uri
            case _:
                pass
        question = ReloginQuestion(
            cluster_uri=request.root_cluster_uri, gateway_uri=gateway, target_uri=target
        )
        await _answer(context, self._sink.relogin(question))
        return pb.ReloginResponse()

    async def SendNotification(  # noqa: N802, D102 - the wire's name
        self, request: pb.SendNotificationRequest, context: Context
    ) -> pb.SendNotificationResponse:
        if request.WhichOneof("subject") == "cannot_proxy_gateway_connection":
            said = request.cannot_proxy_gateway_connection
            self._sink.trouble(
                ProxyTrouble(
                    gateway_uri=said.gateway_uri, target_uri=said.target_uri, error=said.error
                )
            )
        elif request.WhichOneof("subject") == "cannot_proxy_vnet_connection":
            vnet = request.cannot_proxy_vnet_connection
            error = vnet.cert_reissue_error.error or "The app has no such port."
            self._sink.trouble(
                ProxyTrouble(gateway_uri="", target_uri=vnet.target_uri, error=error)
            )
        return pb.SendNotificationResponse()

    async def SendPendingHeadlessAuthentication(  # noqa: N802, D102 - the wire's name
        self,
        request: pb.SendPendingHeadlessAuthenticationRequest,
        context: Context,
    ) -> pb.SendPendingHeadlessAuthenticationResponse:
        question = HeadlessQuestion(
            cluster_uri=request.root_cluster_uri,
            request_id=request.headless_authentication_id,
            client_ip=request.headless_authentication_client_ip,
        )
        await _answer(context, self._sink.headless(question))
        return pb.SendPendingHeadlessAuthenticationResponse()

    async def PromptMFA(  # noqa: N802, D102 - the wire's name
        self, request: pb.PromptMFARequest, context: Context
    ) -> pb.PromptMFAResponse:
        question = MfaQuestion(
            cluster_uri=request.cluster_uri,
            reason=request.reason,
            has_code=request.totp,
            has_key=request.webauthn,
            sso_url=request.sso.redirect_url,
            sso_name=request.sso.display_name or request.sso.connector_id,
            is_per_session=request.per_session_mfa,
        )
        code = await _answer(context, self._sink.prompt_mfa(question))
        return pb.PromptMFAResponse(totp_code=code)

    async def PromptHardwareKeyPIN(  # noqa: N802, D102 - the wire's name
        self, request: pb.PromptHardwareKeyPINRequest, context: Context
    ) -> pb.PromptHardwareKeyPINResponse:
        question = KeyQuestion(
            proxy_host=request.proxy_hostname,
            command=request.command,
            is_pin_optional=request.pin_optional,
        )
        pin = await _answer(context, self._sink.key_pin(question))
        return pb.PromptHardwareKeyPINResponse(pin=pin)

    async def PromptHardwareKeyTouch(  # noqa: N802, D102 - the wire's name
        self, request: pb.PromptHardwareKeyTouchRequest, context: Context
    ) -> pb.PromptHardwareKeyTouchResponse:
        question = KeyQuestion(proxy_host=request.proxy_hostname, command=request.command)
        await _answer(context, self._sink.key_touch(question))
        return pb.PromptHardwareKeyTouchResponse()

    async def PromptHardwareKeyPINChange(  # noqa: N802, D102 - the wire's name
        self, request: pb.PromptHardwareKeyPINChangeRequest, context: Context
    ) -> pb.PromptHardwareKeyPINChangeResponse:
        question = KeyQuestion(proxy_host=request.proxy_hostname)
        new = await _answer(context, self._sink.key_new_pin(question))
        return pb.PromptHardwareKeyPINChangeResponse(
            pin=new.pin, puk=new.puk, puk_changed=new.is_puk_changed
        )

    async def ConfirmHardwareKeySlotOverwrite(  # noqa: N802, D102 - the wire's name
        self, request: pb.ConfirmHardwareKeySlotOverwriteRequest, context: Context
    ) -> pb.ConfirmHardwareKeySlotOverwriteResponse:
        question = KeyQuestion(proxy_host=request.proxy_hostname, text=request.message)
        is_confirmed = await _answer(context, self._sink.key_overwrite(question))
        return pb.ConfirmHardwareKeySlotOverwriteResponse(confirmed=is_confirmed)

    async def GetUsageReportingSettings(  # noqa: N802, D102 - the wire's name
        self, request: pb.GetUsageReportingSettingsRequest, context: Context
    ) -> pb.GetUsageReportingSettingsResponse:
        never = pb.UsageReportingSettings(enabled=False)
        return pb.GetUsageReportingSettingsResponse(usage_reporting_settings=never)

    async def ReportUnexpectedVnetShutdown(  # noqa: N802, D102 - the wire's name
        self, request: pb.ReportUnexpectedVnetShutdownRequest, context: Context
    ) -> pb.ReportUnexpectedVnetShutdownResponse:
        self._sink.vnet_stopped(request.error)
        return pb.ReportUnexpectedVnetShutdownResponse()


async def _answer(context: Context, work: Awaitable[T]) -> T:
    """Wait for the sink; its refusal becomes ABORTED, any other failure UNKNOWN with its text."""
    try:
        return await work
    except Dismissed:
        await context.abort(grpc.StatusCode.ABORTED, "the person closed the dialog")
    except TeletermError as error:
        await context.abort(grpc.StatusCode.UNKNOWN, error.message)
    raise AssertionError("abort raises")
