"""One-time codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds)."""

import base64
import hashlib
import hmac
import secrets

_PERIOD_S = 30
_DIGITS = 6
# One period of difference between the clocks is allowed on either side.
_SKEW_PERIODS = 1


def new_secret() -> str:
    """Make a setup key, in base32 as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, unix_s: float) -> str:
    """Give the code shown at a time."""
    return _code(secret, int(unix_s) // _PERIOD_S)


class CodeChecker:
    """Accepts each code of a setup key once."""

    def __init__(self, secret: str, *, allow_reuse: bool = False) -> None:
        self._secret = secret
        self._allow_reuse = allow_reuse
        self._used: set[int] = set()

    def accept(self, code: str, unix_s: float) -> bool:
        """Say whether `code` is good now; a good one is used up by asking."""
        now = int(unix_s) // _PERIOD_S
        for period in range(now - _SKEW_PERIODS, now + _SKEW_PERIODS + 1):
            if hmac.compare_digest(_code(self._secret, period).encode(), code.strip().encode()):
                fresh = self._allow_reuse or period not in self._used
                self._used = {used for used in self._used if used >= now - _SKEW_PERIODS}
                self._used.add(period)
                return fresh
        return False


def _code(secret: str, period: int) -> str:
    digest = hmac.digest(base64.b32decode(secret), period.to_bytes(8), hashlib.sha1)
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"
