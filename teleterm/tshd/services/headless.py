"""Watching for headless logins that wait for the user's approval.

Source: terminal_service.md 13.
"""

import asyncio
import contextlib
import logging
import random
from dataclasses import dataclass, field

from teleterm.client import headless
from teleterm.client.auth import AuthClient
from teleterm.client.cluster import ClusterClient
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.model.uri import ClusterUri
from teleterm.osutil import tasks
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.groups import first_error

_log = logging.getLogger("teleterm.tshd.headless")
KIND = "headless_authentication"
FIRST_WAIT_S = 9.0
WAIT_STEP_S = 18.0
LONGEST_WAIT_S = 90.0
_SETTLED = {
    types.HEADLESS_AUTHENTICATION_STATE_APPROVED,
    types.HEADLESS_AUTHENTICATION_STATE_DENIED,
}
_ANSWERS = {
    pb.HEADLESS_AUTHENTICATION_STATE_APPROVED,
    pb.HEADLESS_AUTHENTICATION_STATE_DENIED,
}
_FOR_GOOD = {ErrorCode.NOT_IMPLEMENTED, ErrorCode.NEEDS_LOGIN, ErrorCode.NOT_FOUND}


class HeadlessWatchers:
    """One watcher for each root cluster."""

    def __init__(self, connections: Connections, window: Window) -> None:
        self._connections = connections
        self._window = window
        self._running: dict[str, asyncio.Task[None]] = {}

    async def start(self, cluster: ClusterUri) -> None:
        """Watch a cluster; one that is watched already is watched anew. Doesn't wait for it."""
        self._connections.profile(cluster)
        key = str(cluster)
        while key in self._running:  # also one that another call started meanwhile
            await self.stop(key)
        self._running[key] = tasks.spawn(self._watch(cluster), name=f"headless {key}")

    async def answer(
        self,
        cluster: ClusterUri,
        ident: str,
        wanted: "pb.HeadlessAuthenticationState.ValueType",
    ) -> None:
        """Approve or reject a headless login; approving asks for a second factor.

        Raises: Refused, Unreachable.
        """
        if wanted not in _ANSWERS:
            raise BadInput("A headless login can be approved or denied only.", field="state")
        async with self._connections.client(cluster) as client:
            if wanted == pb.HEADLESS_AUTHENTICATION_STATE_APPROVED:
                await headless.approve(client, ident, reason="Approve a headless login")
            else:
                await headless.deny(client, ident)

    async def stop(self, key: str) -> None:
        """End the watcher of a root cluster's URI; none is fine."""
        task = self._running.pop(key, None)
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def close(self) -> None:
        """End all."""
        for key in list(self._running):
            await self.stop(key)

    async def _watch(self, cluster: ClusterUri) -> None:
        """Subscribe again and again, with longer and longer pauses, until that makes no sense."""
        wait_s = 0.0
        while True:
            watch = _Watch(cluster=str(cluster), window=self._window)
            error = await self._once(cluster, watch)
            _log.info("the watch for headless logins of %s ended: %s", cluster, error.message)
            if error.code in _FOR_GOOD:
                return
            wait_s = 0.0 if watch.has_begun else wait_s
            pause_s = wait_s or random.uniform(0, FIRST_WAIT_S)  # noqa: S311 - spreads the load
            wait_s = min(wait_s + WAIT_STEP_S, LONGEST_WAIT_S)
            await asyncio.sleep(pause_s)

    async def _once(self, cluster: ClusterUri, watch: "_Watch") -> TeletermError:
        """Watch until something ends it, and give that."""
        try:
            async with self._connections.client(cluster) as client:
                await watch.run(client)
        except BaseExceptionGroup as group:
            return first_error(group)
        except TeletermError as error:
            return error
        return _closed()


@dataclass(slots=True, kw_only=True)
class _Watch:
    """One pair of subscriptions and the dialogs that it has opened, by the request's id."""

    cluster: str
    window: Window
    has_begun: bool = False
    dialogs: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self, client: ClusterClient) -> None:
        server = await client.root_auth()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pending(server))
                group.create_task(self._settled(server, client.identity.username))
        finally:
            for dialog in self.dialogs.values():
                dialog.cancel()

    async def _pending(self, server: AuthClient) -> None:
        from google.protobuf.empty_pb2 import Empty

        method = server.stub.WatchPendingHeadlessAuthentications
        async for event in server.stream(method, Empty(), timeout_s=None):
            self.has_begun = True
            if event.Type == auth.PUT and event.HasField("HeadlessAuthentication"):
                self._ask(event.HeadlessAuthentication)
        raise _closed()

    async def _settled(self, server: AuthClient, username: str) -> None:
        kind = types.WatchKind(Kind=KIND, Filter={"username": username})
        stream = server.stream(server.stub.WatchEvents, auth.Watch(Kinds=[kind]), timeout_s=None)
        async for event in stream:
            # What is gone is named by a header alone.
            if event.Type == auth.DELETE:
                self._withdraw(event.ResourceHeader.Metadata.Name)
            elif event.HeadlessAuthentication.state in _SETTLED:
                self._withdraw(event.HeadlessAuthentication.header.Metadata.Name)
        raise _closed()

    def _ask(self, found: types.HeadlessAuthentication) -> None:
        ident = found.header.Metadata.Name
        self._withdraw(ident)
        self.dialogs[ident] = tasks.spawn(
            self._show(ident, found.client_ip_address), name=f"headless login {ident}"
        )

    async def _show(self, ident: str, client_ip: str) -> None:
        try:
            await self.window.pending_headless(self.cluster, ident, client_ip)
        except TeletermError as error:
            _log.info("a headless login was not shown to its end: %s", error.message)
        finally:
            if self.dialogs.get(ident) is asyncio.current_task():
                del self.dialogs[ident]

    def _withdraw(self, ident: str) -> None:
        dialog = self.dialogs.pop(ident, None)
        if dialog is not None:
            dialog.cancel()


def _closed() -> Refused:
    return Refused("The server closed the subscription.", code=ErrorCode.NO_ANSWER)
