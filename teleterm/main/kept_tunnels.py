"""Local proxies that are started with the program: which, and opened once their cluster lets."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec import structs

from teleterm.bridge.contract import (
    CreateGateway,
    Done,
    Failed,
    KeepTunnel,
    KeptTunnelsChanged,
    Reply,
)
from teleterm.bridge.views import GatewayView, KeptTunnelView
from teleterm.main.desk import Desk, Refusal, Tell
from teleterm.main.state import StateFile
from teleterm.model.errors import BadInput, TeletermError
from teleterm.model.uri import parse_cluster

_log = logging.getLogger("teleterm.main.kept_tunnels")
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What others do: which proxies run, how one is opened."""

    running: Callable[[], tuple[GatewayView, ...]]
    create: Callable[[CreateGateway], Awaitable[Reply]]


class KeptTunnels:
    """The proxies that are kept in the state."""

    def __init__(self, state: StateFile, tell: Tell, hooks: Hooks) -> None:
        self._state, self._tell, self._hooks = state, tell, hooks

    def register(self, desk: Desk) -> None:
        """Take the window's request."""
        desk.on(KeepTunnel, self.keep)

    @property
    def views(self) -> tuple[KeptTunnelView, ...]:
        """All that are kept."""
        return tuple(self._state.state.kept_tunnels)

    def follow(self) -> None:
        """A proxy changed: a kept one is opened next time as it is now."""
        running = {(one.target_uri, one.user): one for one in self._hooks.running()}
        self._set(
            [
                self._as_it_runs(kept, running.get((kept.target_uri, kept.user)))
                for kept in self.views
            ]
        )

    @staticmethod
    def _as_it_runs(kept: KeptTunnelView, gateway: GatewayView | None) -> KeptTunnelView:
        if gateway is None or gateway.problem:
            return kept
        return structs.replace(
            kept,
            local_port=gateway.local_port or kept.local_port,
            subresource=gateway.subresource,
            problem="",
        )

    async def open_of(self, root_uri: str) -> None:
        """Open what is kept of a root cluster and its leaves: somebody has logged in there."""
        for kept in self.views:
            if _root_of(kept) == root_uri:
                await self._open(kept)

    async def _open(self, kept: KeptTunnelView) -> None:
        if any(
            (one.target_uri, one.user) == (kept.target_uri, kept.user) and not one.problem
            for one in self._hooks.running()
        ):
            return
        problem = ""
        try:
            await self._hooks.create(
                CreateGateway(
                    target_uri=kept.target_uri,
                    user=kept.user,
                    subresource=kept.subresource,
                    local_port=kept.local_port,
                )
            )
        except Refusal as refused:
            problem = refused.failed.message
        except TeletermError as error:
            problem = error.message
        if problem:
            _log.warning("the tunnel to %s was not opened: %s", kept.target_name, problem)
        self._set(
            [
                structs.replace(one, problem=problem) if _is_same(one, kept) else one
                for one in self.views
            ]
        )

    async def keep(self, request: KeepTunnel) -> Reply:
        """Start a running proxy with the program from now on, or don't any more."""
        others = [
            one
            for one in self.views
            if (one.target_uri, one.user) != (request.target_uri, request.user)
        ]
        if not request.is_kept:
            self._set(others)
            return Done()
        if len(others) >= MOST:
            raise BadInput(f"No more than {MOST} tunnels can be started with teleterm.")
        for one in self._hooks.running():
            if (one.target_uri, one.user) == (request.target_uri, request.user):
                kept = KeptTunnelView(
                    target_uri=one.target_uri,
                    target_name=one.target_name,
                    user=one.user,
                    subresource=one.subresource,
                    protocol=one.protocol,
                    local_port=one.local_port,
                )
                self._set([*others, kept])
                return Done()
        return Failed(code="not_found", message="This local proxy doesn't run any more.")

    def _set(self, tunnels: list[KeptTunnelView]) -> None:
        if tunnels != self._state.state.kept_tunnels:
            self._state.state.kept_tunnels = tunnels
            self._state.changed()
            self._tell(KeptTunnelsChanged(tunnels=tuple(tunnels)))


def _root_of(kept: KeptTunnelView) -> str:
    """The root cluster a tunnel leads into; none where the state holds no address."""
    try:
        return str(parse_cluster(kept.target_uri).root)
    except BadInput:
        return ""


def _is_same(one: KeptTunnelView, other: KeptTunnelView) -> bool:
    return (one.target_uri, one.user) == (other.target_uri, other.user)
