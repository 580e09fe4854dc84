"""What a failed call of the daemon says."""

from collections.abc import Awaitable
from typing import TypeVar

import grpc

from teleterm.model.errors import ErrorCode, TeletermError

T = TypeVar("T")
RELOGIN_TRAILER = "is-resolvable-with-relogin"
"""Trailing metadata, value "1", of a call that a new login may mend (terminal_service.md 7.3)."""

_CODES: dict[str, ErrorCode] = {
    "NOT_FOUND": ErrorCode.NOT_FOUND,
    "PERMISSION_DENIED": ErrorCode.DENIED,
    "UNAUTHENTICATED": ErrorCode.DENIED,
    "ALREADY_EXISTS": ErrorCode.ALREADY_EXISTS,
    "INVALID_ARGUMENT": ErrorCode.BAD_VALUE,
    "UNAVAILABLE": ErrorCode.NO_ANSWER,
    "DEADLINE_EXCEEDED": ErrorCode.NO_ANSWER,
    "RESOURCE_EXHAUSTED": ErrorCode.LIMIT,
    "UNIMPLEMENTED": ErrorCode.NOT_IMPLEMENTED,
    "CANCELLED": ErrorCode.CANCELLED,
    "ABORTED": ErrorCode.MFA_REFUSED,
}


class CallFailed(TeletermError):
    """A call of the daemon failed: `status` is the gRPC status' name, `message` its text."""

    def __init__(self, status: str, text: str, *, is_relogin: bool) -> None:
        code = ErrorCode.NEEDS_LOGIN if is_relogin else _CODES.get(status, ErrorCode.UNKNOWN)
        super().__init__(text, code=code, details=text)
        self.status = status
        self.is_relogin = is_relogin


def failure(error: grpc.aio.AioRpcError) -> CallFailed:
    """The error of a call as our own."""
    trailers = error.trailing_metadata() or ()
    is_relogin = any(
        key == RELOGIN_TRAILER and value in {"1", b"1"} for key, value in tuple(trailers)
    )
    return CallFailed(error.code().name, error.details() or "", is_relogin=is_relogin)


async def answered(call: Awaitable[T]) -> T:
    """What a call gives; its error as our own."""
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise failure(error) from None
