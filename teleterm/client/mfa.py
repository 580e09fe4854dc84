"""The second factor as messages of the auth API, and as values for whoever asks the person."""

from typing import TYPE_CHECKING

from teleterm.client.prompts import (
    MfaAnswer,
    MfaChallenge,
    SsoAnswer,
    SsoChallenge,
    TotpAnswer,
    WebauthnAnswer,
    WebauthnChallenge,
    WebauthnDescriptor,
)
from teleterm.model.errors import ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as messages
from teleterm.protogen.teleport.webauthn import webauthn_pb2 as webauthn

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


async def confirm(
    client: "ClusterClient", scope: "messages.ChallengeScope.ValueType", *, reason: str = ""
) -> auth.MFAAuthenticateResponse:
    """Have the person confirm something with the second factor; empty for one who has none.

    Raises: Refused (MFA_REFUSED, CANCELLED), network errors.
    """
    server = await client.root_auth()
    challenge = await server.create_challenge(
        auth.CreateAuthenticateChallengeRequest(
            ContextUser=auth.ContextUser(),
            ChallengeExtensions=messages.ChallengeExtensions(scope=scope),
        )
    )
    if not any(challenge.HasField(way) for way in ("TOTP", "WebauthnChallenge", "SSOChallenge")):
        return auth.MFAAuthenticateResponse()
    asked = to_challenge(
        challenge,
        cluster=client.root,
        web_addr=client.profile.web_proxy_addr,
        reason=reason,
        is_session=False,
        takes_codes=scope != messages.CHALLENGE_SCOPE_HEADLESS_LOGIN,
    )
    return to_response(await client.prompts.mfa(asked))


def to_challenge(
    message: auth.MFAAuthenticateChallenge,
    *,
    cluster: str,
    web_addr: str,
    reason: str,
    is_session: bool,
    takes_codes: bool = True,
) -> MfaChallenge:
    """What to ask the person.

    A code isn't offered for a session, nor without `takes_codes`: the server wouldn't take it.
    Raises: Refused (MFA_REFUSED) when the user has no device that would do.
    """
    totp = message.HasField("TOTP") and takes_codes and not is_session
    key = _webauthn(message, web_addr) if message.HasField("WebauthnChallenge") else None
    sso = _sso(message.SSOChallenge) if message.HasField("SSOChallenge") else None
    if not totp and key is None and sso is None:
        raise Refused(
            f"{cluster} asks for a security key, and you have none registered.",
            code=ErrorCode.MFA_REFUSED,
            hint="Add one: tsh mfa add",
        )
    return MfaChallenge(
        cluster=cluster, reason=reason, totp=totp, webauthn=key, sso=sso, is_session=is_session
    )


def to_response(answer: MfaAnswer) -> auth.MFAAuthenticateResponse:
    """The message that carries an answer."""
    match answer:
        case TotpAnswer(code=code):
            return auth.MFAAuthenticateResponse(TOTP=auth.TOTPResponse(Code=code.reveal()))
        case SsoAnswer(request_id=ident, token=token):
            return auth.MFAAuthenticateResponse(
                SSO=auth.SSOResponse(request_id=ident, token=token.reveal())
            )
        case WebauthnAnswer():
            return auth.MFAAuthenticateResponse(
                Webauthn=webauthn.CredentialAssertionResponse(
                    type="public-key",
                    raw_id=answer.credential_id,
                    response=webauthn.AuthenticatorAssertionResponse(
                        client_data_json=answer.client_data_json,
                        authenticator_data=answer.authenticator_data,
                        signature=answer.signature,
                        user_handle=answer.user_handle,
                    ),
                    extensions=webauthn.AuthenticationExtensionsClientOutputs(app_id=answer.app_id),
                )
            )


def _webauthn(message: auth.MFAAuthenticateChallenge, web_addr: str) -> WebauthnChallenge:
    options = message.WebauthnChallenge.public_key
    return WebauthnChallenge(
        challenge=options.challenge,
        rp_id=options.rp_id,
        origin=f"https://{web_addr}",
        allow=tuple(
            WebauthnDescriptor(type=one.type, ident=one.id) for one in options.allow_credentials
        ),
        user_verification=options.user_verification or "discouraged",
        timeout_ms=options.timeout_ms,
        app_id=options.extensions.app_id,
    )


def _sso(message: auth.SSOChallenge) -> SsoChallenge:
    return SsoChallenge(
        request_id=message.request_id,
        redirect_url=message.redirect_url,
        connector_id=message.device.connector_id,
        connector_type=message.device.connector_type,
        display_name=message.device.display_name,
    )
