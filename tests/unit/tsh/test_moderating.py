"""A moderator confirms to be there, time and again."""

import asyncio

from teleterm.client.prompts import WebauthnAnswer, WebauthnChallenge
from teleterm.client.security_keys import KeyTalk, SecurityKeys
from teleterm.model.errors import Refused
from teleterm.tsh import moderating

CHALLENGE = WebauthnChallenge(
    challenge=b"?", rp_id="example.com", origin="https://example.com", allow=()
)
ANSWER = WebauthnAnswer(
    credential_id=b"i", client_data_json=b"{}", authenticator_data=b"d", signature=b"!"
)


class FakeQuestions:
    """Asks three times, then refuses."""

    def __init__(self) -> None:
        self.answers: list[WebauthnAnswer] = []

    async def challenge(self) -> WebauthnChallenge:
        if len(self.answers) == 3:
            raise Refused("The session is over.")
        return CHALLENGE

    async def answer(self, signed: WebauthnAnswer) -> None:
        self.answers.append(signed)


class FakeKeys(SecurityKeys):
    """Is touched at once, or wants a PIN."""

    def __init__(self, *, wants_pin: bool = False) -> None:
        super().__init__()
        self._wants_pin = wants_pin

    async def sign(self, challenge: WebauthnChallenge, talk: KeyTalk) -> WebauthnAnswer:
        await talk.touch()
        if self._wants_pin:
            await talk.pin()
        return ANSWER


def said(keys: SecurityKeys, asker: FakeQuestions) -> list[str]:
    lines: list[str] = []
    asyncio.run(moderating.confirm(asker, keys, lines.append, every_s=0))
    return lines


def test_each_question_is_announced_and_answered() -> None:
    asker = FakeQuestions()
    lines = said(FakeKeys(), asker)
    assert asker.answers == [ANSWER] * 3
    once = ["Please tap your MFA key", "Received MFA presence confirmation"]
    assert lines == [
        "MFA presence enabled",
        *once,
        *once,
        *once,
        "Failed to confirm presence: The session is over.",
    ]


def test_a_key_that_wants_a_pin_cannot_have_one() -> None:
    lines = said(FakeKeys(wants_pin=True), FakeQuestions())
    assert lines[-1] == "Failed to confirm presence: The security key wants a PIN."
