"""Logging in with a password and a second factor, and logging out.

Source: cluster-login.md 3 and 6.5.
"""

import asyncio
import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from teleterm.client import keygen
from teleterm.client.cluster import ClusterClient
from teleterm.client.discovery import ProxyInfo
from teleterm.client.identity import Identity
from teleterm.client.keystore import KeyRing, TrustedCluster
from teleterm.client.net import NetOptions
from teleterm.client.profile import Profile
from teleterm.client.prompts import (
    MfaAnswer,
    MfaChallenge,
    Prompts,
    SsoAnswer,
    TotpAnswer,
    WebauthnAnswer,
    WebauthnChallenge,
    WebauthnDescriptor,
)
from teleterm.client.store import ProfileStore
from teleterm.client.webapi import WebApi
from teleterm.model.errors import BadInput, ErrorCode, PeerBroke, Refused, TeletermError
from teleterm.model.secret import Secret
from teleterm.wire import durations

_DEFAULT_TTL_S = 12 * 3600
_WRONG = re.compile(r"invalid (credentials|username|password)", re.IGNORECASE)
_LOCKED = re.compile(r"too many incorrect attempts", re.IGNORECASE)
_KEY_POLICY = re.compile(r"private key policy not (?:met|satisfied): (\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginResult:
    """The profile as saved, and who is logged in."""

    profile: Profile
    identity: Identity


async def login_local(
    store: ProfileStore,
    info: ProxyInfo,
    *,
    user: str,
    prompts: Prompts,
    options: NetOptions,
    ttl_s: float = 0.0,
    cluster: str = "",
    make_current: bool = True,
) -> LoginResult:
    """Log in with a password and, if the cluster wants one, a second factor.

    Fresh keys are made; profile, keys and the authorities of the root and all leaves are written.
    Raises: Refused (WRONG_CREDENTIALS, LOCKED_OUT, CANCELLED, DENIED); network errors.
    """
    keys = await asyncio.to_thread(keygen.user_keys, info.auth.suite)
    password = await prompts.password(user)
    async with WebApi(info.web_addr, options) as web:
        challenge = await _begin(web, info, user, password)
        answer = await prompts.mfa(challenge) if challenge is not None else None
        body = _finish_body(user, password, answer, keys, cluster, _ttl_s(info, ttl_s))
        try:
            reply = await web.post("/webapi/mfa/login/finish", body)
        except (Refused, BadInput) as error:
            raise _login_error(error, with_code=answer is not None) from error
    return await save_login(
        store, info, reply, keys, options=options, cluster=cluster, make_current=make_current
    )


async def check_password(
    info: ProxyInfo, user: str, password: Secret[str], options: NetOptions
) -> MfaChallenge | None:
    """Check the password; gives the second factor's challenge, None when none is wanted.

    Raises: Refused (WRONG_CREDENTIALS).
    """
    async with WebApi(info.web_addr, options) as web:
        return await _begin(web, info, user, password)


async def save_login(
    store: ProfileStore,
    info: ProxyInfo,
    reply: Mapping[str, object],
    keys: keygen.UserKeys,
    *,
    options: NetOptions,
    cluster: str = "",
    make_current: bool = True,
) -> LoginResult:
    """Write what a login gave, then fetch the authorities of the leaves.

    Every way to log in ends here: the reply has the same form for all of them.
    Raises: PeerBroke when the reply isn't whole.
    """
    authorities = _authorities(reply)
    root = authorities[0].name
    user = _text(reply, "username")
    chosen = cluster or root
    ring = KeyRing(
        ssh_private=keys.ssh_private,
        ssh_public=keys.ssh_public,
        tls_private=keys.tls_private,
        tls_certificate=_bytes(reply, "tls_cert"),
        ssh_certificates={chosen: _bytes(reply, "cert").decode("utf-8", "replace")},
    )
    if not (user and ring.tls_certificate and ring.ssh_certificates[chosen]):
        raise PeerBroke(f"{info.web_addr} sent a login without its certificates.")
    base = _known_profile(store, info.name)
    profile = replace(
        info.profile(base, user=user),
        cluster=chosen,
        saml_slo_enabled=reply.get("samlSingleLogoutEnabled") is True,
    )
    await asyncio.to_thread(_write, store, profile, ring, authorities)
    async with ClusterClient(store, profile, options) as client:
        await client.refresh_authorities()
    await asyncio.to_thread(store.save, profile, make_current=make_current)
    return LoginResult(profile=profile, identity=store.identity(profile))


def logout(store: ProfileStore, proxy_host: str, user: str) -> bool:
    """Remove the keys of a user; profile and authorities stay. False when there were none."""
    return store.keys.delete_user(proxy_host, user)


def logout_all(store: ProfileStore) -> None:
    """Remove every login and profile."""
    store.keys.delete_all()


async def _begin(
    web: WebApi, info: ProxyInfo, user: str, password: Secret[str]
) -> MfaChallenge | None:
    body: dict[str, object] = {"user": user, "pass": password.reveal(), "passwordless": False}
    try:
        reply = await web.post("/webapi/mfa/login/begin", body)
    except (Refused, BadInput) as error:
        raise _login_error(error, with_code=False) from error
    totp = reply.get("totp_challenge") is True
    webauthn = _webauthn_challenge(reply, info)
    if not totp and webauthn is None:
        return None
    return MfaChallenge(cluster=info.cluster_name, totp=totp, webauthn=webauthn)


def _webauthn_challenge(reply: Mapping[str, object], info: ProxyInfo) -> WebauthnChallenge | None:
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
        origin=f"https://{info.web_addr}",
        allow=tuple(
            WebauthnDescriptor(type=_text(one, "type"), ident=_bytes(one, "id"))
            for one in (credentials if isinstance(credentials, list) else [])
            if isinstance(one, dict)
        ),
        user_verification=_text(options, "userVerification") or "discouraged",
        timeout_ms=timeout if isinstance(timeout, int) else 0,
        app_id=_text(extensions, "appid") if isinstance(extensions, dict) else "",
    )


def _finish_body(
    user: str,
    password: Secret[str],
    answer: MfaAnswer | None,
    keys: keygen.UserKeys,
    cluster: str,
    ttl_s: float,
) -> dict[str, object]:
    body: dict[str, object] = {
        "user": user,
        "password": password.reveal(),
        "webauthn_challenge_response": None,
        "totp_code": "",
        "RouteToCluster": cluster,
        "KubernetesCluster": "",
        **key_fields(keys),
        "ttl": int(ttl_s * durations.SECOND_NS),
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


def key_fields(keys: keygen.UserKeys) -> dict[str, object]:
    """The members of a login request that carry the public keys."""
    return {
        "ssh_pub_key": base64.b64encode(keys.ssh_public.encode()).decode(),
        "tls_pub_key": base64.b64encode(keys.tls_public).decode(),
    }


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


def _login_error(error: Refused | BadInput, *, with_code: bool) -> TeletermError:
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


def _write(
    store: ProfileStore, profile: Profile, ring: KeyRing, authorities: list[TrustedCluster]
) -> None:
    store.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    store.keys.write_key_ring(profile.name, profile.user, ring)
    store.keys.write_authorities(profile.name, authorities)


def _known_profile(store: ProfileStore, name: str) -> Profile | None:
    try:
        return store.load(name)
    except TeletermError:
        return None


def _ttl_s(info: ProxyInfo, asked_s: float) -> float:
    return asked_s or info.auth.session_ttl_s or _DEFAULT_TTL_S


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
