"""The code an authenticator app shows (RFC 6238 with SHA-1, six digits, thirty seconds).

The demo accepts such codes, and the program types one for its own first login there; both compute
it here. The tests have a calculation of their own, to judge this one.
"""

import base64
import hashlib
import hmac

PERIOD_S = 30
DIGITS = 6


def code_at(secret: str, unix_s: float) -> str:
    """The code at a time; `secret` is base32, with or without its padding."""
    return code_of(secret, int(unix_s) // PERIOD_S)


def code_of(secret: str, period: int) -> str:
    """The code of a period, counted since 1970. Source: RFC 4226 5.3."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, period.to_bytes(8), hashlib.sha1)
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"
