"""Errors of gRPC calls, in words; and one way to make every call.

Source: cluster-login.md 7.0.
"""

import re
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, TypeVar

from teleterm.client.tls_errors import explain
from teleterm.client.version import CLIENT_VERSION
from teleterm.model.errors import (
    BadInput,
    ErrorCode,
    PeerBroke,
    Refused,
    TeletermError,
    Unreachable,
)

if TYPE_CHECKING:
    import grpc

    from teleterm.client.channel import Channel

Q = TypeVar("Q")
R = TypeVar("R")
METADATA = (("version", CLIENT_VERSION),)
_PREPARE_S = 30.0
_EXPIRED = re.compile(r"credentials have expired|certificate (has )?expired", re.IGNORECASE)
_AMBIGUOUS = re.compile(r"ambiguous host|err-node-is-ambiguous", re.IGNORECASE)
_MFA = re.compile(
    r"requires MFA|MFA (verification|is required)|not satisfied by OTP", re.IGNORECASE
)
# What the gRPC library itself says of a connection that ended; it names our private socket too.
_CUT = re.compile(
    r"failed to connect to all addresses|socket closed|stream removed|connection (reset|refused)"
    r"|broken pipe|goaway|end of (tcp )?stream",
    re.IGNORECASE,
)
_REFUSALS = {
    "PERMISSION_DENIED": ErrorCode.DENIED,
    "UNAUTHENTICATED": ErrorCode.NEEDS_LOGIN,
    "NOT_FOUND": ErrorCode.NOT_FOUND,
    "ALREADY_EXISTS": ErrorCode.ALREADY_EXISTS,
    "RESOURCE_EXHAUSTED": ErrorCode.LIMIT,
    "UNIMPLEMENTED": ErrorCode.NOT_IMPLEMENTED,
    "CANCELLED": ErrorCode.CANCELLED,
    "FAILED_PRECONDITION": ErrorCode.DENIED,
}

_NO_ACCESS = "access denied"
_ASK_ADMINISTRATOR = "Your user may be locked: ask an administrator of the cluster."


async def call(
    channel: "Channel",
    method: "grpc.aio.UnaryUnaryMultiCallable[Q, R]",
    request: Q,
    *,
    timeout_s: float,
    cluster: str,
    metadata: tuple[tuple[str, str], ...] = (),
) -> R:
    """Make a call and give its answer.

    Raises: Refused, Unreachable, BadInput; PeerBroke for a call that went well and said nothing.
    """
    import grpc

    must_wait = await channel.prepare(timeout_s=timeout_s)
    heard = channel.heard
    try:
        answer: R | None = await method(
            request, timeout=timeout_s, metadata=METADATA + metadata, wait_for_ready=must_wait
        )
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED and channel.heard == heard:
            await channel.hang_up()
        raise translate(error, cluster, lost=channel.last_error) from error
    if answer is None:  # the library's types don't know that this happens
        raise PeerBroke(f"{cluster} broke off an answer.", details="no message")
    return answer


async def stream(
    channel: "Channel",
    method: "grpc.aio.UnaryStreamMultiCallable[Q, R]",
    request: Q,
    *,
    timeout_s: float | None,
    cluster: str,
) -> AsyncGenerator[R, None]:
    """Make a call whose answers come one by one; `timeout_s` None lets it run for ever.

    Raises: Refused, Unreachable, BadInput.
    """
    import grpc

    must_wait = await channel.prepare(timeout_s=timeout_s or _PREPARE_S)
    running = method(request, timeout=timeout_s, metadata=METADATA, wait_for_ready=must_wait)
    try:
        async for answer in running:
            yield answer
    except grpc.aio.AioRpcError as error:
        raise translate(error, cluster, lost=channel.last_error) from error
    finally:
        running.cancel()


def translate(
    error: "grpc.aio.AioRpcError", cluster: str, *, lost: BaseException | None = None
) -> TeletermError:
    """The error to show for a failed call to `cluster`; `lost` is why its connection ended."""
    code = error.code().name
    text = error.details() or ""
    details = f"{code}: {text}"
    if code == "UNAVAILABLE" and lost is not None:
        return explain(lost, cluster, timeout_s=0)
    if code == "UNAVAILABLE" and _CUT.search(text):
        return _cut(cluster, details)
    if _EXPIRED.search(text) or code == "UNAUTHENTICATED":
        return needs_login(cluster, details=details)
    if _AMBIGUOUS.search(text):
        return Refused(sentence(text), code=ErrorCode.AMBIGUOUS, details=details)
    if code in {"PERMISSION_DENIED", "INVALID_ARGUMENT"} and _MFA.search(text):
        return Refused(sentence(text), code=ErrorCode.MFA_REFUSED, details=details)
    if code == "DEADLINE_EXCEEDED":
        return Unreachable(f"{cluster} did not answer in time.", hint="Try again.", details=details)
    if code == "UNAVAILABLE":
        return Unreachable(
            sentence(text) or f"{cluster} can't be reached.", hint="Try again.", details=details
        )
    if code == "INVALID_ARGUMENT":
        return BadInput(sentence(text), details=details)
    if code in {"INTERNAL", "DATA_LOSS"}:
        return PeerBroke(f"{cluster} broke off an answer.", details=details)
    return _refused(code, text, cluster, details)


def _refused(code: str, text: str, cluster: str, details: str) -> Refused:
    if text.startswith(_NO_ACCESS):
        # NOT_FOUND for a user who was deleted: the user is what is not found.
        hint = _ASK_ADMINISTRATOR if text.strip() == _NO_ACCESS else ""
        return Refused(sentence(text), code=ErrorCode.DENIED, hint=hint, details=details)
    return Refused(
        sentence(text) or f"{cluster} refused.",
        code=_REFUSALS.get(code, ErrorCode.UNKNOWN),
        details=details,
    )


def _cut(cluster: str, details: str) -> Unreachable:
    return Unreachable(
        f"The connection to {cluster} ended before the answer was there.",
        hint="Try again.",
        details=details,
    )


def needs_login(cluster: str, *, details: str = "") -> Refused:
    """The error for a login that has ended."""
    return Refused(
        f"Your login on {cluster} has ended.",
        code=ErrorCode.NEEDS_LOGIN,
        hint="Log in to go on.",
        details=details,
    )


def sentence(text: str) -> str:
    """The server's words as a sentence: its first line, a capital and a full stop.

    Where an expression is wrong, or why access was denied, only the second line says.
    """
    line, _, rest = (part.strip() for part in text.strip().partition("\n"))
    if line in {"parsing expression", _NO_ACCESS} and rest:
        line = f"{line}: {rest.partition(chr(10))[0].strip()}"
    if not line:
        return ""
    return line[:1].upper() + line[1:] + ("" if line.endswith((".", "!", "?")) else ".")
