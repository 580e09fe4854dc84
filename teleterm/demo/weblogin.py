"""The proxy's login pages: password and second factor, a key alone, and headless."""

import base64
import binascii
import datetime
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import msgspec

from teleterm.demo.factors import Device, FactorDesk
from teleterm.demo.headless import HeadlessDesk, Waiting
from teleterm.demo.http import Request, Response, error_response, json_response
from teleterm.demo.inventory import DemoUser
from teleterm.demo.locks import Locks
from teleterm.demo.passkeys import RP_ID, Assertion
from teleterm.demo.sso import Wanted
from teleterm.model.errors import BadInput, Refused, TeletermError
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as mfa

_WRONG_PASSWORD = "invalid credentials"  # noqa: S105 - a message
_WRONG_FACTOR = "invalid username, password or second factor"
_TIMEOUT_MS = 60_000
_LOGIN, _PASSWORDLESS = mfa.CHALLENGE_SCOPE_LOGIN, mfa.CHALLENGE_SCOPE_PASSWORDLESS_LOGIN
T = TypeVar("T")


class _BeginBody(msgspec.Struct, forbid_unknown_fields=False):
    user: str = ""
    password: str = msgspec.field(default="", name="pass")
    passwordless: bool = False


class _KeyResponse(msgspec.Struct, forbid_unknown_fields=False, rename="camel"):
    client_data_json: str = msgspec.field(default="", name="clientDataJSON")
    authenticator_data: str = ""
    signature: str = ""
    user_handle: str = ""


class _KeyAnswer(msgspec.Struct, forbid_unknown_fields=False):
    response: _KeyResponse
    raw_id: str = msgspec.field(default="", name="rawId")


class _FinishBody(msgspec.Struct, forbid_unknown_fields=False):
    user: str = ""
    password: str = ""
    totp_code: str = ""
    webauthn_challenge_response: _KeyAnswer | None = None
    headless_id: str = ""
    ssh_pub_key: bytes | None = None
    tls_pub_key: bytes | None = None
    ttl: int = 0
    route_to_cluster: str = msgspec.field(default="", name="RouteToCluster")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPagesConfig:
    """Who may log in, with what; `reply` gives the certificates that a login ends with."""

    users: tuple[DemoUser, ...]
    factors: FactorDesk
    headless: HeadlessDesk
    locks: Locks
    reply: Callable[[Wanted], dict[str, object]]


class LoginPages:
    """Answers the requests of logins."""

    def __init__(self, config: LoginPagesConfig) -> None:
        self._config = config
        self._users = {user.name: user for user in config.users}

    def begin(self, request: Request) -> Response:
        """Check the password, and ask for a second factor; or for a key alone."""
        try:
            body = _read(request, _BeginBody)
        except BadInput as error:
            return error_response(HTTPStatus.BAD_REQUEST, error.message)
        if body.passwordless:
            challenge = self._config.factors.challenge("", _PASSWORDLESS)
            return json_response(_asked(_options(challenge, (), "required"), has_codes=False))
        if not self._knows(body.user, body.password):
            return error_response(HTTPStatus.FORBIDDEN, _WRONG_PASSWORD)
        factors = self._config.factors
        keys = factors.keys_of(body.user)
        options = None
        if keys:
            challenge = factors.challenge(body.user, _LOGIN)
            options = _options(challenge, keys, "discouraged")
        return json_response(_asked(options, has_codes=factors.has_codes(body.user)))

    def finish(self, request: Request) -> Response:
        """Check everything, and give certificates."""
        try:
            body = _read(request, _FinishBody)
            _check_keys(body)
        except BadInput as error:
            return error_response(HTTPStatus.BAD_REQUEST, error.message)
        try:
            user = self._who(body)
            self._config.locks.check(user)
        except TeletermError as error:
            return error_response(HTTPStatus.FORBIDDEN, error.message)
        return self._give(body, request, user)

    async def headless(self, request: Request) -> Response:
        """Wait until the user lets it in elsewhere, and give certificates for a minute."""
        try:
            body = _read(request, _FinishBody)
            _check_keys(body)
        except BadInput as error:
            return error_response(HTTPStatus.BAD_REQUEST, error.message)
        if body.user not in self._users:
            return error_response(HTTPStatus.FORBIDDEN, _WRONG_PASSWORD)
        waiting = Waiting(
            ident=body.headless_id,
            user=body.user,
            client_ip=request.peer_host,
            ssh_public_key=body.ssh_pub_key or b"",
            tls_public_key=body.tls_pub_key or b"",
        )
        try:
            self._config.locks.check(body.user)
            device = await self._config.headless.wait(waiting)
        except Refused as error:
            return error_response(HTTPStatus.FORBIDDEN, error.message)
        body.ttl = int(60 * 1e9)
        return self._give(body, request, body.user, device=device)

    def _who(self, body: _FinishBody) -> str:
        """Who has proved to be who.

        Raises: Refused.
        """
        answer = body.webauthn_challenge_response
        factors = self._config.factors
        if answer is not None and not body.user:
            return self._signed(answer, _PASSWORDLESS, "").user
        if answer is not None:
            if not self._knows(body.user, body.password):
                raise Refused(_WRONG_PASSWORD)
            return self._signed(answer, _LOGIN, body.user).user
        if not self._knows(body.user, body.password):
            raise Refused(_WRONG_FACTOR)
        try:
            return factors.check_code(body.user, body.totp_code).user
        except Refused:
            raise Refused(_WRONG_FACTOR) from None

    def _signed(
        self, answer: _KeyAnswer, scope: "mfa.ChallengeScope.ValueType", user: str
    ) -> Device:
        try:
            assertion = Assertion(
                credential_id=_unpadded(answer.raw_id),
                client_data=_unpadded(answer.response.client_data_json),
                authenticator_data=_unpadded(answer.response.authenticator_data),
                signature=_unpadded(answer.response.signature),
                user_handle=_unpadded(answer.response.user_handle),
            )
            return self._config.factors.check_key(assertion, scope, user=user)
        except (Refused, ValueError):
            raise Refused(_WRONG_PASSWORD) from None

    def _give(
        self, body: _FinishBody, request: Request, user: str, *, device: str = ""
    ) -> Response:
        wanted = Wanted(
            user=user,
            ssh_public_key=body.ssh_pub_key or b"",
            tls_public_key=body.tls_pub_key or b"",
            ttl=datetime.timedelta(microseconds=max(body.ttl, 0) // 1000),
            route_to_cluster=body.route_to_cluster,
            login_ip=request.peer_host,
            mfa_device=device,
        )
        try:
            return json_response(self._config.reply(wanted))
        except ValueError as error:
            return error_response(HTTPStatus.BAD_REQUEST, str(error))

    def _knows(self, name: str, password: str) -> bool:
        user = self._users.get(name)
        right = user.password if user is not None else "\0"
        return hmac.compare_digest(password.encode(), right.encode()) and user is not None


def _read(request: Request, kind: type[T]) -> T:
    """Raises: BadInput."""
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadInput(str(error)) from None


def _check_keys(body: _FinishBody) -> None:
    """Raises: BadInput."""
    if not body.ssh_pub_key and not body.tls_pub_key:
        raise BadInput("'ssh_pub_key' or 'tls_pub_key' must be set")


def _asked(options: dict[str, object] | None, *, has_codes: bool) -> dict[str, object]:
    return {"webauthn_challenge": options, "totp_challenge": has_codes, "sso_challenge": None}


def _options(challenge: bytes, keys: tuple[bytes, ...], verification: str) -> dict[str, object]:
    """The challenge, in the alphabet that servers use; answers come in the other one."""
    options: dict[str, object] = {
        "challenge": _b64(challenge),
        "timeout": _TIMEOUT_MS,
        "rpId": RP_ID,
        "userVerification": verification,
    }
    if keys:
        options["allowCredentials"] = [{"type": "public-key", "id": _b64(one)} for one in keys]
    return {"publicKey": options}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unpadded(text: str) -> bytes:
    """Raises: ValueError."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from None
