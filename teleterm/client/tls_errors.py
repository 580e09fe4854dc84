"""What went wrong with a connection, in words a person can use.

Source: the texts of ux.md 15. Verify codes: OpenSSL `X509_V_ERR_*`.
"""

import socket
import ssl

from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError, Unreachable

NOT_YET_VALID = 9
HAS_EXPIRED = 10
_NAME_MISMATCH = {62, 63, 64}
_LOGIN_ALERTS = ("CERTIFICATE_EXPIRED", "CERTIFICATE_REVOKED")
_REFUSED_ALERTS = (
    "BAD_CERTIFICATE",
    "CERTIFICATE_UNKNOWN",
    "CERTIFICATE_REQUIRED",
    "UNKNOWN_CA",
    "ACCESS_DENIED",
    "UNSUPPORTED_CERTIFICATE",
)
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
_RETRY = "Try again."


def explain(error: BaseException, address: str, *, timeout_s: float) -> TeletermError:
    """The error to show for a failed connection to `address` (host:port)."""
    details = f"{type(error).__name__}: {error}"
    host = address.rpartition(":")[0] or address
    if isinstance(error, TeletermError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return _untrusted(error, host, details)
    if isinstance(error, ssl.SSLError):
        return _tls(error, host, details)
    if isinstance(error, socket.gaierror):
        return Unreachable(
            f"Could not reach {host}: no such host.",
            code=ErrorCode.HOST_NOT_FOUND,
            hint="Check the address, or your VPN.",
            details=details,
        )
    if isinstance(error, TimeoutError):
        why = f"nothing answered within {timeout_s:g} s"
    elif isinstance(error, ConnectionRefusedError):
        why = "it refused the connection"
    elif isinstance(error, ConnectionError):
        why = "the connection was closed"
    else:
        why = (getattr(error, "strerror", None) or "the network failed").lower()
    return Unreachable(f"Could not reach {address}: {why}.", hint=_RETRY, details=details)


def clock_is_off(seconds: float, details: str = "") -> Refused:
    """The error for a clock that stands `seconds` away from the right time."""
    minutes = round(abs(seconds) / 60)
    amount = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return Refused(
        f"This computer's clock is {amount} off. Certificates cannot be checked until it is right.",
        code=ErrorCode.CLOCK,
        hint="Set the clock.",
        details=details,
    )


def _untrusted(error: ssl.SSLCertVerificationError, host: str, details: str) -> Refused:
    if error.verify_code == HAS_EXPIRED:
        text = f"The certificate of {host} has expired."
    elif error.verify_code == NOT_YET_VALID:
        text = f"The certificate of {host} is not valid yet. Check this computer's clock."
    elif error.verify_code in _NAME_MISMATCH:
        text = f"The certificate of {host} is for another name."
    else:
        text = f"The certificate of {host} is not signed by an authority this computer trusts."
    return Refused(text, code=ErrorCode.UNTRUSTED, details=details)


def _tls(error: ssl.SSLError, host: str, details: str) -> TeletermError:
    reason = str(error).upper()
    if any(name in reason for name in _LOGIN_ALERTS):
        return Refused(
            f"Your login on {host} has ended.",
            code=ErrorCode.NEEDS_LOGIN,
            hint="Log in to go on.",
            details=details,
        )
    if any(name in reason for name in _REFUSED_ALERTS):
        return Refused(
            f"{host} does not accept this login's certificate.",
            code=ErrorCode.NEEDS_LOGIN,
            hint="Log in again.",
            details=details,
        )
    if any(name in reason for name in _NOT_TLS):
        return PeerBroke(f"{host} does not speak TLS at this address.", details=details)
    return Unreachable(
        f"Could not reach {host}: no secure connection came about.", hint=_RETRY, details=details
    )
