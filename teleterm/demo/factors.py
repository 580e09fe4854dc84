"""The users' second factors: what is registered, what was asked, and whether an answer is right."""

import datetime
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from teleterm.demo import passkeys, totp
from teleterm.demo.inventory import DemoUser
from teleterm.demo.passkeys import Assertion, BadKey
from teleterm.demo.totp import CodeChecker
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Refused

_MOST_OPEN = 256
_CHALLENGE_BYTES = 32
_CHALLENGE_LIFE = datetime.timedelta(minutes=5)
APP_NAME = "authenticator"
WRONG_KEY = "invalid security key response"
WRONG_CODE = "invalid one time token"


class RegisteredKey(msgspec.Struct, frozen=True, kw_only=True):
    """A security key that a user has from the start, for tests: the file that `--user-key` names.

    `public_key` in COSE's form; `user_id` is what a key for logins without password gives back.
    """

    user: str
    name: str
    credential_id: bytes
    public_key: bytes
    user_id: bytes = b""

    @classmethod
    def read(cls, path: Path) -> "RegisteredKey":
        """Read such a file.

        Raises: BadInput.
        """
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError) as error:
            raise BadInput(f"{path} describes no security key: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """An authenticator app or a security key; a key has a `credential`."""

    user: str
    name: str
    added: datetime.datetime
    used: datetime.datetime
    id: str
    credential: passkeys.Credential | None = None
    codes: CodeChecker | None = None
    is_passwordless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A challenge that was given out; `user` is empty for a login without password."""

    user: str
    scope: int
    ends: datetime.datetime
    is_reusable: bool = False
    is_registration: bool = False
    is_passwordless: bool = False


class FactorDesk:
    """The devices of all users of one demo."""

    def __init__(
        self,
        users: Sequence[DemoUser],
        clock: Clock,
        *,
        allow_code_reuse: bool = False,
        keys: Sequence[RegisteredKey] = (),
    ) -> None:
        self._clock = clock
        self._allow_code_reuse = allow_code_reuse
        self._devices: dict[tuple[str, str], Device] = {}
        self._handles = {user.name: secrets.token_bytes(16) for user in users}
        self._open: dict[bytes, _Open] = {}
        self._new_codes: dict[str, tuple[str, CodeChecker]] = {}
        for user in users:
            self._add(user.name, APP_NAME, codes=self._checker(user.totp_secret))
        for key in keys:
            self._handles[key.user] = key.user_id or self._handles[key.user]
            made = passkeys.Credential(ident=key.credential_id, public_key=key.public_key)
            self._add(key.user, key.name, credential=made, is_passwordless=bool(key.user_id))

    # ---- what there is ----

    def devices_of(self, user: str) -> tuple[Device, ...]:
        """What a user has registered."""
        return tuple(one for one in self._devices.values() if one.user == user)

    def keys_of(self, user: str) -> tuple[bytes, ...]:
        """The credentials of a user's security keys."""
        return tuple(one.credential.ident for one in self.devices_of(user) if one.credential)

    def has_codes(self, user: str) -> bool:
        """Whether a user has an authenticator app."""
        return any(one.codes for one in self.devices_of(user))

    def handle_of(self, user: str) -> bytes:
        """What security keys know a user by."""
        return self._handles[user]

    # ---- asking and checking ----

    def challenge(self, user: str, scope: int, *, is_reusable: bool = False) -> bytes:
        """Ask for a security key; no `user` for a login without password."""
        ends = self._clock.now() + _CHALLENGE_LIFE
        return self._give(_Open(user=user, scope=scope, ends=ends, is_reusable=is_reusable))

    def check_key(self, assertion: Assertion, scope: int, *, user: str = "") -> Device:
        """Check what a key has signed; without `user` the key says who it is.

        Raises: Refused.
        """
        try:
            asked = self._asked(assertion.client_data, scope, user)
            device = self._device_of(assertion, user)
            public = device.credential.public_key if device.credential else b""
            passkeys.check(assertion, public, needs_pin=not user)
        except BadKey as error:
            raise Refused(WRONG_KEY, details=str(error)) from None
        if not asked.is_reusable:
            self._open.pop(passkeys.challenge_of(assertion.client_data), None)
        return self._touch(device)

    def check_code(self, user: str, code: str) -> Device:
        """Check a code against a user's authenticator apps; a good one is used up.

        Raises: Refused.
        """
        now_s = self._clock.now().timestamp()
        for device in self.devices_of(user):
            if device.codes is not None and device.codes.accept(code, now_s):
                return self._touch(device)
        raise Refused(WRONG_CODE)

    # ---- new ones ----

    def begin_key(self, user: str, *, is_passwordless: bool) -> bytes:
        """Begin to register a security key; gives the challenge."""
        ends = self._clock.now() + _CHALLENGE_LIFE
        return self._give(
            _Open(
                user=user,
                scope=0,
                ends=ends,
                is_registration=True,
                is_passwordless=is_passwordless,
            )
        )

    def finish_key(
        self, user: str, name: str, client_data: bytes, attestation_object: bytes
    ) -> Device:
        """Register a security key.

        Raises: BadInput, Refused.
        """
        try:
            challenge = passkeys.challenge_of(client_data)
            asked = self._open.pop(challenge, None)
            if asked is None or not asked.is_registration or asked.user != user:
                raise BadKey("nothing was asked")
            made = passkeys.registered(
                client_data, attestation_object, needs_pin=asked.is_passwordless
            )
        except BadKey as error:
            raise BadInput(f"the security key can't be registered: {error}") from None
        if any(one.credential and one.credential.ident == made.ident for one in self._all()):
            raise Refused("the security key is registered already", code=ErrorCode.ALREADY_EXISTS)
        return self._add(user, name, credential=made, is_passwordless=asked.is_passwordless)

    def begin_codes(self, user: str) -> tuple[str, str]:
        """Begin to add an authenticator app; gives an id and the setup key."""
        ident, secret = str(uuid.uuid4()), totp.new_secret()
        while len(self._new_codes) >= _MOST_OPEN:
            self._new_codes.pop(next(iter(self._new_codes)))
        self._new_codes[ident] = (user, self._checker(secret))
        return ident, secret

    def finish_codes(self, user: str, name: str, ident: str, code: str) -> Device:
        """Add an authenticator app by the code it shows.

        Raises: BadInput, Refused.
        """
        owner, checker = self._new_codes.get(ident, ("", None))
        if checker is None or owner != user:
            raise BadInput("no authenticator app was to be added")
        if not checker.accept(code, self._clock.now().timestamp()):
            raise Refused(WRONG_CODE)
        made = self._add(user, name, codes=checker)
        del self._new_codes[ident]
        return made

    def remove(self, user: str, name: str) -> None:
        """Remove one, but for the last.

        Raises: Refused, BadInput.
        """
        if (user, name) not in self._devices:
            raise Refused(f'MFA device "{name}" does not exist', code=ErrorCode.NOT_FOUND)
        if len(self.devices_of(user)) == 1:
            raise BadInput("the last device of a user can't be removed; add another one first")
        del self._devices[user, name]

    # ---- parts ----

    def _all(self) -> Sequence[Device]:
        return list(self._devices.values())

    def _checker(self, secret: str) -> CodeChecker:
        return CodeChecker(secret, allow_reuse=self._allow_code_reuse)

    def _give(self, asked: _Open) -> bytes:
        while len(self._open) >= _MOST_OPEN:
            self._open.pop(next(iter(self._open)))
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        self._open[challenge] = asked
        return challenge

    def _asked(self, client_data: bytes, scope: int, user: str) -> _Open:
        asked = self._open.get(passkeys.challenge_of(client_data))
        if asked is None or asked.is_registration:
            raise BadKey("nothing was asked")
        if (asked.user, asked.scope) != (user, scope):
            raise BadKey("it was asked for something else")
        if asked.ends < self._clock.now():
            raise BadKey("it was asked too long ago")
        return asked

    def _device_of(self, assertion: Assertion, user: str) -> Device:
        for device in self._all():
            made = device.credential
            if made is None or made.ident != assertion.credential_id:
                continue
            is_named = not user and assertion.user_handle == self._handles[device.user]
            if device.user == user or (is_named and device.is_passwordless):
                return device
        raise BadKey("no such key is registered")

    def _add(
        self,
        user: str,
        name: str,
        *,
        credential: passkeys.Credential | None = None,
        codes: CodeChecker | None = None,
        is_passwordless: bool = False,
    ) -> Device:
        if not name.strip():
            raise BadInput("a device needs a name")
        if (user, name) in self._devices:
            message = f'MFA device with name "{name}" already exists'
            raise Refused(message, code=ErrorCode.ALREADY_EXISTS)
        now = self._clock.now()
        made = Device(
            user=user,
            name=name,
            added=now,
            used=now,
            id=str(uuid.uuid4()),
            credential=credential,
            codes=codes,
            is_passwordless=is_passwordless,
        )
        self._devices[user, name] = made
        return made

    def _touch(self, device: Device) -> Device:
        used = replace(device, used=self._clock.now())
        self._devices[device.user, device.name] = used
        return used
