"""A daemon's calls to the events service, each over a real socket, with the answers it gets."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from teleterm.model.errors import Unreachable
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshdclient import connection
from teleterm.tshdclient.client import Limits
from teleterm.tshdclient.events import Dismissed
from teleterm.tshdclient.failures import CallFailed
from teleterm.tshdclient.records import (
    HeadlessQuestion,
    KeyQuestion,
    MfaQuestion,
    NewPin,
    ProxyTrouble,
    ReloginQuestion,
)

if TYPE_CHECKING:
    Stub = pb_grpc.TshdEventsServiceAsyncStub


class Person:
    """Answers everything and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.is_patient = False
        self.was_cancelled = asyncio.Event()
        self.is_asked = asyncio.Event()

    async def prompt_mfa(self, question: MfaQuestion) -> str:
        self.asked.append(question)
        self.is_asked.set()
        if self.is_patient:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.was_cancelled.set()
                raise
        return "123456"

    async def relogin(self, question: ReloginQuestion) -> None:
        self.asked.append(question)
        raise Dismissed

    async def headless(self, question: HeadlessQuestion) -> None:
        self.asked.append(question)
        raise Unreachable("The window is gone.")

    async def key_touch(self, question: KeyQuestion) -> None:
        self.asked.append(question)

    async def key_pin(self, question: KeyQuestion) -> str:
        self.asked.append(question)
        return "4711"

    async def key_new_pin(self, question: KeyQuestion) -> NewPin:
        self.asked.append(question)
        return NewPin(pin="1", puk="2", is_puk_changed=True)

    async def key_overwrite(self, question: KeyQuestion) -> bool:
        self.asked.append(question)
        return True

    def trouble(self, trouble: ProxyTrouble) -> None:
        self.asked.append(trouble)

    def vnet_stopped(self, error: str) -> None:
        self.asked.append(error)


class SmallDaemon(pb_grpc.TerminalServiceServicer):
    """Keeps the events address and fails one call, with the trailer."""

    def __init__(self) -> None:
        self.address = ""

    async def UpdateTshdEventsServerAddress(  # noqa: N802
        self,
        request: pb.UpdateTshdEventsServerAddressRequest,
        context: "grpc.aio.ServicerContext[object, object]",
    ) -> pb.UpdateTshdEventsServerAddressResponse:
        self.address = request.address
        return pb.UpdateTshdEventsServerAddressResponse()

    async def GetCluster(  # noqa: N802
        self, request: pb.GetClusterRequest, context: "grpc.aio.ServicerContext[object, object]"
    ) -> pb.Cluster:
        trailer = (("is-resolvable-with-relogin", "1"),) if "expired" in request.cluster_uri else ()
        await context.abort(grpc.StatusCode.UNKNOWN, "ssh: cert has expired", trailer)
        raise AssertionError


@asynccontextmanager
async def wired(person: Person) -> AsyncIterator[tuple[connection.Connection, "Stub"]]:
    """Both directions; the stub is the daemon's side of the events service."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        place = Path(folder) / "tsh.sock"
        daemon = SmallDaemon()
        server = grpc.aio.server()
        pb_grpc.add_TerminalServiceServicer_to_server(daemon, server)
        server.add_insecure_port(f"unix://{place}")
        await server.start()
        made = await connection.over_unix(
            place, Path(folder) / "tshde.sock", person, Limits(local_s=5, network_s=5)
        )
        await made.introduce()
        async with grpc.aio.insecure_channel(daemon.address) as channel:
            yield made, pb_grpc.TshdEventsServiceStub(channel)
        await made.close()
        await server.stop(None)


def run(test: "Callable[[Person, connection.Connection, Stub], Awaitable[None]]") -> Person:
    """Run a test with everything wired."""

    async def go() -> Person:
        person = Person()
        async with wired(person) as (made, stub):
            await test(person, made, stub)
        return person

    return asyncio.run(go())


def test_questions_with_an_answer() -> None:
    async def ask(person: Person, made: connection.Connection, stub: "Stub") -> None:
        sso = pb.SSOChallenge(redirect_url="https://idp/", connector_id="okta")
        asked = pb.PromptMFARequest(cluster_uri="/clusters/prod", totp=True, sso=sso)
        assert (await stub.PromptMFA(asked)).totp_code == "123456"
        pin = await stub.PromptHardwareKeyPIN(
            pb.PromptHardwareKeyPINRequest(proxy_hostname="prod", pin_optional=True)
        )
        assert pin.pin == "4711"
        new = await stub.PromptHardwareKeyPINChange(pb.PromptHardwareKeyPINChangeRequest())
        assert (new.pin, new.puk, new.puk_changed) == ("1", "2", True)
        slot = pb.ConfirmHardwareKeySlotOverwriteRequest(message="Slot 9a is taken.")
        assert (await stub.ConfirmHardwareKeySlotOverwrite(slot)).confirmed
        await stub.PromptHardwareKeyTouch(pb.PromptHardwareKeyTouchRequest(command="tsh ls"))
        usage = await stub.GetUsageReportingSettings(pb.GetUsageReportingSettingsRequest())
        assert not usage.usage_reporting_settings.enabled

    person = run(ask)
    first = person.asked[0]
    assert isinstance(first, MfaQuestion)
    assert (first.has_code, first.sso_url, first.sso_name) == (True, "https://idp/", "okta")


def test_news_without_an_answer() -> None:
    async def tell(person: Person, made: connection.Connection, stub: "Stub") -> None:
        failed = pb.CannotProxyGatewayConnection(gateway_uri="/gateways/1", error="no")
        await stub.SendNotification(
            pb.SendNotificationRequest(cannot_proxy_gateway_connection=failed)
        )
        vnet = pb.CannotProxyVnetConnection(target_uri="/clusters/a/apps/b")
        await stub.SendNotification(pb.SendNotificationRequest(cannot_proxy_vnet_connection=vnet))
        await stub.ReportUnexpectedVnetShutdown(
            pb.ReportUnexpectedVnetShutdownRequest(error="killed")
        )

    assert run(tell).asked == [
        ProxyTrouble(gateway_uri="/gateways/1", target_uri="", error="no"),
        ProxyTrouble(
            gateway_uri="", target_uri="/clusters/a/apps/b", error="The app has no such port."
        ),
        "killed",
    ]


def test_a_closed_dialog_is_aborted_and_other_failures_are_unknown() -> None:
    async def ask(person: Person, made: connection.Connection, stub: "Stub") -> None:
        expired = pb.GatewayCertExpired(gateway_uri="/gateways/1", target_uri="/clusters/a/dbs/b")
        request = pb.ReloginRequest(root_cluster_uri="/clusters/a", gateway_cert_expired=expired)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Relogin(request)
        assert caught.value.code() is grpc.StatusCode.ABORTED
        headless = pb.SendPendingHeadlessAuthenticationRequest(headless_authentication_id="1")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.SendPendingHeadlessAuthentication(headless)
        assert caught.value.code() is grpc.StatusCode.UNKNOWN
        assert caught.value.details() == "The window is gone."

    question = run(ask).asked[0]
    assert question == ReloginQuestion(
        cluster_uri="/clusters/a", gateway_uri="/gateways/1", target_uri="/clusters/a/dbs/b"
    )


def test_a_call_that_the_daemon_cancels_is_withdrawn() -> None:
    async def ask(person: Person, made: connection.Connection, stub: "Stub") -> None:
        person.is_patient = True
        call = stub.PromptMFA(pb.PromptMFARequest(totp=True))
        await asyncio.wait_for(person.is_asked.wait(), 5)
        call.cancel()
        await asyncio.wait_for(person.was_cancelled.wait(), 5)

    run(ask)


def test_the_trailer_says_whether_a_login_helps() -> None:
    async def ask(person: Person, made: connection.Connection, stub: "Stub") -> None:
        with pytest.raises(CallFailed, match="expired") as caught:
            await made.client.cluster("/clusters/expired")
        assert caught.value.needs_login
        with pytest.raises(CallFailed) as caught:
            await made.client.cluster("/clusters/other")
        assert not caught.value.needs_login
        with pytest.raises(CallFailed) as caught:
            await made.client.gateways()
        assert caught.value.status == "UNIMPLEMENTED"

    run(ask)
