"""The requests and replies of a login, as values. No I/O.

Source: cluster-login.md 3.2 to 3.4. Bytes come in standard base64 and, in a security key's answer,
go out in the URL form without padding.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from teleterm.client.keygen import UserKeys
from teleterm.client.keystore import TrustedCluster
from teleterm.client.prompts import (
    MfaAnswer,
    MfaChallenge,
    SsoAnswer,
    TotpAnswer,
    WebauthnAnswer,
    WebauthnChallenge,
    WebauthnDescriptor,
)
from teleterm.model.errors import BadInput, ErrorCode, PeerBroke, Refused, TeletermError
from teleterm.model.secret import Secret

_WRONG = re.compile(r"invalid (credentials|username|password)", re.IGNORECASE)
_LOCKED = re.compile(r"too many incorrect attempts", re.IGNORECASE)
_KEY_POLICY = re.compile(r"private key policy not (?:met|satisfied): (\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginReply:
    """What a login gave; the first of `authorities` is the root cluster's."""

    username: str
    ssh_certificate: str
    tls_certificate: bytes
    authorities: tuple[TrustedCluster, ...]
    saml_logout: bool


def parse_challenge(
    reply: Mapping[str, object], *, cluster: str, web_addr: str
) -> MfaChallenge | None:
    """The second factor the cluster asks for; None when the password will do."""
    totp = reply.get("totp_challenge") is True
    webauthn = _webauthn_challenge(reply, web_addr)
    if not totp and webauthn is None:
        return None
    return MfaChallenge(cluster=cluster, totp=totp, webauthn=webauthn, is_login=True)


def parse_reply(reply: Mapping[str, object]) -> LoginReply:
    """What a login gave.

    Raises: PeerBroke when something is missing.
    """
    authorities = _authorities(reply)
    parsed = LoginReply(
        username=_text(reply, "username"),
        ssh_certificate=_bytes(reply, "cert").decode("utf-8", "replace"),
        tls_certificate=_bytes(reply, "tls_cert"),
        authorities=tuple(authorities),
        saml_logout=reply.get("samlSingleLogoutEnabled") is True,
    )
    if not (parsed.username and parsed.tls_certificate and parsed.ssh_certificate):
        raise PeerBroke("The login came without its certificates.")
    return parsed


def finish_body(
    *,
    user: str,
    password: Secret[str],
    answer: MfaAnswer | None,
    keys: UserKeys,
    cluster: str,
    ttl_ns: int,
) -> dict[str, object]:
    """The second request of a login; `cluster` empty is the root."""
    body: dict[str, object] = {
        "user": user,
        "password": password.reveal(),
        "webauthn_challenge_response": None,
        "totp_code": "",
        "RouteToCluster": cluster,
        "KubernetesCluster": "",
        **key_fields(keys),
        "ttl": ttl_ns,
    }
    match answer:
        case TotpAnswer(code=code):
            body["totp_code"] = code.reveal()
        case WebauthnAnswer():
            body["webauthn_challenge_response"] = _webauthn_json(answer)
        case SsoAnswer():
            raise BadInput("A login can't be confirmed in the browser.", field="answer")
        case None:
            pass
    return body


def key_fields(keys: UserKeys) -> dict[str, object]:
    """The members of a login request that carry the public keys."""
    return {
        "ssh_pub_key": base64.b64encode(keys.ssh_public.encode()).decode(),
        "tls_pub_key": base64.b64encode(keys.tls_public).decode(),
    }


def login_error(error: Refused | BadInput, *, with_code: bool) -> TeletermError:
    """The error to show for a refused login; `with_code` when a second factor was part of it."""
    text = f"{error.message} {error.details}"
    if _LOCKED.search(text):
        return Refused(
            "Too many wrong attempts. The account is locked for a while.",
            code=ErrorCode.LOCKED_OUT,
            hint="Try again in half an hour, or ask your administrator.",
            details=error.details,
        )
    if _WRONG.search(text):
        what = "user name, password or code" if with_code else "user name or password"
        return Refused(
            f"The {what} was not accepted.",
            code=ErrorCode.WRONG_CREDENTIALS,
            hint="A code works once: wait for the next one." if with_code else "",
            details=error.details,
        )
    policy = _KEY_POLICY.search(text)
    if policy is not None:
        return Refused(
            f"The cluster wants a key kept in hardware ({policy[1]}), which is not supported.",
            details=error.details,
        )
    return error


def _webauthn_challenge(reply: Mapping[str, object], web_addr: str) -> WebauthnChallenge | None:
    outer = reply.get("webauthn_challenge")
    options = outer.get("publicKey") if isinstance(outer, dict) else None
    if not isinstance(options, dict):
        return None
    credentials = options.get("allowCredentials")
    timeout = options.get("timeout")
    extensions = options.get("extensions")
    return WebauthnChallenge(
        challenge=_bytes(options, "challenge"),
        rp_id=_text(options, "rpId"),
        origin=f"https://{web_addr}",
        allow=tuple(
            WebauthnDescriptor(type=_text(one, "type"), ident=_bytes(one, "id"))
            for one in (credentials if isinstance(credentials, list) else [])
            if isinstance(one, dict)
        ),
        user_verification=_text(options, "userVerification") or "discouraged",
        timeout_ms=timeout if isinstance(timeout, int) else 0,
        app_id=_text(extensions, "appid") if isinstance(extensions, dict) else "",
    )


def _webauthn_json(answer: WebauthnAnswer) -> dict[str, object]:
    ident = _base64url(answer.credential_id)
    response = {
        "clientDataJSON": _base64url(answer.client_data_json),
        "authenticatorData": _base64url(answer.authenticator_data),
        "signature": _base64url(answer.signature),
    }
    if answer.user_handle:
        response["userHandle"] = _base64url(answer.user_handle)
    return {
        "id": ident,
        "type": "public-key",
        "rawId": ident,
        "response": response,
        "extensions": {"appid": answer.app_id},
    }


def _authorities(reply: Mapping[str, object]) -> list[TrustedCluster]:
    signers = reply.get("host_signers")
    found: list[TrustedCluster] = []
    for signer in signers if isinstance(signers, list) else []:
        if isinstance(signer, dict):
            found.append(
                TrustedCluster(
                    name=_text(signer, "domain_name"),
                    tls_pems=tuple(_byte_list(signer, "tls_certs")),
                    ssh_keys=tuple(
                        key.decode("utf-8", "replace").strip()
                        for key in _byte_list(signer, "checking_keys")
                    ),
                )
            )
    if not found or not found[0].name:
        raise PeerBroke("The login came without the cluster's authority.")
    return found


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _text(values: Mapping[str, object], key: str) -> str:
    found = values.get(key)
    return found if isinstance(found, str) else ""


def _bytes(values: Mapping[str, object], key: str) -> bytes:
    return _decode(_text(values, key))


def _byte_list(values: Mapping[str, object], key: str) -> list[bytes]:
    found = values.get(key)
    return [_decode(str(one)) for one in found] if isinstance(found, list) else []


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError as error:
        raise PeerBroke("The login's reply can't be read.", details=str(error)) from error
