"""Certificate authorities made at start: X.509 and SSH, one set for each cluster."""

import datetime
import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import ssh
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from teleterm.demo.identity import OID_TELEPORT_CLUSTER, Identity, subject_of

# The name every auth and proxy certificate holds, whatever the cluster's own name is.
API_DOMAIN = "teleport.cluster.local"
# Marks of a certificate that is good for joining a session; hidden from people.
JOIN_PRINCIPAL = "-teleport-internal-join"

_BACKDATE = datetime.timedelta(seconds=60)
_CA_LIFETIME = datetime.timedelta(days=365)
_FOREVER = 2**64 - 1

TlsKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
TlsPublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey
SshPublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A certificate and its key, as PEM."""

    certificate: bytes
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when to when a certificate is good."""

    start: datetime.datetime
    end: datetime.datetime

    @classmethod
    def until(cls, now: datetime.datetime, end: datetime.datetime) -> "Window":
        """Start a minute before `now`, since clocks differ."""
        return cls(start=now - _BACKDATE, end=end)


class TlsAuthority:
    """An X.509 authority whose subject is CN = O = the given name."""

    def __init__(self, name: str, now: datetime.datetime, *, use_rsa: bool = False) -> None:
        self._key: TlsKey = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048)
            if use_rsa
            else ec.generate_private_key(ec.SECP256R1())
        )
        self._name = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, name),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            ]
        )
        self._now = now
        self.certificate = self._self_signed()

    @property
    def pem(self) -> bytes:
        """The authority's own certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self,
        subject: x509.Name,
        public_key: TlsPublicKey,
        window: Window,
        names: Sequence[str] = (),
    ) -> bytes:
        """Sign a certificate for `public_key`; `names` are host names and IP addresses.

        Gives: PEM.
        """
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(window.start)
            .not_valid_after(window.end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(encipher=isinstance(public_key, rsa.RSAPublicKey)), True)
            .add_extension(
                x509.ExtendedKeyUsage(
                    [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
                ),
                critical=False,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        if names:
            alternatives = x509.SubjectAlternativeName([_general_name(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM)

    def issue_server(self, subject: x509.Name, names: Sequence[str]) -> KeyPair:
        """Make a key and a certificate for a server that answers to `names`."""
        key = ec.generate_private_key(ec.SECP256R1())
        window = Window.until(self._now, self._now + _CA_LIFETIME)
        return KeyPair(
            certificate=self.issue(subject, key.public_key(), window, names),
            key=key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )

    def _self_signed(self) -> x509.Certificate:
        public_key = self._key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _BACKDATE)
            .not_valid_after(self._now + _CA_LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_key_usage(sign_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .sign(self._key, hashes.SHA256())
        )


class SshAuthority:
    """An Ed25519 authority for OpenSSH certificates."""

    def __init__(self) -> None:
        self._key = ed25519.Ed25519PrivateKey.generate()

    @property
    def public_line(self) -> bytes:
        """The public key as an authorized_keys line, with its newline."""
        return _ssh_line(self._key.public_key())

    def issue_user(self, identity: Identity, public_key: SshPublicKey, window: Window) -> bytes:
        """Sign a user certificate; gives an authorized_keys line, with its newline."""
        extensions: dict[str, str] = {
            "login-ip": identity.login_ip,
            "permit-X11-forwarding": "",
            "permit-agent-forwarding": "",
            "permit-port-forwarding": "",
            "permit-pty": "",
            "private-key-policy": "none",
            "teleport-roles": json.dumps({"roles": list(identity.roles)}),
            "teleport-route-to-cluster": identity.route_to_cluster,
            "teleport-traits": identity.traits_json,
        }
        if identity.mfa_device:
            extensions["mfa-verified"] = identity.mfa_device
            extensions["prev-identity-expires"] = identity.previous_end
        if identity.requests:
            active = {"access_requests": list(identity.requests)}
            extensions["teleport-active-requests"] = json.dumps(active, separators=(",", ":"))
        builder = (
            ssh.SSHCertificateBuilder()
            .public_key(public_key)
            .serial(0)
            .type(ssh.SSHCertificateType.USER)
            .key_id(identity.user.encode())
            .valid_principals([login.encode() for login in identity.logins])
            .valid_after(int(window.start.timestamp()))
            .valid_before(int(window.end.timestamp()))
        )
        for name, value in sorted(extensions.items()):
            builder = builder.add_extension(name.encode(), value.encode())
        return builder.sign(self._key).public_bytes() + b"\n"

    def issue_host(
        self, cluster: str, principals: Sequence[str], public_key: SshPublicKey
    ) -> bytes:
        """Sign a node's host certificate, which doesn't expire."""
        builder = (
            ssh.SSHCertificateBuilder()
            .public_key(public_key)
            .serial(0)
            .type(ssh.SSHCertificateType.HOST)
            .key_id(b"")
            .valid_principals([name.encode() for name in principals])
            .valid_after(0)
            .valid_before(_FOREVER)
            .add_extension(b"x-teleport-authority", cluster.encode())
            .add_extension(b"x-teleport-role", b"Node")
        )
        return builder.sign(self._key).public_bytes() + b"\n"


class ClusterAuthorities:
    """Everything one cluster signs with."""

    def __init__(self, cluster: str, now: datetime.datetime) -> None:
        self.cluster = cluster
        self.host_tls = TlsAuthority(cluster, now)
        self.user_tls = TlsAuthority(cluster, now)
        self.database_tls = TlsAuthority(cluster, now, use_rsa=True)
        self.database_client_tls = TlsAuthority(cluster, now, use_rsa=True)
        self.host_ssh = SshAuthority()
        self.user_ssh = SshAuthority()

    def issue_service(self, uuid: str, role: str, names: Sequence[str] = ()) -> KeyPair:
        """Make the certificate of the cluster's own auth server or proxy."""
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, f"{uuid}.{self.cluster}"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, role),
                x509.NameAttribute(OID_TELEPORT_CLUSTER, self.cluster),
            ]
        )
        own = ["localhost", "127.0.0.1", "::1", API_DOMAIN, f"*.{API_DOMAIN}", uuid]
        return self.host_tls.issue_server(subject, [*own, *names])

    def issue_user_tls(self, identity: Identity, public_key: TlsPublicKey, window: Window) -> bytes:
        """Sign a user's X.509 certificate."""
        return self.user_tls.issue(subject_of(identity), public_key, window)


def read_tls_public_key(pem: bytes) -> TlsPublicKey:
    """Read the PEM public key of a request.

    Raises: ValueError when it is none, or of a kind no client should send.
    """
    try:
        key = serialization.load_pem_public_key(pem)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from None
    if isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        return key
    raise ValueError("the TLS public key is of an unsupported kind")


def read_ssh_public_key(line: bytes) -> SshPublicKey:
    """Read the authorized_keys line of a request.

    Raises: ValueError when it is none, or of a kind no client should send.
    """
    try:
        key = serialization.load_ssh_public_key(line.strip())
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from None
    if isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        return key
    raise ValueError("the SSH public key is of an unsupported kind")


def _ssh_line(key: SshPublicKey) -> bytes:
    encoded = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return encoded + b"\n"


def _key_usage(*, encipher: bool = False, sign_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=encipher,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
