"""Text from a cluster, made harmless for the terminal it is shown on.

A name or an error that somebody else chose may hold escape sequences, or marks that turn the
reading direction round; both would let it draw what isn't there.
"""

import re

_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_HARMFUL_IN_LINES = re.compile(_HARMFUL.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))


def cell(text: str) -> str:
    r"""The text on one line, each harmful character as `\x1b` or `\u202e`."""
    return _HARMFUL.sub(_spelled, text)


def lines(text: str) -> str:
    """The same for text that may have several lines and tabs."""
    return _HARMFUL_IN_LINES.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
