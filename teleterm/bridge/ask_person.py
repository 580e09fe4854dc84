"""What the daemon asks a person through the window, and the answers."""

from typing import Literal

from msgspec import Struct


class AnswerMfa(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The answer to MfaAsked: a code, or none to refuse."""

    prompt_id: str
    code: str = ""


class AnswerRelogin(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The person has logged in again, or won't."""

    prompt_id: str
    is_done: bool


class AnswerHeadless(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Approve or reject a headless login."""

    prompt_id: str
    is_approved: bool


class AnswerHardwareKey(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The answer to a hardware key question; fields unused by its kind stay empty."""

    prompt_id: str
    pin: str = ""
    puk: str = ""
    is_confirmed: bool = False


class AnswerKeyLogin(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The answer to KeyLoginAsked: the PIN, or which of the users; neither to give up."""

    prompt_id: str
    pin: str = ""
    index: int = -1


class MfaAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon asks for a second factor; answered by AnswerMfa, withdrawn by PromptWithdrawn."""

    prompt_id: str
    cluster_uri: str
    reason: str = ""
    has_code: bool = False
    has_key: bool = False
    sso_url: str = ""
    sso_name: str = ""
    is_per_session: bool = False


class ReloginAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon needs a new login for something that waits; answered by AnswerRelogin."""

    prompt_id: str
    cluster_uri: str
    reason: str = ""


class HeadlessAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Somebody wants to run a command as the user elsewhere; answered by AnswerHeadless."""

    prompt_id: str
    cluster_uri: str
    client_ip: str
    request_id: str


class HardwareKeyAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A hardware key wants something; answered by AnswerHardwareKey."""

    prompt_id: str
    kind: Literal["touch", "pin", "pin_change", "slot"]
    cluster_uri: str = ""
    text: str = ""


class KeyLoginAsked(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A step of a login by security key alone; a touch is not answered, PIN and user are."""

    prompt_id: str
    kind: Literal["touch", "pin", "user"]
    cluster_uri: str
    users: tuple[str, ...] = ()


class PromptWithdrawn(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The daemon no longer waits for this answer: close the dialog."""

    prompt_id: str
