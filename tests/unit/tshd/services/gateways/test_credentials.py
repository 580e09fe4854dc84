"""Certificates of gateways: kept, renewed, asked for."""

import asyncio
import datetime
from dataclasses import dataclass, field

import pytest

from teleterm.client.certs import IssuedCerts
from teleterm.model.clock import ManualClock
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.model.secret import Secret
from teleterm.tshd.services.events import MfaPrompt
from teleterm.tshd.services.gateways.credentials import GatewayCredentials, Owner

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
OWNER = Owner(gateway_uri="/gateways/g", target_uri="/t", root_cluster_uri="/clusters/c")
ENDED = Refused("Your login ended.", code=ErrorCode.NEEDS_LOGIN)


@dataclass(slots=True)
class FakeIssuer:
    """Issues certificates for the `lifetimes` given, then for an hour; `failures` come first."""

    clock: ManualClock
    failures: list[TeletermError] = field(default_factory=list)
    lifetimes: list[datetime.timedelta] = field(default_factory=list)
    count: int = 0

    async def __call__(self) -> IssuedCerts:
        """Fail or issue."""
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.count += 1
        return IssuedCerts(
            key=Secret(b"key"),
            tls_certificate=str(self.count).encode(),
            ssh_certificate="",
            expires=self.clock.now() + (self.lifetimes.pop(0) if self.lifetimes else HOUR),
            mfa_verified=False,
        )


@dataclass(slots=True)
class FakeWindow:
    """A window whose user logs in at once, or won't."""

    refusal: TeletermError | None = None
    relogins: list[str] = field(default_factory=list)

    async def prompt_mfa(self, prompt: MfaPrompt) -> str:
        """Never asked here."""
        raise AssertionError(prompt)

    async def relogin(self, root_cluster_uri: str, gateway_uri: str, target_uri: str) -> None:
        """Log in."""
        self.relogins.append(gateway_uri)
        if self.refusal:
            raise self.refusal

    async def cannot_proxy(self, gateway_uri: str, target_uri: str, error: str) -> None:
        """Never told here."""

    async def pending_headless(
        self, root_cluster_uri: str, request_id: str, client_ip: str
    ) -> None:
        """Never asked here."""


@dataclass(slots=True)
class Scene:
    """All that belongs together."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    window: FakeWindow = field(default_factory=FakeWindow)
    issuer: FakeIssuer = field(init=False)
    credentials: GatewayCredentials = field(init=False)

    def __post_init__(self) -> None:
        self.issuer = FakeIssuer(self.clock)
        self.credentials = GatewayCredentials(OWNER, self.issuer, self.window, self.clock)

    async def certificate(self) -> bytes:
        """What a connection would show."""
        return (await self.credentials.current()).certificate


def test_one_certificate_serves_until_it_ends() -> None:
    async def walk() -> list[bytes]:
        scene = Scene()
        await scene.credentials.obtain()
        found = [await scene.certificate(), await scene.certificate()]
        scene.clock.move(HOUR)
        return [*found, await scene.certificate(), await scene.certificate()]

    assert asyncio.run(walk()) == [b"1", b"1", b"2", b"2"]


def test_one_about_to_end_is_not_shown() -> None:
    async def walk() -> list[bytes]:
        scene = Scene()
        await scene.credentials.obtain()
        scene.clock.move(HOUR - datetime.timedelta(seconds=3))
        lasting = await scene.certificate()
        scene.clock.move(datetime.timedelta(seconds=2))
        return [lasting, await scene.certificate()]

    assert asyncio.run(walk()) == [b"1", b"2"]


def test_a_login_about_to_end_is_asked_for() -> None:
    async def walk() -> tuple[bytes, list[str]]:
        scene = Scene()
        scene.issuer.lifetimes = [datetime.timedelta(seconds=1)]
        return await scene.certificate(), scene.window.relogins

    assert asyncio.run(walk()) == (b"2", ["/gateways/g"])


def test_connections_that_come_together_renew_once() -> None:
    async def walk() -> set[bytes]:
        scene = Scene()
        return set(await asyncio.gather(*(scene.certificate() for _ in range(20))))

    assert asyncio.run(walk()) == {b"1"}


def test_an_ended_login_is_asked_for_and_then_tried_once_more() -> None:
    async def walk() -> tuple[bytes, list[str]]:
        scene = Scene()
        scene.issuer.failures = [ENDED]
        return await scene.certificate(), scene.window.relogins

    assert asyncio.run(walk()) == (b"1", ["/gateways/g"])


def test_other_failures_open_no_dialog() -> None:
    async def walk() -> list[str]:
        scene = Scene()
        scene.issuer.failures = [Refused("No.", code=ErrorCode.NOT_FOUND)]
        with pytest.raises(Refused, match=r"^No"):
            await scene.certificate()
        return scene.window.relogins

    assert asyncio.run(walk()) == []


def test_after_a_refused_login_the_next_connection_asks_again() -> None:
    async def walk() -> int:
        scene = Scene()
        scene.window.refusal = Refused("could not refresh the session")
        scene.issuer.failures = [ENDED, ENDED]
        for _ in range(2):
            with pytest.raises(Refused, match="could not refresh"):
                await scene.certificate()
        return len(scene.window.relogins)

    assert asyncio.run(walk()) == 2


def test_a_first_certificate_asks_nobody_to_log_in() -> None:
    async def walk() -> list[str]:
        scene = Scene()
        scene.issuer.failures = [ENDED]
        with pytest.raises(Refused):
            await scene.credentials.obtain()
        return scene.window.relogins

    assert asyncio.run(walk()) == []
