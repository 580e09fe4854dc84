"""The software key that tests sign with, checked by the FIDO2 library's own reading."""

from fido2.cose import CoseKey
from fido2.webauthn import AttestationObject, AuthenticatorData, CollectedClientData

from teleterm.client.prompts import WebauthnChallenge, WebauthnDescriptor
from tests.support.software_key import SoftwareKey

ORIGIN = "https://example.com:443"


def test_registers_and_signs() -> None:
    key = SoftwareKey()
    made = key.register(b"first", rp_id="example.com", origin=ORIGIN)
    credential = AttestationObject(made.attestation_object).auth_data.credential_data
    assert credential is not None
    assert credential.credential_id == key.credential_id
    challenge = WebauthnChallenge(
        challenge=b"second",
        rp_id="example.com",
        origin=ORIGIN,
        allow=(WebauthnDescriptor(type="public-key", ident=key.credential_id),),
    )
    answer = key.sign(challenge)
    client_data = CollectedClientData(answer.client_data_json)
    assert (client_data.challenge, client_data.origin) == (b"second", ORIGIN)
    data = AuthenticatorData(answer.authenticator_data)
    assert data.is_user_present()
    assert data.counter == 2
    public: CoseKey = credential.public_key
    public.verify(answer.authenticator_data + client_data.hash, answer.signature)
