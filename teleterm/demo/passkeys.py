"""What security keys sign, checked as a cluster does: registrations and logins.

Source: W3C Web Authentication 2, sections 7.1 and 7.2; cluster-login.md 3.3.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

RP_ID = "localhost"
ES256, EDDSA, RS256 = -7, -8, -257


class BadKey(ValueError):
    """What the key gave isn't what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a key signed at a login or for a session."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """The public half of what a key made; `public_key` in COSE's form."""

    ident: bytes
    public_key: bytes


def challenge_of(client_data: bytes) -> bytes:
    """The challenge that a key has answered.

    Raises: BadKey.
    """
    from fido2.webauthn import CollectedClientData

    try:
        return CollectedClientData(client_data).challenge
    except (KeyError, TypeError, ValueError) as error:
        raise BadKey("the client data can't be read") from error


def check(assertion: Assertion, public_key: bytes, *, needs_pin: bool = False) -> None:
    """Check the answer of the key that holds `public_key`; its challenge is the caller's to check.

    Raises: BadKey.
    """
    from cryptography.exceptions import InvalidSignature
    from fido2 import cbor
    from fido2.cose import CoseKey
    from fido2.webauthn import AuthenticatorData

    _check_client_data(assertion.client_data, "webauthn.get")
    try:
        data = AuthenticatorData(assertion.authenticator_data)
        key = CoseKey.parse(_table(cbor.decode(public_key)))
        signed = assertion.authenticator_data + hashlib.sha256(assertion.client_data).digest()
        key.verify(signed, assertion.signature)
    except InvalidSignature:
        raise BadKey("the signature is wrong") from None
    except (KeyError, TypeError, ValueError) as error:
        raise BadKey("the answer can't be read") from error
    _check_data(data.rp_id_hash, is_touched=data.is_user_present())
    if needs_pin and not data.is_user_verified():
        raise BadKey("the key has not asked for its PIN")


def registered(
    client_data: bytes, attestation_object: bytes, *, needs_pin: bool = False
) -> Credential:
    """The credential in what a key gave when it was registered; its attestation isn't looked at.

    Raises: BadKey.
    """
    from fido2 import cbor
    from fido2.webauthn import AttestationObject

    _check_client_data(client_data, "webauthn.create")
    try:
        data = AttestationObject(attestation_object).auth_data
    except (KeyError, TypeError, ValueError) as error:
        raise BadKey("the registration can't be read") from error
    _check_data(data.rp_id_hash, is_touched=data.is_user_present())
    if needs_pin and not data.is_user_verified():
        raise BadKey("the key has not asked for its PIN")
    made = data.credential_data
    if made is None:
        raise BadKey("the key has made no credential")
    return Credential(ident=made.credential_id, public_key=cbor.encode(dict(made.public_key)))


def _check_client_data(client_data: bytes, kind: str) -> None:
    from fido2.webauthn import CollectedClientData

    try:
        found = CollectedClientData(client_data)
        host = urlsplit(found.origin).hostname or ""
        is_right = found.type == kind and (host == RP_ID or host.endswith(f".{RP_ID}"))
    except (KeyError, TypeError, ValueError) as error:
        raise BadKey("the client data can't be read") from error
    if not is_right:
        raise BadKey("the answer is for another page")


def _check_data(rp_id_hash: bytes, *, is_touched: bool) -> None:
    if not hmac.compare_digest(rp_id_hash, hashlib.sha256(RP_ID.encode()).digest()):
        raise BadKey("the answer is for another site")
    if not is_touched:
        raise BadKey("the key was not touched")


def _table(value: object) -> Mapping[int, object]:
    if not isinstance(value, Mapping):
        raise BadKey("the public key can't be read")
    return value
