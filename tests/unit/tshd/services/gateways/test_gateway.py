"""Names and ports of gateways, without opening any."""

import asyncio
import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from teleterm.client.alpn_proxy import LocalProxy, ProxyTarget
from teleterm.client.certs import IssuedCerts
from teleterm.client.net import NetOptions
from teleterm.model.clock import ManualClock
from teleterm.model.errors import BadInput, ErrorCode
from teleterm.model.secret import Secret
from teleterm.model.uri import GatewayUri, parse_resource
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshd.services.events import MfaPrompt
from teleterm.tshd.services.gateways.gateway import Gateway, GatewayRecord, parse_port

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass(slots=True)
class FakeKind:
    """A target with the subresources it was given."""

    names: tuple[str, ...] = ()
    has_name_in_certificate: bool = True
    issued: list[str] = field(default_factory=list)

    @property
    def target(self) -> ProxyTarget:
        """Nobody goes there."""
        return ProxyTarget(
            web_addr="localhost:1", server_name="localhost", protocols=(), options=NetOptions()
        )

    async def issue(self, subresource: str) -> IssuedCerts:
        """Issue at once."""
        self.issued.append(subresource)
        return IssuedCerts(
            key=Secret(b""),
            tls_certificate=b"",
            ssh_certificate="",
            expires=START + datetime.timedelta(hours=1),
            mfa_verified=False,
        )

    def check(self, subresource: str) -> None:
        """Only what it has."""
        if subresource not in self.names:
            raise BadInput("none such")

    def command(self, record: GatewayRecord) -> pb.GatewayCLICommand:
        """None."""
        return pb.GatewayCLICommand(args=[str(record.local_port)])


class NoWindow:
    """Nobody is asked here."""

    async def prompt_mfa(self, prompt: MfaPrompt) -> str:
        """Never."""
        raise AssertionError(prompt)

    async def relogin(self, root_cluster_uri: str, gateway_uri: str, target_uri: str) -> None:
        """Never."""
        raise AssertionError(gateway_uri)

    async def cannot_proxy(self, gateway_uri: str, target_uri: str, error: str) -> None:
        """Never."""

    async def pending_headless(
        self, root_cluster_uri: str, request_id: str, client_ip: str
    ) -> None:
        """Never."""


def gateway(kind: FakeKind) -> Gateway:
    """A gateway that isn't open."""
    record = GatewayRecord(
        uri=GatewayUri(ident="g"),
        target=parse_resource("/clusters/c/apps/multi"),
        protocol="TCP",
        address="localhost",
        subresource="80",
    )
    return Gateway(record, kind, NoWindow(), ManualClock(START))


def run(kind: FakeKind, act: Callable[[Gateway], None]) -> Gateway:
    """Open a gateway, do something with it and close it."""

    async def walk() -> Gateway:
        made = gateway(kind)
        await made.open(0)
        try:
            act(made)
        finally:
            await made.close()
        return made

    return asyncio.run(walk())


def test_a_name_that_the_target_lacks_changes_nothing() -> None:
    def act(made: Gateway) -> None:
        with pytest.raises(BadInput):
            made.rename("81")

    made = run(FakeKind(names=("80",)), act)
    assert made.record.subresource == "80"


def test_it_does_not_open_for_one_either() -> None:
    kind = FakeKind(names=("443",))
    with pytest.raises(BadInput):
        asyncio.run(gateway(kind).open(0))
    assert not kind.issued


@pytest.mark.parametrize(("in_certificate", "wanted"), [(True, ["80", "81"]), (False, ["80"])])
def test_a_new_name_needs_a_new_certificate_only_when_it_is_in_it(
    in_certificate: bool, wanted: list[str]
) -> None:
    kind = FakeKind(names=("80", "81"), has_name_in_certificate=in_certificate)

    async def walk() -> None:
        made = gateway(kind)
        await made.open(0)
        made.rename("81")
        await made._credentials.current()
        await made.close()

    asyncio.run(walk())
    assert kind.issued == wanted


def test_the_command_names_the_port_it_really_has() -> None:
    seen: list[pb.Gateway] = []
    run(FakeKind(names=("80",)), lambda made: seen.append(made.message()))
    assert seen[0].gateway_cli_command.args == [seen[0].local_port]
    assert int(seen[0].local_port) > 0


@pytest.mark.parametrize("text", ["0", "65536", "-1", "abc", " 1"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_port(text)
    assert caught.value.code is ErrorCode.BAD_VALUE


def test_moves_at_the_same_time_leave_one_port_open_and_closing_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def walk() -> None:
        made = gateway(FakeKind(names=("80",)))
        listen, listening = made._listen, list[LocalProxy]()

        async def noting(port: int) -> LocalProxy:
            proxy = await listen(port)
            end = proxy.close

            async def close() -> None:
                listening.remove(proxy)
                await end()

            monkeypatch.setattr(proxy, "close", close)
            listening.append(proxy)
            return proxy

        monkeypatch.setattr(made, "_listen", noting)
        await made.open(0)
        await asyncio.gather(made.move_to(""), made.move_to(""), made.move_to(""))
        assert [one.port for one in listening] == [made.record.local_port]
        await asyncio.gather(made.close(), made.move_to(""))
        assert listening == []

    asyncio.run(walk())
