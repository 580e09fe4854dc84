"""Headless logins: they wait here until the user, who is logged in elsewhere, lets them in.

Source: cluster-login.md 4.2, 7.10.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from google.protobuf.empty_pb2 import Empty

from teleterm.demo.factors import FactorDesk
from teleterm.demo.factorservice import check_answer
from teleterm.demo.identity import Identity
from teleterm.demo.rpc import Gate, Handlers
from teleterm.model.errors import BadInput, PeerBroke, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.mfa.v1 import mfa_pb2 as mfa
from teleterm.protogen.teleport.types import types_pb2 as types

KIND = "headless_authentication"
WAIT_S = 180.0
_APPEAR_S = 5.0
_MOST = 64
PENDING = types.HEADLESS_AUTHENTICATION_STATE_PENDING
DENIED = types.HEADLESS_AUTHENTICATION_STATE_DENIED
APPROVED = types.HEADLESS_AUTHENTICATION_STATE_APPROVED


@dataclass(slots=True, kw_only=True)
class Waiting:
    """One login; `device` is what it was approved with."""

    ident: str
    user: str
    client_ip: str
    ssh_public_key: bytes
    tls_public_key: bytes
    state: "types.HeadlessAuthenticationState.ValueType" = PENDING
    device: str = ""
    decided: asyncio.Event = field(default_factory=asyncio.Event)

    def message(self) -> types.HeadlessAuthentication:
        """As it travels."""
        header = types.ResourceHeader(Kind=KIND, Version="v1")
        header.Metadata.Name = self.ident
        return types.HeadlessAuthentication(
            header=header,
            user=self.user,
            state=self.state,
            client_ip_address=self.client_ip,
            ssh_public_key=self.ssh_public_key,
            tls_public_key=self.tls_public_key,
        )


class HeadlessDesk:
    """All headless logins of one demo."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._watchers: dict[asyncio.Queue[auth.Event], str] = {}
        self._came = asyncio.Condition()

    async def wait(self, login: Waiting) -> str:
        """Wait until it is approved; gives the device it was approved with.

        Raises: Refused when it isn't, or nobody answers.
        """
        if login.ident in self._waiting or len(self._waiting) >= _MOST:
            raise Refused("there is such a headless login already, or there are too many")
        self._waiting[login.ident] = login
        async with self._came:
            self._came.notify_all()
        self._tell(login)
        try:
            async with asyncio.timeout(WAIT_S):
                await login.decided.wait()
        except TimeoutError:
            raise Refused("headless authentication was not approved in time") from None
        finally:
            del self._waiting[login.ident]
            self._tell(login, is_gone=True)
        if login.state != APPROVED:
            raise Refused("headless authentication denied")
        return login.device

    async def find(self, user: str, ident: str) -> Waiting:
        """One that waits for a user's approval; it is waited for a little.

        Raises: PeerBroke, in the words of the real service, which waits in vain.
        """
        try:
            async with asyncio.timeout(_APPEAR_S), self._came:
                await self._came.wait_for(lambda: ident in self._waiting)
        except TimeoutError:
            pass
        found = self._waiting.get(ident)
        if found is None or found.user != user:
            raise PeerBroke("context deadline exceeded")
        return found

    def decide(
        self, login: Waiting, state: "types.HeadlessAuthenticationState.ValueType", device: str
    ) -> None:
        """Let it in, or not.

        Raises: Refused when that was decided already.
        """
        if login.state != PENDING:
            raise Refused("the headless login has been decided already")
        login.state, login.device = state, device
        login.decided.set()
        self._tell(login)

    async def watch(self, user: str, *, is_pending_only: bool) -> AsyncIterator[auth.Event]:
        """Say what happens to a user's logins, for as long as somebody listens."""
        queue: asyncio.Queue[auth.Event] = asyncio.Queue()
        self._watchers[queue] = user
        try:
            yield auth.Event(Type=auth.INIT)
            if is_pending_only:
                for login in self._waiting.values():
                    if login.user == user:
                        yield _put(login)
            while True:
                event = await queue.get()
                is_pending = event.HeadlessAuthentication.state == PENDING
                if not is_pending_only or (event.Type == auth.PUT and is_pending):
                    yield event
        finally:
            del self._watchers[queue]

    def _tell(self, login: Waiting, *, is_gone: bool = False) -> None:
        for queue, user in self._watchers.items():
            if user == login.user:
                queue.put_nowait(_gone(login) if is_gone else _put(login))


class HeadlessService:
    """The auth server's answers about headless logins."""

    def __init__(self, desk: HeadlessDesk, factors: FactorDesk) -> None:
        self._desk = desk
        self._factors = factors

    def handlers(self, gate: Gate) -> Handlers:
        """Give the methods of the auth service that are about headless logins."""
        return {
            "GetHeadlessAuthentication": gate.unary(
                auth.GetHeadlessAuthenticationRequest, self.get
            ),
            "WatchPendingHeadlessAuthentications": gate.stream(Empty, self.watch),
            "UpdateHeadlessAuthenticationState": gate.unary(
                auth.UpdateHeadlessAuthenticationStateRequest, self.update
            ),
        }

    async def get(
        self, asked: auth.GetHeadlessAuthenticationRequest, caller: Identity
    ) -> types.HeadlessAuthentication:
        """Give a login that waits for approval."""
        return (await self._desk.find(caller.user, asked.id)).message()

    async def watch(self, _asked: Empty, caller: Identity) -> AsyncIterator[auth.Event]:
        """Say when a login waits for approval, for as long as the caller listens."""
        async for event in self._desk.watch(caller.user, is_pending_only=True):
            yield event

    async def update(
        self, asked: auth.UpdateHeadlessAuthenticationStateRequest, caller: Identity
    ) -> Empty:
        """Approve, with a security key's answer, or deny."""
        login = await self._desk.find(caller.user, asked.id)
        device = ""
        if asked.state == APPROVED:
            if asked.mfa_response.WhichOneof("Response") != "Webauthn":
                raise BadInput("a headless login is approved with a security key only")
            scope = mfa.CHALLENGE_SCOPE_HEADLESS_LOGIN
            device = check_answer(self._factors, caller.user, asked.mfa_response, scope).name
        elif asked.state != DENIED:
            raise Refused("a headless login can be approved or denied only")
        self._desk.decide(login, asked.state, device)
        return Empty()


def _put(login: Waiting) -> auth.Event:
    return auth.Event(Type=auth.PUT, HeadlessAuthentication=login.message())


def _gone(login: Waiting) -> auth.Event:
    header = types.ResourceHeader(Kind=KIND, Version="v1")
    header.Metadata.Name = login.ident
    return auth.Event(Type=auth.DELETE, ResourceHeader=header)
