"""The second factors a user has registered: list, add, remove. Root cluster only.

Source: cluster-login.md 7.7.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from teleterm.client import mfa
from teleterm.client.auth import AuthClient
from teleterm.client.prompts import RegisteredKey, RegistrationChallenge, WebauthnDescriptor
from teleterm.model.errors import ErrorCode, PeerBroke, Refused
from teleterm.model.secret import Secret
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.protogen.teleport.webauthn import webauthn_pb2 as webauthn

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


class Kind(Enum):
    """What is to be added."""

    CODES = auth.DEVICE_TYPE_TOTP
    KEY = auth.DEVICE_TYPE_WEBAUTHN


async def listed(server: AuthClient) -> list[types.MFADevice]:
    """The user's devices, by name."""
    answer = await server.call(server.stub.GetMFADevices, auth.GetMFADevicesRequest())
    return sorted(answer.Devices, key=lambda device: device.metadata.Name)


class Enrolment:
    """Adding one device: begin, have the person do their part, finish."""

    def __init__(self, client: "ClusterClient", kind: Kind, *, is_passwordless: bool) -> None:
        self._client = client
        self._kind = kind
        self._usage = auth.DEVICE_USAGE_PASSWORDLESS if is_passwordless else auth.DEVICE_USAGE_MFA

    async def begin(self) -> auth.MFARegisterChallenge:
        """Confirm with a device that is registered already, and get the new one's challenge.

        Raises: Refused (MFA_REFUSED, DENIED).
        """
        existing = await mfa.confirm(self._client, mfa_pb2.CHALLENGE_SCOPE_MANAGE_DEVICES)
        server = await self._client.root_auth()
        request = auth.CreateRegisterChallengeRequest(
            ExistingMFAResponse=existing, DeviceType=self._kind.value, DeviceUsage=self._usage
        )
        return await server.call(server.stub.CreateRegisterChallenge, request)

    async def finish_codes(
        self, name: str, challenge: auth.TOTPRegisterChallenge, code: Secret[str]
    ) -> str:
        """Add an authenticator app by the code it shows now; gives the device's name."""
        response = auth.MFARegisterResponse(
            TOTP=auth.TOTPRegisterResponse(Code=code.reveal(), ID=challenge.ID)
        )
        return await self._finish(name, response)

    async def finish_key(self, name: str, made: RegisteredKey) -> str:
        """Add a security key; gives the device's name."""
        response = auth.MFARegisterResponse(
            Webauthn=webauthn.CredentialCreationResponse(
                type="public-key",
                raw_id=made.credential_id,
                response=webauthn.AuthenticatorAttestationResponse(
                    client_data_json=made.client_data_json,
                    attestation_object=made.attestation_object,
                ),
            )
        )
        return await self._finish(name, response)

    async def _finish(self, name: str, response: auth.MFARegisterResponse) -> str:
        server = await self._client.root_auth()
        request = auth.AddMFADeviceSyncRequest(
            NewDeviceName=name, NewMFAResponse=response, DeviceUsage=self._usage
        )
        return (await server.call(server.stub.AddMFADeviceSync, request)).Device.metadata.Name


async def remove(client: "ClusterClient", name: str) -> None:
    """Remove a device, confirmed with one of the user's devices.

    Raises: Refused (NOT_FOUND, MFA_REFUSED).
    """
    server = await client.root_auth()
    if all(device.metadata.Name != name for device in await listed(server)):
        raise Refused(f'device "{name}" not found', code=ErrorCode.NOT_FOUND)
    response = await mfa.confirm(client, mfa_pb2.CHALLENGE_SCOPE_MANAGE_DEVICES)
    request = auth.DeleteMFADeviceSyncRequest(DeviceName=name, ExistingMFAResponse=response)
    await server.call(server.stub.DeleteMFADeviceSync, request)


def key_challenge(message: auth.MFARegisterChallenge, web_addr: str) -> RegistrationChallenge:
    """What the new key has to answer.

    Raises: PeerBroke when the server asks for something else.
    """
    if not message.HasField("Webauthn"):
        raise PeerBroke("The cluster answered with a challenge of another kind.")
    options = message.Webauthn.public_key
    return RegistrationChallenge(
        challenge=options.challenge,
        rp_id=options.rp.id,
        rp_name=options.rp.name,
        origin=f"https://{web_addr}",
        user_id=options.user.id,
        user_name=options.user.name,
        user_display_name=options.user.display_name,
        algorithms=tuple(one.alg for one in options.credential_parameters) or (-7,),
        exclude=tuple(
            WebauthnDescriptor(type=one.type, ident=one.id) for one in options.exclude_credentials
        ),
        attestation=options.attestation,
        user_verification=options.authenticator_selection.user_verification,
        is_resident=options.authenticator_selection.require_resident_key,
    )


def as_json(device: types.MFADevice) -> dict[str, Json]:
    """A device in the JSON form of its message."""
    from google.protobuf.json_format import MessageToDict

    found: dict[str, Json] = MessageToDict(device)
    return found
