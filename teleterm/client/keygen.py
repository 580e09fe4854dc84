"""Making keys, of the kinds that a cluster's signature suite asks for.

Source: cluster-login.md 3.6 and 6.3 (forms of the files).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.model.secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey | RSAPrivateKey

_RSA_BITS = 2048
_LEGACY = {"", "legacy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKeys:
    """A fresh pair for SSH and one for TLS (the same key in the `legacy` suite)."""

    ssh_private: Secret[bytes]
    ssh_public: str
    tls_private: Secret[bytes]
    tls_public: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsKey:
    """A fresh TLS key: private PEM, public PEM."""

    private: Secret[bytes]
    public: bytes


def user_keys(suite: str, *, is_single: bool = False) -> UserKeys:
    """The keys of a new login; `is_single` uses the TLS key for SSH too, as identity files do.

    Blocks: some tenths of a second for RSA.
    """
    if suite in _LEGACY:
        shared = _rsa()
        ssh_key: PrivateKey = shared
        tls_key: PrivateKey = shared
    elif is_single:
        ssh_key = tls_key = _p256()
    elif suite == "fips-v1":
        ssh_key, tls_key = _p256(), _p256()
    else:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        ssh_key, tls_key = Ed25519PrivateKey.generate(), _p256()
    return UserKeys(
        ssh_private=Secret(_ssh_private(ssh_key)),
        ssh_public=_ssh_public(ssh_key),
        tls_private=Secret(_tls_private(tls_key)),
        tls_public=_tls_public(tls_key),
    )


def session_key(suite: str) -> TlsKey:
    """The key for an application, a Kubernetes cluster or a desktop."""
    key = _rsa() if suite in _LEGACY else _p256()
    return TlsKey(private=Secret(_tls_private(key)), public=_tls_public(key))


def database_key() -> TlsKey:
    """The key for a database: RSA in every suite, since some databases' clients know nothing else.

    Blocks: some tenths of a second.
    """
    key = _rsa()
    return TlsKey(private=Secret(_tls_private(key)), public=_tls_public(key))


def tls_public(private: Secret[bytes]) -> bytes:
    """The public PEM of a private TLS key."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return _tls_public(load_pem_private_key(private.reveal(), None))  # type: ignore[arg-type]


def ssh_public(private: Secret[bytes]) -> str:
    """The public SSH line of a private key."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return _ssh_public(load_pem_private_key(private.reveal(), None))  # type: ignore[arg-type]


def _p256() -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _rsa() -> "RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(65537, _RSA_BITS)


def _is_rsa(key: "PrivateKey") -> bool:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    return isinstance(key, RSAPrivateKey)


def _ssh_private(key: "PrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization as forms

    form = forms.PrivateFormat.TraditionalOpenSSL if _is_rsa(key) else forms.PrivateFormat.OpenSSH
    return key.private_bytes(forms.Encoding.PEM, form, forms.NoEncryption())


def _ssh_public(key: "PrivateKey") -> str:
    from cryptography.hazmat.primitives import serialization as forms

    line = key.public_key().public_bytes(forms.Encoding.OpenSSH, forms.PublicFormat.OpenSSH)
    return f"{line.decode()}\n"


def _tls_private(key: "PrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization as forms

    form = forms.PrivateFormat.TraditionalOpenSSL if _is_rsa(key) else forms.PrivateFormat.PKCS8
    return key.private_bytes(forms.Encoding.PEM, form, forms.NoEncryption())


def _tls_public(key: "PrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization as forms

    form = forms.PublicFormat.PKCS1 if _is_rsa(key) else forms.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(forms.Encoding.PEM, form)
