"""What the cluster may ask of a person, as values; who asks (terminal, window) is handed in."""

from dataclasses import dataclass
from typing import Protocol

from teleterm.model.errors import ErrorCode, Refused
from teleterm.model.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class WebauthnDescriptor:
    """A credential that may answer."""

    type: str
    ident: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebauthnChallenge:
    """What a security key shall sign; `origin` is the page it signs for."""

    challenge: bytes
    rp_id: str
    origin: str
    allow: tuple[WebauthnDescriptor, ...] = ()
    user_verification: str = "discouraged"
    timeout_ms: int = 0
    app_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationChallenge:
    """What a security key shall make a credential for; `is_resident` for logins without password.

    `algorithms` are COSE numbers, the best first; credentials in `exclude` must not be on the key.
    """

    challenge: bytes
    rp_id: str
    rp_name: str
    origin: str
    user_id: bytes
    user_name: str
    user_display_name: str = ""
    algorithms: tuple[int, ...] = (-7,)
    exclude: tuple[WebauthnDescriptor, ...] = ()
    attestation: str = "none"
    user_verification: str = "discouraged"
    is_resident: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredKey:
    """What a security key gave when it made a credential."""

    credential_id: bytes
    client_data_json: bytes
    attestation_object: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoChallenge:
    """A confirmation in the browser, at the provider that logged the user in."""

    request_id: str
    redirect_url: str
    connector_id: str = ""
    connector_type: str = ""
    display_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaChallenge:
    """A second factor is asked for. `reason` says what for, in words; empty at login.

    At least one of `totp`, `webauthn`, `sso` is there. `is_session` tells that a connection waits,
    `is_login` that a login does.
    """

    cluster: str
    reason: str = ""
    totp: bool = False
    webauthn: WebauthnChallenge | None = None
    sso: SsoChallenge | None = None
    is_session: bool = False
    is_login: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpAnswer:
    """A code from an authenticator app."""

    code: Secret[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebauthnAnswer:
    """What a security key gave."""

    credential_id: bytes
    client_data_json: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes = b""
    app_id: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoAnswer:
    """What the browser brought back."""

    request_id: str
    token: Secret[str]


MfaAnswer = TotpAnswer | WebauthnAnswer | SsoAnswer


class Prompts(Protocol):
    """Whoever can ask the person. Raising Refused (CANCELLED) gives up."""

    async def password(self, user: str) -> Secret[str]:
        """Ask for the password of `user`."""

    async def mfa(self, challenge: MfaChallenge) -> MfaAnswer:
        """Ask for the second factor in one of the offered ways."""


class NoPrompts:
    """Nobody is there to be asked."""

    async def password(self, user: str) -> Secret[str]:
        """Refuse."""
        raise Refused(f"A password of {user} is needed, and nobody can be asked for it.")

    async def mfa(self, challenge: MfaChallenge) -> MfaAnswer:
        """Refuse."""
        raise Refused(
            f"{challenge.cluster} asks for a second factor, and nobody can be asked for it.",
            code=ErrorCode.MFA_REFUSED,
        )
