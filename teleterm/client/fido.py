"""One security key, spoken to with the `fido2` library. Everything here blocks its thread.

On Windows the system's own dialog stands for all keys where a program without administrator's
rights may not touch them.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from fido2.client import (
    ClientError,
    DefaultClientDataCollector,
    Fido2Client,
    PinRequiredError,
    UserInteraction,
    WebAuthnClient,
)
from fido2.ctap import CtapDevice, CtapError
from fido2.ctap2.pin import ClientPin
from fido2.webauthn import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRequestOptions,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from teleterm.client.prompts import (
    RegisteredKey,
    RegistrationChallenge,
    WebauthnAnswer,
    WebauthnChallenge,
    WebauthnDescriptor,
)
from teleterm.model.errors import ErrorCode, Refused

if TYPE_CHECKING:
    from teleterm.client.security_keys import Asker

T = TypeVar("T")
UNREGISTERED = (
    "you are using a security key that is not registered with Teleport - try a different"
    " security key"
)
_PIN_ERRORS = {
    CtapError.ERR.PIN_INVALID: ("The PIN of the security key is wrong.", "Try again."),
    CtapError.ERR.PIN_AUTH_BLOCKED: (
        "The security key takes no more PINs for now.",
        "Pull it out, put it in again, and try again.",
    ),
    CtapError.ERR.PIN_BLOCKED: (
        "The security key is locked: its PIN was wrong too often.",
        "Reset it with its maker's program; its credentials are lost then.",
    ),
    CtapError.ERR.OPERATION_DENIED: ("The security key was told not to.", ""),
    CtapError.ERR.KEY_STORE_FULL: (
        "The security key has no room for another credential.",
        "Remove one with its maker's program.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a key signed; `user_name` is as the key knows the user, empty when it doesn't."""

    answer: WebauthnAnswer
    user_name: str


class Key(Protocol):
    """A security key, or the system's dialog that stands for it."""

    def sign(self, challenge: WebauthnChallenge, asker: "Asker") -> Sequence[Signed]:
        """Sign, for every user it could be. Raises: Refused."""

    def register(self, challenge: RegistrationChallenge, asker: "Asker") -> RegisteredKey:
        """Make a credential. Raises: Refused."""

    def pick(self, asker: "Asker") -> "Key":
        """Return this key once it was touched. Raises: Refused."""


def keys() -> list[Key]:
    """The keys plugged in."""
    if sys.platform == "win32":
        from fido2.client.windows import WindowsClient

        if WindowsClient.is_available():
            return [SystemDialog()]
    from fido2.hid import CtapHidDevice

    return [DeviceKey(device) for device in CtapHidDevice.list_devices()]


class DeviceKey:
    """A key that this program speaks to itself."""

    def __init__(self, device: CtapDevice) -> None:
        self._device = device

    def sign(self, challenge: WebauthnChallenge, asker: "Asker") -> Sequence[Signed]:
        """Sign; a key without any of the credentials is found out when it is touched."""
        client = self._client(challenge.origin, asker)
        return _named(lambda: _sign(client, challenge, asker))

    def register(self, challenge: RegistrationChallenge, asker: "Asker") -> RegisteredKey:
        """Make a credential."""
        client = self._client(challenge.origin, asker)
        return _named(lambda: _register(client, challenge, asker))

    def pick(self, asker: "Asker") -> "Key":
        """Wait for a touch."""
        client = self._client("https://localhost", asker)
        asker.touch()
        _named(lambda: client.selection(asker.end))
        return self

    def _client(self, origin: str, asker: "Asker") -> Fido2Client:
        return Fido2Client(self._device, DefaultClientDataCollector(origin), _Interaction(asker))


if sys.platform == "win32":

    class SystemDialog:
        """The dialog of Windows: it finds the keys, asks for PINs and shows what it waits for."""

        def sign(self, challenge: WebauthnChallenge, asker: "Asker") -> Sequence[Signed]:
            """Sign."""
            client = self._client(challenge.origin)
            return _named(lambda: _sign(client, challenge, asker))

        def register(self, challenge: RegistrationChallenge, asker: "Asker") -> RegisteredKey:
            """Make a credential."""
            client = self._client(challenge.origin)
            return _named(lambda: _register(client, challenge, asker))

        def pick(self, asker: "Asker") -> "Key":
            """There is only this one."""
            del asker
            return self

        def _client(self, origin: str) -> WebAuthnClient:
            from fido2.client.windows import WindowsClient

            return WindowsClient(DefaultClientDataCollector(origin))


class _Interaction(UserInteraction):
    """What the library asks the person, passed on."""

    def __init__(self, asker: "Asker") -> None:
        self._asker = asker

    def prompt_up(self) -> None:
        self._asker.touch()

    def request_pin(self, permissions: ClientPin.PERMISSION, rp_id: str | None) -> str:
        return self._asker.pin().reveal()

    def request_uv(self, permissions: ClientPin.PERMISSION, rp_id: str | None) -> bool:
        self._asker.touch()
        return True


def _sign(client: WebAuthnClient, challenge: WebauthnChallenge, asker: "Asker") -> list[Signed]:
    options = PublicKeyCredentialRequestOptions(
        challenge=challenge.challenge,
        rp_id=challenge.rp_id,
        allow_credentials=_descriptors(challenge.allow) or None,
        user_verification=_verification(challenge.user_verification),
    )
    found = client.get_assertion(options, asker.end)
    signed: list[Signed] = []
    for at, assertion in enumerate(found.get_assertions()):
        response = found.get_response(at)
        signed.append(
            Signed(
                user_name=str((assertion.user or {}).get("name", "")),
                answer=WebauthnAnswer(
                    credential_id=response.raw_id,
                    client_data_json=bytes(response.response.client_data),
                    authenticator_data=bytes(response.response.authenticator_data),
                    signature=response.response.signature,
                    user_handle=response.response.user_handle or b"",
                ),
            )
        )
    return signed


def _register(
    client: WebAuthnClient, challenge: RegistrationChallenge, asker: "Asker"
) -> RegisteredKey:
    resident = ResidentKeyRequirement.REQUIRED if challenge.is_resident else None
    options = PublicKeyCredentialCreationOptions(
        rp=PublicKeyCredentialRpEntity(id=challenge.rp_id, name=challenge.rp_name),
        user=PublicKeyCredentialUserEntity(
            id=challenge.user_id,
            name=challenge.user_name,
            display_name=challenge.user_display_name or challenge.user_name,
        ),
        challenge=challenge.challenge,
        pub_key_cred_params=[
            PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=number)
            for number in challenge.algorithms
        ],
        exclude_credentials=_descriptors(challenge.exclude) or None,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=resident or ResidentKeyRequirement.DISCOURAGED,
            user_verification=_verification(
                "required" if challenge.is_resident else challenge.user_verification
            ),
        ),
        attestation=AttestationConveyancePreference(challenge.attestation or "none"),
    )
    made = client.make_credential(options, asker.end)
    return RegisteredKey(
        credential_id=made.raw_id,
        client_data_json=bytes(made.response.client_data),
        attestation_object=bytes(made.response.attestation_object),
    )


def _descriptors(given: Sequence[WebauthnDescriptor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=one.ident)
        for one in given
    ]


def _verification(wanted: str) -> UserVerificationRequirement:
    """`preferred` counts as not wanted: only a login without password needs more than a touch."""
    if wanted == "required":
        return UserVerificationRequirement.REQUIRED
    return UserVerificationRequirement.DISCOURAGED


def _named(work: Callable[[], T]) -> T:
    """Do it, and say in words what went wrong.

    Raises: Refused: MFA_REFUSED when the person did something about it, else UNKNOWN.
    """
    try:
        return work()
    except PinRequiredError as error:
        raise _refused("The security key wants its PIN.", "", error) from error
    except ClientError as error:
        raise _of_client(error) from error
    except (CtapError, OSError, ValueError) as error:
        raise Refused(
            "The security key broke off.",
            code=ErrorCode.UNKNOWN,
            hint="Put it in again, and try again.",
            details=str(error),
        ) from error


def _of_client(error: ClientError) -> Refused:
    cause = error.cause
    if isinstance(cause, CtapError):
        if cause.code == CtapError.ERR.CREDENTIAL_EXCLUDED:
            return _refused("The security key is registered already.", "", error)
        if cause.code in _PIN_ERRORS:
            message, hint = _PIN_ERRORS[cause.code]
            return _refused(message, hint, error)
    if error.code == ClientError.ERR.DEVICE_INELIGIBLE:
        return _refused(UNREGISTERED, "", error)
    if error.code == ClientError.ERR.TIMEOUT:
        return Refused(
            "No security key was touched in time.",
            code=ErrorCode.CANCELLED,
            hint="Try again.",
            details=repr(error),
        )
    if error.code == ClientError.ERR.CONFIGURATION_UNSUPPORTED:
        return Refused(
            "The security key can't do this: it has no PIN, or no room of its own for users.",
            code=ErrorCode.UNKNOWN,
            hint="Give it a PIN with its maker's program, or take another key.",
            details=repr(error),
        )
    return Refused(
        "The security key refused.", code=ErrorCode.UNKNOWN, hint="Try again.", details=repr(error)
    )


def _refused(message: str, hint: str, error: ClientError) -> Refused:
    return Refused(message, code=ErrorCode.MFA_REFUSED, hint=hint, details=repr(error))
