"""Identity files: a key, its certificates and the authorities to trust, in one file.

Shape:  the private key (PEM), the SSH certificate (one line), the TLS certificate (PEM), lines of
        `known_hosts`, the TLS certificates of the authorities (PEM). The order of the two first
        PEM blocks counts; lines of no known form are skipped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from teleterm.client import keygen
from teleterm.client.discovery import ProxyInfo
from teleterm.client.keystore import KeyRing, TrustedCluster
from teleterm.client.store import ProfileStore
from teleterm.model.errors import BadInput, ErrorCode
from teleterm.model.secret import Secret
from teleterm.wire import known_hosts, tls_identity, x509

_SSH_CERTIFICATE = re.compile(r"^[\w-]+-cert-v\d\d@openssh\.com ")
_BEGIN, _END = "-----BEGIN", "-----END"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityFile:
    """What such a file holds; certificates are empty when it lacks them."""

    private_key: Secret[bytes]
    ssh_certificate: str = ""
    tls_certificate: bytes = b""
    authority_lines: tuple[str, ...] = ()
    authority_pems: tuple[bytes, ...] = ()


def decode(text: str) -> IdentityFile:
    """What the text of a file holds.

    Raises: BadInput when there is no key in it, or a block without an end.
    """
    blocks: list[bytes] = []
    lines: list[str] = []
    certificate = ""
    rest = iter(text.splitlines())
    for raw in rest:
        line = raw.strip()
        if line.startswith(_BEGIN):
            block = [line]
            while not block[-1].startswith(_END):
                block.append(_next(rest))
            blocks.append("".join(f"{one}\n" for one in block).encode())
        elif line.startswith("@cert-authority"):
            lines.append(line)
        elif _SSH_CERTIFICATE.match(line):
            certificate = f"{line}\n"
    if not blocks or b"PRIVATE KEY" not in blocks[0].partition(b"\n")[0]:
        raise _damaged("there is no private key in it")
    return IdentityFile(
        private_key=Secret(blocks[0]),
        ssh_certificate=certificate,
        tls_certificate=blocks[1] if len(blocks) > 1 else b"",
        authority_lines=tuple(lines),
        authority_pems=tuple(blocks[2:]),
    )


def encode(found: IdentityFile) -> bytes:
    """The bytes of a file."""
    parts = [found.private_key.reveal(), found.ssh_certificate.encode(), found.tls_certificate]
    parts += [line.encode() for line in found.authority_lines]
    parts += found.authority_pems
    return b"".join(part if part.endswith(b"\n") else part + b"\n" for part in parts)


def of_login(store: ProfileStore, proxy_host: str, user: str, cluster: str) -> IdentityFile:
    """What a login, made with a single key, comes to as a file."""
    ring = store.keys.key_ring(proxy_host, user)
    clusters = store.keys.authorities(proxy_host)
    clusters.sort(key=lambda one: one.name != cluster)
    return IdentityFile(
        private_key=ring.tls_private,
        ssh_certificate=ring.ssh_certificates.get(cluster, ""),
        tls_certificate=ring.tls_certificate,
        authority_lines=tuple(
            known_hosts.encode(
                known_hosts.AuthorityLine(proxy_host=proxy_host, cluster=one.name, key=key)
            )
            for one in clusters
            for key in one.ssh_keys
        ),
        authority_pems=tuple(pem for one in clusters for pem in one.tls_pems),
    )


def load(store: ProfileStore, found: IdentityFile, info: ProxyInfo, *, cluster: str = "") -> None:
    """Make a profile of a file, as if its user had logged in on the proxy.

    Raises: BadInput when its certificates are missing or damaged.
    """
    if not found.tls_certificate or not found.ssh_certificate:
        raise _damaged("its certificates are missing")
    certificate = x509.parse_pem(found.tls_certificate)
    user = tls_identity.decode(certificate.subject).user
    root = certificate.issuer_name
    ring = KeyRing(
        ssh_private=found.private_key,
        ssh_public=keygen.ssh_public(found.private_key),
        tls_private=found.private_key,
        tls_certificate=found.tls_certificate,
        ssh_certificates={cluster or root: found.ssh_certificate},
    )
    profile = info.profile(None, user=user)
    store.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    store.keys.write_key_ring(profile.name, user, ring)
    store.keys.write_authorities(profile.name, _authorities(found))
    store.save(replace(profile, cluster=cluster or root), make_current=True)


def _authorities(found: IdentityFile) -> list[TrustedCluster]:
    keys: dict[str, list[str]] = {}
    pems: dict[str, list[bytes]] = {}
    for text in found.authority_lines:
        line = known_hosts.decode(text)
        if line is not None:
            keys.setdefault(line.cluster, []).append(line.key)
    for pem in found.authority_pems:
        pems.setdefault(x509.parse_pem(pem).issuer_name, []).append(pem)
    return [
        TrustedCluster(
            name=name, tls_pems=tuple(pems.get(name, ())), ssh_keys=tuple(keys.get(name, ()))
        )
        for name in dict.fromkeys([*keys, *pems])
    ]


def _next(lines: Iterator[str]) -> str:
    line = next(lines, None)
    if line is None:
        raise _damaged("a block has no end")
    return line.strip()


def _damaged(why: str) -> BadInput:
    return BadInput(
        f"The identity file can't be used: {why}.",
        field="identity",
        code=ErrorCode.DAMAGED_FILE,
        hint="Make a new one: tsh login --out",
    )
