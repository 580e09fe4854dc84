"""Failures in the words of the window: one table from what programs say to what people read.

Source: ux.md 15 (the texts); the patterns are what the daemon, Go and Python say.
"""

import errno
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from teleterm.bridge.contract import Failed
from teleterm.model.errors import BadInput, ErrorCode, TeletermError

_PASSING = frozenset({ErrorCode.NO_ANSWER, ErrorCode.LIMIT, ErrorCode.DAEMON_GONE})
"""Failures that may be gone by themselves a moment later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was tried, on what: the names that the texts hold.

    Shape: `action` completes "Can't ..."; `host` may have a port; `ended_at` when the login ended,
           in seconds since 1970, 0 when that isn't known.
    """

    action: str
    cluster: str = ""
    host: str = ""
    name: str = ""
    port: int = 0
    is_login: bool = False
    was_code_asked: bool = False
    ended_at: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    pattern: str
    code: ErrorCode
    text: Callable[[Subject, "re.Match[str]"], str]
    hint: str = ""
    is_retryable: bool = False
    field: str = ""


def plain(error: TeletermError) -> Failed:
    """An error that our own code worded for a person already."""
    return Failed(
        code=error.code,
        message=error.message,
        hint=error.hint,
        details=error.details,
        field=error.field if isinstance(error, BadInput) else "",
        needs_login=error.needs_login,
        is_retryable=error.code in _PASSING,
    )


def of_system(error: OSError) -> Failed:
    """What this computer refused: a full disk, a file that may not be read, a name too long."""
    place = f"{error.filename}: " if isinstance(error.filename, str) else ""
    is_denied = error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}
    code = ErrorCode.DENIED if is_denied else ErrorCode.UNKNOWN
    return Failed(code=code, message=f"{place}{error.strerror}.", details=str(error))


def explain(error: Exception, subject: Subject) -> Failed:
    """The failure as the window shows it; the original text is under `details`."""
    if not isinstance(error, TeletermError):
        return Failed(
            code=ErrorCode.UNKNOWN, message=f"Can't {subject.action}.", details=str(error)
        )
    said = f"{error.message}\n{error.details}"
    details = error.details or error.message
    if error.needs_login and not subject.is_login:
        return Failed(
            code=ErrorCode.NEEDS_LOGIN,
            message=_ended(subject),
            hint="Log in",
            details=details,
            needs_login=True,
        )
    for row in _ROWS:
        match = re.search(row.pattern, said, re.IGNORECASE | re.DOTALL)
        if match and (not row.field or subject.is_login):
            return Failed(
                code=row.code,
                message=row.text(subject, match),
                hint=row.hint,
                details=details,
                field=_field(row, subject),
                is_retryable=row.is_retryable,
            )
    return _by_code(error, subject, details)


def _by_code(error: TeletermError, subject: Subject, details: str) -> Failed:
    """What the table doesn't know: the error's own first line, after what was tried."""
    first = error.message.strip().splitlines()[0] if error.message.strip() else "no reason given"
    message = first if _is_sentence(first) else f"Can't {subject.action}: {first.rstrip('.!')}."
    retryable = error.code in _PASSING
    return Failed(
        code=error.code,
        message=message,
        hint=error.hint,
        details=details,
        field=error.field if isinstance(error, BadInput) else "",
        is_retryable=retryable,
    )


def _is_sentence(text: str) -> bool:
    """Whether somebody wrote this for people: it starts large and ends with a full stop."""
    return text[:1].isupper() and text.endswith(".") and " " in text


def _field(row: _Row, subject: Subject) -> str:
    if row.code is ErrorCode.WRONG_CREDENTIALS:
        return "code" if subject.was_code_asked else "password"
    return row.field


def _ended(subject: Subject) -> str:
    if subject.ended_at and subject.ended_at <= time.time():
        at = datetime.fromtimestamp(subject.ended_at, tz=UTC).astimezone()
        return f"Your login on {subject.cluster} ended at {at:%H:%M}. Log in to go on."
    return f"You are not logged in to {subject.cluster}. Log in to go on."


def _no_such_host(subject: Subject, match: "re.Match[str]") -> str:
    host = (subject.host or subject.name or subject.cluster).rsplit(":", 1)[0]
    return f"Could not reach {host}: no such host. Check the address, or your VPN."


def _no_answer(subject: Subject, match: "re.Match[str]") -> str:
    host = subject.host or subject.cluster
    host = host if ":" in host else f"{host}:443"
    return f"Could not reach {host}: nothing answered within 10 s."


def _untrusted(subject: Subject, match: "re.Match[str]") -> str:
    host = (subject.host or subject.cluster).rsplit(":", 1)[0]
    return f"The certificate of {host} is not signed by an authority this computer trusts."


def _other_name(subject: Subject, match: "re.Match[str]") -> str:
    host = (subject.host or subject.cluster).rsplit(":", 1)[0]
    return f"The certificate of {host} is for another name, so this may not be {host}."


def _clock(subject: Subject, match: "re.Match[str]") -> str:
    off = _minutes_off(match.string)
    by = f" is {off} min off" if off else " is wrong"
    return f"This computer's clock{by}. Certificates cannot be checked until it is right."


def _minutes_off(text: str) -> int:
    times = re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text)
    if len(times) < 2:
        return 0
    now, limit = (datetime.fromisoformat(one) for one in times[:2])
    return int(abs((now - limit).total_seconds()) // 60)


def _wrong_pair(subject: Subject, match: "re.Match[str]") -> str:
    if subject.was_code_asked:
        return "The code is not right. A code works once: wait for the next one."
    return "User name or password is not right."


def _locked_out(subject: Subject, match: "re.Match[str]") -> str:
    return f"{subject.cluster or 'The cluster'} has locked this account for now. Try again later."


def _port_in_use(subject: Subject, match: "re.Match[str]") -> str:
    if not subject.port:
        return "This port is in use by another program."
    return f"Port {subject.port} is in use by another program."


def _denied(subject: Subject, match: "re.Match[str]") -> str:
    return f"{subject.cluster} does not let you {subject.action}."


def _not_there(subject: Subject, match: "re.Match[str]") -> str:
    name = subject.name or "This resource"
    return f"{name} is not connected to {subject.cluster} right now."


def _daemon_gone(subject: Subject, match: "re.Match[str]") -> str:
    return "The tsh daemon stopped. Terminals go on; new connections need it."


def _not_renewed(subject: Subject, match: "re.Match[str]") -> str:
    return f"The login on {subject.cluster} ended and was not renewed, so nothing was let through."


def _refused(subject: Subject, match: "re.Match[str]") -> str:
    return "The confirmation was not accepted."


def _row(
    pattern: str,
    code: ErrorCode,
    text: Callable[[Subject, "re.Match[str]"], str],
    *,
    hint: str = "",
    is_retryable: bool = False,
    field: str = "",
) -> _Row:
    return _Row(
        pattern=pattern,
        code=code,
        text=text,
        hint=hint,
        is_retryable=is_retryable,
        field=field,
    )


_INSECURE_HINT = (
    "Add the authority to this computer's trusted roots. For a cluster on a test machine see"
    " --insecure in the documentation of tsh."
)
_ROWS: tuple[_Row, ...] = (
    _row(r"failed to connect to all addresses|socket closed|recvmsg:|connection reset by peer"
         r".*unix:|tsh\.sock", ErrorCode.DAEMON_GONE, _daemon_gone, hint="Start again"),
    _row(r"no such host|name or service not known|name resolution|nodename nor servname"
         r"|getaddrinfo", ErrorCode.HOST_NOT_FOUND, _no_such_host),
    _row(r"current time \S+ is before \S+|not yet valid", ErrorCode.CLOCK, _clock),
    _row(r"unknown authority|not signed by an authority|not trusted|self[- ]signed"
         r"|unable to get local issuer"
         r"|certificate[_ ]verify[_ ]failed(?!.*(?:hostname|ip address) mismatch)",
         ErrorCode.UNTRUSTED, _untrusted, hint=_INSECURE_HINT),
    _row(r"certificate is (?:valid|not valid) for|(?:hostname|ip address) mismatch"
         r"|doesn't match", ErrorCode.UNTRUSTED, _other_name),
    _row(r"address already in use|only one usage of each socket", ErrorCode.PORT_IN_USE,
         _port_in_use, hint="Use a free port"),
    _row(r"too many|locked until|account .*lock|user is locked", ErrorCode.LOCKED_OUT, _locked_out,
         field="password"),
    _row(r"invalid credentials|invalid username|bad username|password or second factor"
         r"|invalid totp|invalid one[- ]time|bad one[- ]time|wrong (?:password|code)"
         r"|password is not right|code is not right|invalid password",
         ErrorCode.WRONG_CREDENTIALS, _wrong_pair, field="password"),
    _row(r"refresh the session", ErrorCode.NEEDS_LOGIN, _not_renewed, hint="Log in"),
    _row(r"closed the dialog|failed to authenticate using available mfa|mfa (?:was )?(?:refused"
         r"|cancelled|canceled)|not accepted", ErrorCode.MFA_REFUSED, _refused, is_retryable=True),
    _row(r"connection refused|refused the connection|i/o timeout|deadline exceeded|timed out"
         r"|network is unreachable|no route to host|actively refused|nothing answered",
         ErrorCode.NO_ANSWER, _no_answer, hint="Try again", is_retryable=True),
    _row(r"access (?:to \S+ )?denied|permission denied|does not have permission|not authorized",
         ErrorCode.DENIED, _denied),
    _row(r"(?:database|app|kubernetes cluster|kube\w*|server|node|resource) \"?[^\"\n]*\"? ?not"
         r" found|offline or does not exist", ErrorCode.NOT_FOUND, _not_there, hint="Try again",
         is_retryable=True),
)  # fmt: skip
"""First match wins; rows with a `field` apply to logins only."""
