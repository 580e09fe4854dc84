"""The one table from our errors to gRPC statuses, and the mark that a new login may help.

Source: terminal_service.md 7.
"""

from dataclasses import dataclass

import grpc

from teleterm.model.errors import ErrorCode, TeletermError

RELOGIN_TRAILER = "is-resolvable-with-relogin"

_CODES = {
    ErrorCode.NEEDS_LOGIN: grpc.StatusCode.PERMISSION_DENIED,
    ErrorCode.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    ErrorCode.DENIED: grpc.StatusCode.PERMISSION_DENIED,
    ErrorCode.WRONG_CREDENTIALS: grpc.StatusCode.PERMISSION_DENIED,
    ErrorCode.LOCKED_OUT: grpc.StatusCode.PERMISSION_DENIED,
    ErrorCode.ALREADY_EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    ErrorCode.BAD_VALUE: grpc.StatusCode.INVALID_ARGUMENT,
    ErrorCode.AMBIGUOUS: grpc.StatusCode.INVALID_ARGUMENT,
    ErrorCode.HOST_NOT_FOUND: grpc.StatusCode.UNAVAILABLE,
    ErrorCode.NO_ANSWER: grpc.StatusCode.UNAVAILABLE,
    ErrorCode.LIMIT: grpc.StatusCode.RESOURCE_EXHAUSTED,
    ErrorCode.NOT_IMPLEMENTED: grpc.StatusCode.UNIMPLEMENTED,
    ErrorCode.MFA_REFUSED: grpc.StatusCode.ABORTED,
    ErrorCode.CANCELLED: grpc.StatusCode.ABORTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a call ends that failed; a bug's traceback goes to the log."""

    status: grpc.StatusCode
    text: str
    is_relogin: bool = False
    is_bug: bool = False

    @property
    def trailers(self) -> tuple[tuple[str, str], ...]:
        """The trailing metadata of the call."""
        return ((RELOGIN_TRAILER, "1"),) if self.is_relogin else ()


def of(error: Exception) -> Failure:
    """The failure that an error of a handler means; anything unnamed is UNKNOWN with its text."""
    if isinstance(error, TeletermError):
        text = _text(error)
        status = _CODES.get(error.code, grpc.StatusCode.UNKNOWN)
        return Failure(status=status, text=text, is_relogin=error.needs_login)
    if isinstance(error, grpc.aio.AioRpcError):
        return Failure(status=error.code(), text=error.details() or "")
    if isinstance(error, NotImplementedError):
        return Failure(status=grpc.StatusCode.UNIMPLEMENTED, text="This daemon does not do that.")
    if isinstance(error, FileNotFoundError):
        return Failure(status=grpc.StatusCode.NOT_FOUND, text=_os_text(error))
    if isinstance(error, OSError):
        return Failure(status=grpc.StatusCode.UNKNOWN, text=_os_text(error))
    text = "The daemon failed; its log says more."
    return Failure(status=grpc.StatusCode.UNKNOWN, text=text, is_bug=True)


def _text(error: TeletermError) -> str:
    """The message; what a server said in further lines goes along, as the window shows it."""
    if error.code is ErrorCode.PORT_IN_USE:
        return f"{error.message}\n\taddress already in use"
    if error.code is ErrorCode.WRONG_CREDENTIALS:
        return f"{error.message}\n\tinvalid credentials"
    _, _, more = error.details.partition("\n")
    return f"{error.message}\n{more}" if more else error.message


def _os_text(error: OSError) -> str:
    return error.strerror or str(error)
