"""The race between a code typed in the window and a touched key."""

import asyncio
from dataclasses import dataclass, field

import pytest

from teleterm.client.prompts import (
    MfaAnswer,
    MfaChallenge,
    TotpAnswer,
    WebauthnAnswer,
    WebauthnChallenge,
)
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.model.uri import ClusterUri
from teleterm.tshd.services.events import MfaPrompt
from teleterm.tshd.services.prompts import SecurityKeys, WindowPrompts

KEY = WebauthnChallenge(challenge=b"c", rp_id="r", origin="https://r")
SIGNED = WebauthnAnswer(
    credential_id=b"i", client_data_json=b"{}", authenticator_data=b"a", signature=b"s"
)
ROOT = ClusterUri(profile="p.example")
CLOSED = Refused("closed", code=ErrorCode.MFA_REFUSED)


@dataclass(slots=True)
class FakeWindow:
    """A window that answers, fails, or leaves its dialog open."""

    code: str = ""
    failure: TeletermError | None = None
    is_silent: bool = False
    prompts: list[MfaPrompt] = field(default_factory=list)
    is_withdrawn: bool = False

    async def prompt_mfa(self, prompt: MfaPrompt) -> str:
        """Answer."""
        self.prompts.append(prompt)
        if self.failure:
            raise self.failure
        if self.is_silent:
            try:
                await asyncio.Event().wait()
            finally:
                self.is_withdrawn = True
        return self.code

    async def relogin(self, root_cluster_uri: str, gateway_uri: str, target_uri: str) -> None:
        """Never asked here."""

    async def cannot_proxy(self, gateway_uri: str, target_uri: str, error: str) -> None:
        """Never told here."""

    async def pending_headless(
        self, root_cluster_uri: str, request_id: str, client_ip: str
    ) -> None:
        """Never asked here."""


@dataclass(slots=True)
class FakeKeys:
    """Keys that are touched at once, fail, or never."""

    failure: TeletermError | None = None
    is_silent: bool = False

    async def sign(self, challenge: WebauthnChallenge) -> MfaAnswer:
        """Sign."""
        if self.failure:
            raise self.failure
        if self.is_silent:
            await asyncio.Event().wait()
        return SIGNED


def ask(
    window: FakeWindow,
    keys: SecurityKeys | None,
    *,
    cluster: str = "root",
    totp: bool = True,
    key: WebauthnChallenge | None = KEY,
) -> MfaAnswer:
    """Run the ceremony."""
    prompts = WindowPrompts(window, ROOT, root_name="root", keys=keys)
    challenge = MfaChallenge(cluster=cluster, totp=totp, webauthn=key, is_session=not totp)

    async def walk() -> MfaAnswer:
        return await asyncio.wait_for(prompts.mfa(challenge), 5)

    return asyncio.run(walk())


def test_a_code_that_is_typed_wins() -> None:
    answer = ask(FakeWindow(code="123456"), FakeKeys(is_silent=True))
    assert isinstance(answer, TotpAnswer)
    assert answer.code.reveal() == "123456"


def test_a_touched_key_closes_the_dialog() -> None:
    window = FakeWindow(is_silent=True)
    assert ask(window, FakeKeys()) == SIGNED
    assert window.is_withdrawn
    assert window.prompts[0].webauthn


def test_a_closed_dialog_ends_it_though_a_key_still_waits() -> None:
    with pytest.raises(Refused) as caught:
        ask(FakeWindow(failure=CLOSED), FakeKeys(is_silent=True))
    assert caught.value.code is ErrorCode.MFA_REFUSED


def test_one_way_may_fail_while_the_other_works() -> None:
    broken = Refused("no key", code=ErrorCode.UNKNOWN)
    assert isinstance(ask(FakeWindow(code="1"), FakeKeys(failure=broken)), TotpAnswer)


def test_without_keys_of_ours_a_key_is_not_offered() -> None:
    window = FakeWindow(code="1")
    ask(window, None)
    assert not window.prompts[0].webauthn
    with pytest.raises(Refused) as caught:
        ask(window, None, totp=False)
    assert caught.value.code is ErrorCode.NOT_IMPLEMENTED


def test_the_prompt_names_the_cluster_of_the_resource() -> None:
    window = FakeWindow(code="1")
    ask(window, None, cluster="leaf")
    ask(window, None, cluster="root")
    assert [one.cluster_uri for one in window.prompts] == [
        "/clusters/p.example/leaves/leaf",
        "/clusters/p.example",
    ]
