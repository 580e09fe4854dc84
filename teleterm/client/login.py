"""Logging in with a password and a second factor, and logging out.

Source: cluster-login.md 3 and 6.5.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from teleterm.client import keygen
from teleterm.client.cluster import ClusterClient
from teleterm.client.discovery import ProxyInfo
from teleterm.client.identity import Identity
from teleterm.client.keystore import KeyRing, TrustedCluster
from teleterm.client.login_messages import finish_body, login_error, parse_challenge, parse_reply
from teleterm.client.net import NetOptions
from teleterm.client.profile import Profile
from teleterm.client.prompts import MfaChallenge, Prompts, WebauthnAnswer, WebauthnChallenge
from teleterm.client.store import ProfileStore
from teleterm.client.webapi import WebApi
from teleterm.model.errors import BadInput, PeerBroke, Refused, TeletermError
from teleterm.model.secret import Secret
from teleterm.wire import durations, x509

_DEFAULT_TTL_S = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginResult:
    """The profile as saved, and who is logged in."""

    profile: Profile
    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a login shall be like, whichever way it is done.

    `ttl_s` 0 takes the cluster's own; `cluster` empty is the root. `connector` is remembered for
    the next login. `is_single_key` is for identity files, which hold but one.
    """

    ttl_s: float = 0.0
    cluster: str = ""
    connector: str = ""
    make_current: bool = True
    is_single_key: bool = False

    def ttl_ns(self, info: ProxyInfo) -> int:
        """How long the certificates shall last."""
        ttl_s = self.ttl_s or info.auth.session_ttl_s or _DEFAULT_TTL_S
        return int(ttl_s * durations.SECOND_NS)

    def keys(self, info: ProxyInfo) -> keygen.UserKeys:
        """Fresh keys of the kinds that the cluster wants. Blocks."""
        return keygen.user_keys(info.auth.suite, is_single=self.is_single_key)


async def login_local(
    store: ProfileStore,
    info: ProxyInfo,
    *,
    user: str,
    prompts: Prompts,
    options: NetOptions,
    terms: Terms = Terms(),
) -> LoginResult:
    """Log in with a password and, if the cluster wants one, a second factor.

    Fresh keys are made; profile, keys and the authorities of the root and all leaves are written.
    Raises: Refused (WRONG_CREDENTIALS, LOCKED_OUT, CANCELLED, DENIED); network errors.
    """
    keys = await asyncio.to_thread(terms.keys, info)
    password = await prompts.password(user)
    async with WebApi(info.web_addr, options) as web:
        challenge = await _begin(web, info, user, password)
        answer = await prompts.mfa(challenge) if challenge is not None else None
        body = finish_body(
            user=user,
            password=password,
            answer=answer,
            keys=keys,
            cluster=terms.cluster,
            ttl_ns=terms.ttl_ns(info),
        )
        try:
            reply = await web.post("/webapi/mfa/login/finish", body)
        except (Refused, BadInput) as error:
            raise login_error(error, with_code=answer is not None) from error
    return await save_login(store, info, reply, keys, options=options, terms=terms)


async def login_passwordless(
    store: ProfileStore,
    info: ProxyInfo,
    *,
    sign: Callable[[WebauthnChallenge], Awaitable[WebauthnAnswer]],
    options: NetOptions,
    terms: Terms = Terms(),
) -> LoginResult:
    """Log in with nothing but a security key, which knows who the user is.

    Raises: BadInput when the cluster doesn't allow it; as `login_local`.
    """
    if not info.auth.passwordless:
        raise BadInput("passwordless disallowed by cluster settings", field="auth")
    keys = await asyncio.to_thread(terms.keys, info)
    async with WebApi(info.web_addr, options) as web:
        challenge = await _begin(web, info, "", Secret(""), passwordless=True)
        if challenge is None or challenge.webauthn is None:
            raise PeerBroke("The cluster asks for no security key, though it allows to log in so.")
        answer = await sign(challenge.webauthn)
        body = finish_body(
            user="",
            password=Secret(""),
            answer=answer,
            keys=keys,
            cluster=terms.cluster,
            ttl_ns=terms.ttl_ns(info),
        )
        try:
            reply = await web.post("/webapi/mfa/login/finish", body)
        except (Refused, BadInput) as error:
            raise login_error(error, with_code=True) from error
    return await save_login(store, info, reply, keys, options=options, terms=terms)


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
    terms: Terms,
) -> LoginResult:
    """Write what a login gave, then fetch the authorities of the leaves.

    Every way to log in ends here: the reply has the same form for all of them.
    Raises: PeerBroke when the reply isn't whole.
    """
    parsed = parse_reply(reply)
    _check_time(parsed.tls_certificate, info)
    chosen = terms.cluster or parsed.authorities[0].name
    ring = KeyRing(
        ssh_private=keys.ssh_private,
        ssh_public=keys.ssh_public,
        tls_private=keys.tls_private,
        tls_certificate=parsed.tls_certificate,
        ssh_certificates={chosen: parsed.ssh_certificate},
    )
    base = _known_profile(store, info.name)
    profile = replace(
        info.profile(base, user=parsed.username),
        cluster=chosen,
        auth_connector=terms.connector or (base.auth_connector if base else ""),
        saml_slo_enabled=parsed.saml_logout,
    )
    await asyncio.to_thread(_write, store, profile, ring, parsed.authorities)
    async with ClusterClient(store, profile, options) as client:
        await client.refresh_authorities()
    await asyncio.to_thread(store.save, profile, make_current=terms.make_current)
    return LoginResult(profile=profile, identity=store.identity(profile))


def _check_time(certificate: bytes, info: ProxyInfo) -> None:
    """See that fresh certificates aren't over already.

    Raises: Refused: then one of the clocks is wrong, and another login wouldn't help.
    """
    ended = x509.parse_pem(certificate).not_after
    now = datetime.now(UTC)
    if ended <= now:
        raise Refused(
            f"{info.cluster_name} gave certificates that ended at {ended:%Y-%m-%d %H:%M} UTC, and"
            f" it is {now:%Y-%m-%d %H:%M} UTC here.",
            hint="Check this computer's clock; if it is right, the cluster's is wrong.",
        )


def logout(store: ProfileStore, proxy_host: str, user: str) -> bool:
    """Remove the keys of a user; profile and authorities stay. False when there were none."""
    return store.keys.delete_user(proxy_host, user)


def logout_all(store: ProfileStore) -> None:
    """Remove every login and profile."""
    store.keys.delete_all()


async def _begin(
    web: WebApi,
    info: ProxyInfo,
    user: str,
    password: Secret[str],
    *,
    passwordless: bool = False,
) -> MfaChallenge | None:
    body: dict[str, object] = {
        "user": user,
        "pass": password.reveal(),
        "passwordless": passwordless,
    }
    try:
        reply = await web.post("/webapi/mfa/login/begin", body)
    except (Refused, BadInput) as error:
        raise login_error(error, with_code=False) from error
    return parse_challenge(reply, cluster=info.cluster_name, web_addr=info.web_addr)


def _write(
    store: ProfileStore, profile: Profile, ring: KeyRing, authorities: Sequence[TrustedCluster]
) -> None:
    store.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    store.keys.write_key_ring(profile.name, profile.user, ring)
    store.keys.write_authorities(profile.name, list(authorities))


def _known_profile(store: ProfileStore, name: str) -> Profile | None:
    try:
        return store.load(name)
    except TeletermError:
        return None
