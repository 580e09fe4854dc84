"""A security key in software: registers and signs as a FIDO2 key with an ES256 credential does."""

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

from teleterm.client.prompts import WebauthnAnswer, WebauthnChallenge

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a key gives when it is registered."""

    credential_id: bytes
    client_data_json: bytes
    attestation_object: bytes


@dataclass(slots=True)
class SoftwareKey:
    """Holds one credential for one site."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0

    def register(self, challenge: bytes, *, rp_id: str, origin: str) -> Registration:
        """Answer the challenge of a registration."""
        numbers = self.private.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        size = len(self.credential_id).to_bytes(2, "big")
        credential = bytes(16) + size + self.credential_id + cbor.encode(public)
        data = self._authenticator_data(rp_id, HAS_CREDENTIAL) + credential
        return Registration(
            credential_id=self.credential_id,
            client_data_json=_client_data("webauthn.create", challenge, origin),
            attestation_object=cbor.encode({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def sign(self, challenge: WebauthnChallenge) -> WebauthnAnswer:
        """Answer the challenge of a login or a session."""
        assert any(one.ident == self.credential_id for one in challenge.allow)
        client_data = _client_data("webauthn.get", challenge.challenge, challenge.origin)
        data = self._authenticator_data(challenge.rp_id, 0)
        signed = data + hashlib.sha256(client_data).digest()
        return WebauthnAnswer(
            credential_id=self.credential_id,
            client_data_json=client_data,
            authenticator_data=data,
            signature=self.private.sign(signed, ec.ECDSA(hashes.SHA256())),
        )

    def _authenticator_data(self, rp_id: str, more_flags: int) -> bytes:
        self.count += 1
        flags = USER_PRESENT | USER_VERIFIED | more_flags
        head = hashlib.sha256(rp_id.encode()).digest()
        return head + bytes([flags]) + self.count.to_bytes(4, "big")


def _client_data(kind: str, challenge: bytes, origin: str) -> bytes:
    text = urlsafe_b64encode(challenge).rstrip(b"=").decode()
    return json.dumps({"type": kind, "challenge": text, "origin": origin}).encode()
