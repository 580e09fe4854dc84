"""The errors a person may meet, cut by what the caller does next.

TeletermError            message for people, `code` for programs, optional `hint`
├── Refused              the other side said no: not logged in, expired, no permission
├── Unreachable          nobody answered, or the answer stopped: may be tried again
├── BadInput             the person can correct it: names the field and the value
└── PeerBroke            bytes that no correct peer sends: where, what was expected
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """What a program may branch on; the message is for people only."""

    UNKNOWN = "unknown"
    HOST_NOT_FOUND = "host_not_found"
    NO_ANSWER = "no_answer"
    UNTRUSTED = "untrusted"
    CLOCK = "clock"
    NEEDS_LOGIN = "needs_login"
    WRONG_CREDENTIALS = "wrong_credentials"
    LOCKED_OUT = "locked_out"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    ALREADY_EXISTS = "already_exists"
    AMBIGUOUS = "ambiguous"
    PORT_IN_USE = "port_in_use"
    CLIENT_MISSING = "client_missing"
    DAEMON_GONE = "daemon_gone"
    MFA_REFUSED = "mfa_refused"
    CANCELLED = "cancelled"
    LIMIT = "limit"
    NOT_IMPLEMENTED = "not_implemented"
    BAD_VALUE = "bad_value"
    DAMAGED_FILE = "damaged_file"
    PEER_BROKE = "peer_broke"


class TeletermError(Exception):
    """A failure with words for a person.

    Shape: `message` says what could not be done and why, in one or two full sentences;
           `hint` the next step, when there is one; `details` the technical cause for the log and
           the "Details" part of a dialog. None of them holds a secret or a token.
    """

    code: ErrorCode = ErrorCode.UNKNOWN

    def __init__(
        self, message: str, *, code: ErrorCode | None = None, hint: str = "", details: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details
        if code is not None:
            self.code = code

    @property
    def needs_login(self) -> bool:
        """Whether logging in again may mend it."""
        return self.code is ErrorCode.NEEDS_LOGIN


class Refused(TeletermError):
    """The other side said no."""

    code = ErrorCode.DENIED


class Unreachable(TeletermError):
    """Nobody answered, or the answer stopped."""

    code = ErrorCode.NO_ANSWER


class BadInput(TeletermError):
    """The person can correct it; `field` names what and `value` what was found."""

    code = ErrorCode.BAD_VALUE

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        value: str = "",
        code: ErrorCode | None = None,
        hint: str = "",
        details: str = "",
    ) -> None:
        super().__init__(message, code=code, hint=hint, details=details)
        self.field = field
        self.value = value


class PeerBroke(TeletermError):
    """A peer sent bytes that no correct peer sends."""

    code = ErrorCode.PEER_BROKE
