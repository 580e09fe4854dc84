"""The auth server's answers about second factors: asking for one, and the devices that give it."""

import hmac
from collections.abc import Sequence

from google.protobuf.empty_pb2 import Empty

from teleterm.demo import messages
from teleterm.demo.factors import Device, FactorDesk
from teleterm.demo.identity import Identity
from teleterm.demo.inventory import DemoMember, DemoUser, lacks_factor
from teleterm.demo.passkeys import EDDSA, ES256, RP_ID, RS256, Assertion
from teleterm.demo.rpc import Gate, Handlers
from teleterm.model.errors import BadInput, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as mfa
from teleterm.protogen.teleport.webauthn import webauthn_pb2 as webauthn

TIMEOUT_MS = 60_000
_PERIOD_S, _DIGITS = 30, 6


class FactorService:
    """Answers from one desk, for one cluster."""

    def __init__(
        self, desk: FactorDesk, member: DemoMember, users: Sequence[DemoUser], issuer_name: str
    ) -> None:
        self._desk = desk
        self._member = member
        self._users = {user.name: user for user in users}
        self._issuer_name = issuer_name

    def handlers(self, gate: Gate) -> Handlers:
        """Give the methods of the auth service that are about second factors."""
        return {
            "IsMFARequired": gate.unary(auth.IsMFARequiredRequest, self.is_required),
            "CreateAuthenticateChallenge": gate.unary(
                auth.CreateAuthenticateChallengeRequest, self.create_challenge
            ),
            "GetMFADevices": gate.unary(auth.GetMFADevicesRequest, self.get_devices),
            "CreateRegisterChallenge": gate.unary(
                auth.CreateRegisterChallengeRequest, self.create_register_challenge
            ),
            "AddMFADeviceSync": gate.unary(auth.AddMFADeviceSyncRequest, self.add_device),
            "DeleteMFADeviceSync": gate.unary(auth.DeleteMFADeviceSyncRequest, self.delete_device),
        }

    async def is_required(
        self, asked: auth.IsMFARequiredRequest, caller: Identity
    ) -> auth.IsMFARequiredResponse:
        """Say whether a connection needs a second factor of its own."""
        is_required = self._needs(asked, caller)
        state = auth.MFA_REQUIRED_YES if is_required else auth.MFA_REQUIRED_NO
        return auth.IsMFARequiredResponse(Required=is_required, MFARequired=state)

    async def create_challenge(
        self, asked: auth.CreateAuthenticateChallengeRequest, caller: Identity
    ) -> auth.MFAAuthenticateChallenge:
        """Ask for the second factor, unless what it is for needs none."""
        extensions = asked.ChallengeExtensions
        if extensions.scope == mfa.CHALLENGE_SCOPE_UNSPECIFIED:
            raise BadInput("mfa challenge scope must be specified")
        if asked.WhichOneof("Request") == "UserCredentials":
            self._check_password(asked.UserCredentials, caller)
        made = auth.MFAAuthenticateChallenge()
        if asked.HasField("MFARequiredCheck"):
            if not self._needs(asked.MFARequiredCheck, caller):
                made.MFARequired = auth.MFA_REQUIRED_NO
                return made
            made.MFARequired = auth.MFA_REQUIRED_YES
        if self._desk.has_codes(caller.user):
            made.TOTP.CopyFrom(auth.TOTPChallenge())
        if keys := self._desk.keys_of(caller.user):
            challenge = self._desk.challenge(
                caller.user,
                extensions.scope,
                is_reusable=extensions.allow_reuse == mfa.CHALLENGE_ALLOW_REUSE_YES,
            )
            made.WebauthnChallenge.public_key.CopyFrom(
                webauthn.PublicKeyCredentialRequestOptions(
                    challenge=challenge,
                    timeout_ms=TIMEOUT_MS,
                    rp_id=RP_ID,
                    allow_credentials=_descriptors(keys),
                    user_verification=extensions.user_verification_requirement or "discouraged",
                )
            )
        return made

    async def get_devices(
        self, _asked: auth.GetMFADevicesRequest, caller: Identity
    ) -> auth.GetMFADevicesResponse:
        """List the caller's devices."""
        found = [messages.device_message(one) for one in self._desk.devices_of(caller.user)]
        return auth.GetMFADevicesResponse(Devices=found)

    async def create_register_challenge(
        self, asked: auth.CreateRegisterChallengeRequest, caller: Identity
    ) -> auth.MFARegisterChallenge:
        """Begin to register a device, confirmed with one that there is."""
        self._confirm(asked.ExistingMFAResponse, caller)
        if asked.DeviceType == auth.DEVICE_TYPE_TOTP:
            ident, secret = self._desk.begin_codes(caller.user)
            wanted = auth.TOTPRegisterChallenge(
                Secret=secret,
                Issuer=self._issuer_name,
                PeriodSeconds=_PERIOD_S,
                Algorithm="SHA1",
                Digits=_DIGITS,
                Account=caller.user,
                ID=ident,
            )
            return auth.MFARegisterChallenge(TOTP=wanted)
        if asked.DeviceType != auth.DEVICE_TYPE_WEBAUTHN:
            raise BadInput("MFA device type is unknown")
        is_passwordless = asked.DeviceUsage == auth.DEVICE_USAGE_PASSWORDLESS
        options = webauthn.PublicKeyCredentialCreationOptions(
            challenge=self._desk.begin_key(caller.user, is_passwordless=is_passwordless),
            rp=webauthn.RelyingPartyEntity(id=RP_ID, name="Teleport"),
            user=webauthn.UserEntity(
                id=self._desk.handle_of(caller.user), name=caller.user, display_name=caller.user
            ),
            credential_parameters=[
                webauthn.CredentialParameter(type="public-key", alg=number)
                for number in (ES256, EDDSA, RS256)
            ],
            timeout_ms=TIMEOUT_MS,
            exclude_credentials=_descriptors(self._desk.keys_of(caller.user)),
            attestation="none",
            authenticator_selection=webauthn.AuthenticatorSelection(
                require_resident_key=is_passwordless,
                user_verification="required" if is_passwordless else "discouraged",
            ),
        )
        return auth.MFARegisterChallenge(Webauthn=webauthn.CredentialCreation(public_key=options))

    async def add_device(
        self, asked: auth.AddMFADeviceSyncRequest, caller: Identity
    ) -> auth.AddMFADeviceSyncResponse:
        """Register a device."""
        answer = asked.NewMFAResponse
        name = asked.NewDeviceName
        if answer.HasField("TOTP"):
            code = answer.TOTP
            made = self._desk.finish_codes(caller.user, name, code.ID, code.Code)
        else:
            key = answer.Webauthn.response
            made = self._desk.finish_key(
                caller.user, name, key.client_data_json, key.attestation_object
            )
        return auth.AddMFADeviceSyncResponse(Device=messages.device_message(made))

    async def delete_device(
        self, asked: auth.DeleteMFADeviceSyncRequest, caller: Identity
    ) -> Empty:
        """Remove a device, confirmed with one that there is."""
        self._confirm(asked.ExistingMFAResponse, caller)
        self._desk.remove(caller.user, asked.DeviceName)
        return Empty()

    def _confirm(self, answer: auth.MFAAuthenticateResponse, caller: Identity) -> None:
        check_answer(self._desk, caller.user, answer, mfa.CHALLENGE_SCOPE_MANAGE_DEVICES)

    def _check_password(self, given: auth.UserCredentials, caller: Identity) -> None:
        user = self._users.get(given.Username)
        right = user.password.encode() if user is not None and user.name == caller.user else b""
        if not right or not hmac.compare_digest(given.Password, right):
            raise Refused("invalid credentials")

    def _needs(self, asked: auth.IsMFARequiredRequest, caller: Identity) -> bool:
        kind = asked.WhichOneof("Target")
        if kind == "AdminAction" or not lacks_factor(caller):
            return False
        if kind != "Node":
            return True
        host = asked.Node.Node
        return any(host in {node.hostname, node.uuid} for node in self._member.nodes)


def check_answer(
    desk: FactorDesk,
    user: str,
    answer: auth.MFAAuthenticateResponse,
    scope: "mfa.ChallengeScope.ValueType",
) -> Device:
    """Check a user's answer to a challenge; gives the device that it came from.

    Raises: Refused, BadInput.
    """
    match answer.WhichOneof("Response"):
        case "TOTP":
            if scope == mfa.CHALLENGE_SCOPE_USER_SESSION:
                raise BadInput("per-session MFA is not satisfied by OTP devices")
            return desk.check_code(user, answer.TOTP.Code)
        case "Webauthn":
            key = answer.Webauthn
            assertion = Assertion(
                credential_id=key.raw_id,
                client_data=key.response.client_data_json,
                authenticator_data=key.response.authenticator_data,
                signature=key.response.signature,
                user_handle=key.response.user_handle,
            )
            return desk.check_key(assertion, scope, user=user)
        case _:
            raise BadInput("expected MFA auth challenge response")


def _descriptors(keys: Sequence[bytes]) -> list[webauthn.CredentialDescriptor]:
    return [webauthn.CredentialDescriptor(type="public-key", id=ident) for ident in keys]
