"""Setup keys of authenticator apps, and the check of their codes: each is taken once."""

import base64
import hmac
import secrets

from teleterm.model import totp

# One period of difference between the clocks is allowed on either side.
_SKEW_PERIODS = 1


def new_secret() -> str:
    """Make a setup key, in base32 as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, unix_s: float) -> str:
    """Give the code shown at a time."""
    return totp.code_at(secret, unix_s)


class CodeChecker:
    """Accepts each code of a setup key once."""

    def __init__(self, secret: str, *, allow_reuse: bool = False) -> None:
        self._secret = secret
        self._allow_reuse = allow_reuse
        self._used: set[int] = set()

    def accept(self, code: str, unix_s: float) -> bool:
        """Say whether `code` is good now; a good one is used up by asking."""
        now = int(unix_s) // totp.PERIOD_S
        for period in range(now - _SKEW_PERIODS, now + _SKEW_PERIODS + 1):
            if hmac.compare_digest(
                totp.code_of(self._secret, period).encode(), code.strip().encode()
            ):
                fresh = self._allow_reuse or period not in self._used
                self._used = {used for used in self._used if used >= now - _SKEW_PERIODS}
                self._used.add(period)
                return fresh
        return False
