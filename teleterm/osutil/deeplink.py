"""Links into the program (`teleport://...`): one strict parser, nothing else reads them."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from teleterm.model.errors import BadInput

MAX_LINK_BYTES = 2048
_KEYS: dict[str, frozenset[str]] = {
    "connect_my_computer": frozenset(),
    "authenticate_web_device": frozenset({"id", "token", "redirect_uri"}),
    "vnet": frozenset(),
    "login": frozenset(),
    "resources": frozenset({"kind", "q"}),
    "": frozenset(),
}
"""Pages a link may name, and the keys each may carry."""
_HOST = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?\Z")
_NODE = re.compile(r"(?:[A-Za-z0-9._-]{1,64}@)?[A-Za-z0-9][A-Za-z0-9._:-]{0,252}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLink:
    """A link taken apart; `target` is the node of an ssh link (`[login@]host`)."""

    host: str
    port: int
    user: str = ""
    page: str = ""
    target: str = ""
    values: tuple[tuple[str, str], ...] = ()


def parse(text: str) -> DeepLink:
    """Take a link apart.

    Raises: BadInput for anything that isn't exactly one of the known links.
    """
    if len(text.encode()) > MAX_LINK_BYTES or any(ord(c) < 33 or ord(c) == 127 for c in text):
        raise _wrong(text, "it is too long or holds control characters")
    try:
        parts = urlsplit(text)
        port = parts.port or 443
    except ValueError as error:
        raise _wrong(text, str(error)) from None
    if parts.scheme != "teleport" or not _HOST.match(parts.hostname or ""):
        raise _wrong(text, "it names no cluster")
    if parts.fragment or parts.password is not None:
        raise _wrong(text, "it holds a part that links don't have")
    page, target = _page(text, parts.path)
    values = tuple(parse_qsl(parts.query, keep_blank_values=True))
    if not {key for key, _ in values} <= _KEYS.get(page, frozenset()):
        raise _wrong(text, "it holds a key that links don't have")
    return DeepLink(
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        page=page,
        target=target,
        values=values,
    )


def _page(text: str, path: str) -> tuple[str, str]:
    segments = path.strip("/").split("/")
    if segments[0] == "ssh" and len(segments) == 2 and _NODE.match(segments[1]):
        return "ssh", segments[1]
    if len(segments) == 1 and segments[0] in _KEYS:
        return segments[0], ""
    raise _wrong(text, "it names a page that doesn't exist")


def _wrong(text: str, why: str) -> BadInput:
    return BadInput(f"Can't open this link: {why}.", field="link", value=text[:200])
