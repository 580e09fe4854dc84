"""How a connection to a server ended, from what tsh printed before it did."""

import re

_NOT_CONNECTED = re.compile(
    r"offline\s*or\s*does\s*not\s*exist|is\s*not\s*connected\s*to|no\s*matching\s*hosts?"
)
_LOST = re.compile(
    r"without\s*exit\s*status|closed\s*the\s*connection|connection\s*(?:was\s*)?(?:lost|reset|closed"
    r"|refused|aborted)|broken\s*pipe|unexpected\s*EOF|nothing\s*answered|i/o\s*timeout|no\s*route\s*to"
    r"|network\s*is\s*unreachable|could\s*not\s*reach|transport\s*is\s*closing|deadline\s*exceeded",
    re.IGNORECASE,
)
_NOT_ALLOWED = re.compile(r"access\s*denied\s*to|does\s*not\s*let\s*you\s*log\s*in")


def reason(screen: str, *, host: str, login: str, cluster: str) -> str:
    """What to say instead of a number, or nothing if tsh gave none of the known reasons.

    Shape: `screen` has a line for each row, so a long message is cut anywhere by line ends.
    The names in the sentence are ours: a program on the server can at most choose between them.
    Source: the words are the official tsh's, checked by tests/e2e/test_bad_input.py.
    """
    _, error, said = screen.replace("\n", "").rpartition("ERROR:")
    if error and _NOT_CONNECTED.search(said):
        return f"{host} is not connected to {cluster} right now."
    if error and _NOT_ALLOWED.search(said):
        return f"{cluster} does not let you log in to {host} as {login}."
    return ""


def is_lost(screen: str) -> bool:
    """Whether the connection broke, rather than the program on the server ending.

    What a server prints can at most make the window connect to it again, a few times.
    """
    _, error, said = screen.replace("\n", "").rpartition("ERROR:")
    return bool(error and _LOST.search(said))
