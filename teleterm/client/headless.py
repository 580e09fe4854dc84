"""Headless logins: another computer, where the user is logged in, lets this one in for a minute.

Source: cluster-login.md 4.2, 7.10.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.client import mfa
from teleterm.client.auth import AuthClient
from teleterm.client.discovery import ProxyInfo
from teleterm.client.login import LoginResult, Terms, save_login
from teleterm.client.login_messages import key_fields
from teleterm.client.net import NetOptions
from teleterm.client.store import ProfileStore
from teleterm.client.webapi import WebApi
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2
from teleterm.protogen.teleport.types import types_pb2 as types

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

WAIT_S = 180.0
_WAITED_IN_VAIN = "context deadline exceeded"
"""What the cluster says of an id that it doesn't know."""


def ident_of(ssh_public: str) -> str:
    """The id of the request that is made for a public key: a UUID with the bits of version 5."""
    digest = bytearray(hashlib.sha256(bytes(16) + ssh_public.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


async def log_in(
    store: ProfileStore,
    info: ProxyInfo,
    *,
    user: str,
    tell: Callable[[str], None],
    options: NetOptions,
    terms: Terms,
) -> LoginResult:
    """Wait until the user approves elsewhere; `tell` gets the request's id at once.

    The certificates last a minute: give a store that doesn't outlive this program.
    Raises: Refused (DENIED) when it is rejected; Unreachable when nobody answers in time.
    """
    if not info.auth.headless:
        raise BadInput("headless disallowed by cluster settings", field="auth", value="headless")
    keys = await asyncio.to_thread(terms.keys, info)
    ident = ident_of(keys.ssh_public)
    tell(ident)
    body: dict[str, object] = {
        "user": user,
        "headless_id": ident,
        **key_fields(keys),
        "ttl": terms.ttl_ns(info),
        "RouteToCluster": terms.cluster,
        "KubernetesCluster": "",
    }
    async with WebApi(info.web_addr, options) as web:
        reply = await web.post("/webapi/headless/login", body, timeout_s=WAIT_S)
    return await save_login(store, info, reply, keys, options=options, terms=terms)


async def find(server: AuthClient, ident: str) -> types.HeadlessAuthentication:
    """A headless login; asking lets it wait here, up to 5 s for it to appear.

    Raises: Refused (NOT_FOUND).
    """
    request = auth.GetHeadlessAuthenticationRequest(id=ident)
    try:
        return await server.call(server.stub.GetHeadlessAuthentication, request)
    except TeletermError as error:
        if _WAITED_IN_VAIN not in error.message.lower():
            raise
        raise Refused(
            f'no headless login "{ident}" is waiting',
            code=ErrorCode.NOT_FOUND,
            hint="Compare the id; a login waits three minutes. For a new one, run the command on "
            "the other computer again.",
            details=error.message,
        ) from None


async def approve(client: "ClusterClient", ident: str, *, reason: str = "") -> None:
    """Let a login in; needs a security key's answer.

    Raises: Refused (MFA_REFUSED, DENIED).
    """
    response = await mfa.confirm(client, mfa_pb2.CHALLENGE_SCOPE_HEADLESS_LOGIN, reason="")
    await _update(client, ident, types.HEADLESS_AUTHENTICATION_STATE_APPROVED, response)


async def deny(client: "ClusterClient", ident: str) -> None:
    """Reject a login."""
    await _update(client, ident, types.HEADLESS_AUTHENTICATION_STATE_DENIED, None)


async def _update(
    client: "ClusterClient",
    ident: str,
    state: "types.HeadlessAuthenticationState.ValueType",
    response: auth.MFAAuthenticateResponse | None,
) -> None:
    server = await client.root_auth()
    request = auth.UpdateHeadlessAuthenticationStateRequest(
        id=ident, state=state, mfa_response=response
    )
    await server.call(server.stub.UpdateHeadlessAuthenticationState, request)
