"""OpenSSH certificates: their fields, and what Teleport writes into the extensions.

Source: cluster-login.md 5.1; PROTOCOL.certkeys of OpenSSH.
"""

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

from teleterm.model.errors import PeerBroke
from teleterm.wire.tls_identity import decode_traits, encode_traits

ROLES = "teleport-roles"
TRAITS = "teleport-traits"
ROUTE_TO_CLUSTER = "teleport-route-to-cluster"
ACTIVE_REQUESTS = "teleport-active-requests"
ALLOWED_RESOURCES = "teleport-allowed-resources"
MFA_VERIFIED = "mfa-verified"
PREVIOUS_EXPIRES = "prev-identity-expires"
LOGIN_IP = "login-ip"
PRIVATE_KEY_POLICY = "private-key-policy"
GITHUB_ID = "github-id@goteleport.com"
GITHUB_LOGIN = "github-login@goteleport.com"
INTERNAL_LOGIN = "-teleport-"

_SUFFIX = "-cert-v01@openssh.com"
# how many strings make up the public key, by the kind of key
_KEY_STRINGS = {"ssh-ed25519": 1, "ecdsa-sha2-nistp256": 2, "ssh-rsa": 2}
_KEY_STRINGS |= {"ecdsa-sha2-nistp384": 2, "ecdsa-sha2-nistp521": 2}


class CertificateType(IntEnum):
    """Whom a certificate speaks for."""

    USER = 1
    HOST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SshCertificate:
    """The fields of a certificate. `public_key` and `signature_key` are key blobs."""

    key_type: str
    nonce: bytes
    public_key: bytes
    serial: int
    kind: CertificateType
    key_id: str
    principals: tuple[str, ...]
    valid_after_s: int
    valid_before_s: int
    critical_options: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)
    signature_key: bytes = b""
    signature: bytes = b""

    @property
    def valid_before(self) -> datetime:
        """When it ends; the last moment a datetime can hold, if never."""
        try:
            return datetime.fromtimestamp(self.valid_before_s, UTC)
        except (OverflowError, ValueError, OSError):
            return datetime.max.replace(tzinfo=UTC)

    @property
    def logins(self) -> tuple[str, ...]:
        """The principals a person may log in as."""
        return tuple(name for name in self.principals if not name.startswith(INTERNAL_LOGIN))

    @property
    def roles(self) -> tuple[str, ...]:
        """The Teleport roles."""
        return _json_list(self.extensions.get(ROLES, ""), "roles")

    @property
    def traits(self) -> dict[str, tuple[str, ...]]:
        """The user's traits."""
        return decode_traits(self.extensions.get(TRAITS, ""))

    @property
    def active_requests(self) -> tuple[str, ...]:
        """The ids of the access requests in force."""
        return _json_list(self.extensions.get(ACTIVE_REQUESTS, ""), "access_requests")


def teleport_extensions(
    *,
    roles: tuple[str, ...],
    traits: dict[str, tuple[str, ...]],
    route_to_cluster: str,
    active_requests: tuple[str, ...] = (),
    others: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The extensions of a user certificate; `others` are added as they are (empty = a flag)."""
    found = {ROLES: json.dumps({"roles": list(roles)}, separators=(",", ":"))}
    if traits:
        found[TRAITS] = encode_traits(traits)
    found[ROUTE_TO_CLUSTER] = route_to_cluster
    if active_requests:
        found[ACTIVE_REQUESTS] = json.dumps(
            {"access_requests": list(active_requests)}, separators=(",", ":")
        )
    found.update(others or {})
    return dict(sorted(found.items()))


def parse_line(text: str) -> SshCertificate:
    """The certificate in an authorized_keys line.

    Raises: PeerBroke when it holds none.
    """
    parts = text.split()
    if len(parts) < 2:
        raise PeerBroke("There is no SSH certificate where one was expected.")
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except ValueError as error:
        raise PeerBroke("An SSH certificate can't be read.", details=repr(error)) from error
    return parse(blob)


def parse(blob: bytes) -> SshCertificate:
    """The fields of a certificate.

    Raises: PeerBroke when the bytes are no certificate of a kind of key we know.
    """
    try:
        return _parse(_Reader(blob))
    except (ValueError, struct.error) as error:
        raise PeerBroke("An SSH certificate can't be read.", details=repr(error)) from error


def encode_unsigned(certificate: SshCertificate) -> bytes:
    """The bytes that an authority signs; the signature, as a string, follows them on the wire."""
    body = [
        _string(certificate.key_type.encode()),
        _string(certificate.nonce),
        certificate.public_key,
        struct.pack(">QI", certificate.serial, certificate.kind),
        _string(certificate.key_id.encode()),
        _string(b"".join(_string(name.encode()) for name in certificate.principals)),
        struct.pack(">QQ", certificate.valid_after_s, certificate.valid_before_s),
        _string(_encode_options(certificate.critical_options)),
        _string(_encode_options(certificate.extensions)),
        _string(b""),
        _string(certificate.signature_key),
    ]
    return b"".join(body)


def _parse(reader: "_Reader") -> SshCertificate:
    key_type = reader.string().decode()
    nonce = reader.string()
    count = _KEY_STRINGS.get(key_type.removesuffix(_SUFFIX), 0)
    if not count or not key_type.endswith(_SUFFIX):
        raise ValueError(f"kind of key {key_type!r}")
    start = reader.at
    for _ in range(count):
        reader.string()
    public_key = reader.data[start : reader.at]
    serial, kind = reader.unpack(">QI")
    key_id = reader.string().decode()
    principals = _Reader(reader.string())
    names: list[str] = []
    while principals.left:
        names.append(principals.string().decode())
    after, before = reader.unpack(">QQ")
    critical = _decode_options(reader.string())
    extensions = _decode_options(reader.string())
    reader.string()
    return SshCertificate(
        key_type=key_type,
        nonce=nonce,
        public_key=public_key,
        serial=serial,
        kind=CertificateType(kind),
        key_id=key_id,
        principals=tuple(names),
        valid_after_s=after,
        valid_before_s=before,
        critical_options=critical,
        extensions=extensions,
        signature_key=reader.string(),
        signature=reader.string(),
    )


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def unpack(self, form: str) -> tuple[int, int]:
        first, second = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return first, second

    def string(self) -> bytes:
        (size,) = struct.unpack_from(">I", self.data, self.at)
        if size > self.left - 4:
            raise ValueError("cut short")
        start = self.at + 4
        self.at = start + size
        return self.data[start : self.at]


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _decode_options(data: bytes) -> dict[str, str]:
    reader = _Reader(data)
    options: dict[str, str] = {}
    while reader.left:
        name = reader.string().decode()
        value = reader.string()
        options[name] = _Reader(value).string().decode() if value else ""
    return options


def _encode_options(options: Mapping[str, str]) -> bytes:
    return b"".join(
        _string(name.encode()) + _string(_string(value.encode()) if value else b"")
        for name, value in sorted(options.items())
    )


def _json_list(text: str, name: str) -> tuple[str, ...]:
    try:
        values: object = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return ()
    found = values.get(name) if isinstance(values, dict) else None
    return tuple(str(item) for item in found) if isinstance(found, list) else ()
