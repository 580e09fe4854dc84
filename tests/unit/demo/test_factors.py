"""Second factors of the demo's users: what is taken, what is refused."""

import datetime
from pathlib import Path

import pytest

from teleterm.client.prompts import WebauthnAnswer, WebauthnChallenge, WebauthnDescriptor
from teleterm.demo import totp
from teleterm.demo.factors import APP_NAME, WRONG_CODE, WRONG_KEY, FactorDesk, RegisteredKey
from teleterm.demo.inventory import DemoUser
from teleterm.demo.passkeys import Assertion
from teleterm.model.clock import ManualClock
from teleterm.model.errors import BadInput, Refused
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as mfa
from tests.support.software_key import SoftwareKey

START = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
ALICE, BOB = DemoUser(), DemoUser(name="bob")
SESSION, LOGIN = mfa.CHALLENGE_SCOPE_USER_SESSION, mfa.CHALLENGE_SCOPE_LOGIN
PASSWORDLESS = mfa.CHALLENGE_SCOPE_PASSWORDLESS_LOGIN
ORIGIN = "https://localhost:3080"


class Desk:
    """Two users; alice has a key."""

    def __init__(self, *, is_passwordless: bool = False) -> None:
        self.clock = ManualClock(START)
        self.key = SoftwareKey()
        self.desk = FactorDesk((ALICE, BOB), self.clock)
        made = self.key.register(
            self.desk.begin_key("alice", is_passwordless=is_passwordless),
            rp_id="localhost",
            origin=ORIGIN,
        )
        self.desk.finish_key("alice", "soft", made.client_data_json, made.attestation_object)

    def sign(
        self, challenge: bytes, *, origin: str = ORIGIN, rp_id: str = "localhost"
    ) -> WebauthnAnswer:
        ident = WebauthnDescriptor(type="public-key", ident=self.key.credential_id)
        asked = WebauthnChallenge(challenge=challenge, rp_id=rp_id, origin=origin, allow=(ident,))
        return self.key.sign(asked)

    def check(self, answer: WebauthnAnswer, scope: int, user: str, handle: bytes = b"") -> str:
        given = Assertion(
            credential_id=answer.credential_id,
            client_data=answer.client_data_json,
            authenticator_data=answer.authenticator_data,
            signature=answer.signature,
            user_handle=handle,
        )
        return self.desk.check_key(given, scope, user=user).name


def test_a_key_answers_once() -> None:
    desk = Desk()
    answer = desk.sign(desk.desk.challenge("alice", SESSION))
    assert desk.check(answer, SESSION, "alice") == "soft"
    with pytest.raises(Refused, match=WRONG_KEY):
        desk.check(answer, SESSION, "alice")


def test_a_challenge_that_may_be_used_again() -> None:
    desk = Desk()
    answer = desk.sign(desk.desk.challenge("alice", SESSION, is_reusable=True))
    assert desk.check(answer, SESSION, "alice") == "soft"
    assert desk.check(answer, SESSION, "alice") == "soft"


@pytest.mark.parametrize("what", ["scope", "user", "late", "page", "site", "signature", "key"])
def test_answers_that_are_refused(what: str) -> None:
    desk = Desk()
    challenge = desk.desk.challenge("bob" if what == "user" else "alice", LOGIN)
    if what == "page":
        answer = desk.sign(challenge, origin="https://example.com")
    elif what == "site":
        answer = desk.sign(challenge, rp_id="example.com")
    elif what == "signature":
        desk.key.private = SoftwareKey().private
        answer = desk.sign(challenge)
    elif what == "key":
        desk.key = SoftwareKey()
        answer = desk.sign(challenge)
    else:
        answer = desk.sign(challenge)
    if what == "late":
        desk.clock.move(datetime.timedelta(minutes=6))
    with pytest.raises(Refused, match=WRONG_KEY):
        desk.check(answer, SESSION if what == "scope" else LOGIN, "alice")


def test_a_key_alone_says_who_it_is() -> None:
    desk = Desk(is_passwordless=True)
    handle = desk.desk.handle_of("alice")
    answer = desk.sign(desk.desk.challenge("", PASSWORDLESS))
    with pytest.raises(Refused):
        desk.check(answer, PASSWORDLESS, "", desk.desk.handle_of("bob"))
    assert desk.check(answer, PASSWORDLESS, "", handle) == "soft"
    without = Desk()
    answer = without.sign(without.desk.challenge("", PASSWORDLESS))
    with pytest.raises(Refused):
        without.check(answer, PASSWORDLESS, "", without.desk.handle_of("alice"))


def test_adding_and_removing() -> None:
    desk = Desk()
    names = [one.name for one in desk.desk.devices_of("alice")]
    assert names == [APP_NAME, "soft"]
    ident, secret = desk.desk.begin_codes("alice")
    code = totp.code_at(secret, START.timestamp())
    with pytest.raises(BadInput):
        desk.desk.finish_codes("bob", "phone", ident, code)
    with pytest.raises(Refused, match=WRONG_CODE):
        desk.desk.finish_codes("alice", "phone", ident, "000000")
    assert desk.desk.finish_codes("alice", "phone", ident, code).name == "phone"
    again, secret = desk.desk.begin_codes("alice")
    with pytest.raises(Refused, match="exists"):
        desk.desk.finish_codes("alice", "soft", again, totp.code_at(secret, START.timestamp()))
    for name in ("phone", "soft"):
        desk.desk.remove("alice", name)
    with pytest.raises(Refused, match="does not exist"):
        desk.desk.remove("alice", "soft")
    with pytest.raises(BadInput, match="last"):
        desk.desk.remove("alice", APP_NAME)


def test_the_same_key_twice_and_an_answer_nobody_asked_for() -> None:
    desk = Desk()
    made = desk.key.register(
        desk.desk.begin_key("bob", is_passwordless=False), rp_id="localhost", origin=ORIGIN
    )
    with pytest.raises(Refused, match="already"):
        desk.desk.finish_key("bob", "soft", made.client_data_json, made.attestation_object)
    made = SoftwareKey().register(b"nobody", rp_id="localhost", origin=ORIGIN)
    with pytest.raises(BadInput, match="nothing was asked"):
        desk.desk.finish_key("bob", "soft", made.client_data_json, made.attestation_object)


def test_a_file_that_describes_no_key(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    with pytest.raises(BadInput, match="describes no security key"):
        RegisteredKey.read(path)
    path.write_text('{"user": 1}', "utf-8")
    with pytest.raises(BadInput, match="describes no security key"):
        RegisteredKey.read(path)
