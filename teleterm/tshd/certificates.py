"""TLS of the daemon over TCP: its own pair of one start, and who may connect.

Source: terminal_service.md 4.2.
"""

import ipaddress
import logging
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from teleterm.model.clock import Clock
from teleterm.osutil import atomic

DAEMON_CERT = "tshd.crt"
CLIENT_CERTS = ("renderer.crt", "main-process.crt")
VALID_FOR = timedelta(days=825)
_BACKDATED = timedelta(minutes=1)
_log = logging.getLogger("teleterm.tshd.tls")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A key that never leaves this process, and its certificate; both PEM."""

    key: bytes
    certificate: bytes


LOCAL_NAMES = ("localhost", "localhost.local")


def make(clock: Clock, *, dns_names: Sequence[str] = LOCAL_NAMES) -> KeyPair:
    """A self-signed pair for this computer, good as a server's and as a client's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "localhost"),
            x509.NameAttribute(NameOID.COMMON_NAME, "localhost"),
        ]
    )
    names = [
        *(x509.DNSName(one) for one in dns_names),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        key_encipherment=False,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    roles = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage(roles), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(
        key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
    )


def publish(folder: Path, pair: KeyPair) -> None:
    """Put the daemon's certificate where its clients read it; the key stays in memory."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    atomic.write(folder / DAEMON_CERT, pair.certificate)


def load(context: ssl.SSLContext, pair: KeyPair) -> None:
    """Give a context its key; Python takes it from a file only, so for a moment there is one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pair.pem"
        path.touch(mode=0o600)
        path.write_bytes(pair.key + pair.certificate)
        context.load_cert_chain(path)


class ClientPool:
    """Which clients are let in, read anew for each handshake."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def roots(self) -> bytes:
        """The certificates that clients may present, as PEM.

        Gives: nothing while one of the two files is missing or no certificate: then nobody may.
        """
        found: list[bytes] = []
        for name in CLIENT_CERTS:
            try:
                pem = (self._folder / name).read_bytes()
                x509.load_pem_x509_certificate(pem)
            except (OSError, ValueError) as error:
                _log.warning("clients are refused: %s can't be read: %s", name, error)
                return b""
            found.append(pem)
        return b"\n".join(found)
