"""Lines of the profile folder's `known_hosts`: the keys that sign host certificates.

Shape:  `@cert-authority <proxy>,<cluster>,*.<cluster> <key type> <base64> type=host`
Source: cluster-login.md 5.3.
"""

from dataclasses import dataclass

_MARKER = "@cert-authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityLine:
    """A key that signs the host certificates of `cluster`; `proxy_host` may be empty."""

    proxy_host: str
    cluster: str
    key: str


def encode(line: AuthorityLine) -> str:
    """The line, without its newline."""
    hosts = [line.cluster, f"*.{line.cluster}"]
    if line.proxy_host:
        hosts.insert(0, line.proxy_host)
    key = " ".join(line.key.split()[:2])
    return f"{_MARKER} {','.join(hosts)} {key} type=host"


def decode(text: str) -> AuthorityLine | None:
    """What a line says; None when it isn't about the authority of a cluster."""
    parts = text.split()
    if len(parts) < 4 or parts[0] != _MARKER:
        return None
    hosts = [host for host in parts[1].split(",") if host]
    key = f"{parts[2]} {parts[3]}"
    if len(hosts) >= 3:
        return AuthorityLine(proxy_host=hosts[0], cluster=hosts[1], key=key)
    if not hosts:
        return None
    return AuthorityLine(proxy_host="", cluster=hosts[0].removeprefix("*."), key=key)


def is_superseded(text: str, lines: list[AuthorityLine]) -> bool:
    """Whether `text` is an entry of the oldest form (no marker) that one of `lines` replaces."""
    parts = text.split()
    if len(parts) != 3 or parts[0].startswith(("@", "#")) or "," in parts[0]:
        return False
    return any(line.cluster == parts[0] and line.key.split()[1] == parts[2] for line in lines)
