"""The sessions that run on nodes right now."""

import asyncio
import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.demo.inventory import DemoNode

if TYPE_CHECKING:
    from teleterm.demo.rooms import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveSession:
    """One running session."""

    id: str
    user: str
    login: str
    cluster: str
    node: DemoNode
    created: datetime.datetime


class ActiveSessions:
    """Knows what runs, who is in it, and what was recorded."""

    def __init__(self) -> None:
        from teleterm.demo.recordings import Recordings

        self.recordings = Recordings()
        self._sessions: dict[str, ActiveSession] = {}
        self._rooms: dict[str, Room] = {}
        self._none = asyncio.Event()
        self._none.set()

    @contextlib.contextmanager
    def hold(self, session: ActiveSession, room: "Room | None" = None) -> Iterator[None]:
        """Count a session in for as long as the block lasts; a `room` can be joined."""
        self._sessions[session.id] = session
        if room is not None:
            self._rooms[session.id] = room
        self._none.clear()
        try:
            yield
        finally:
            del self._sessions[session.id]
            self._rooms.pop(session.id, None)
            if not self._sessions:
                self._none.set()

    def get(self, cluster: str, ident: str) -> ActiveSession | None:
        """Give one session of a cluster; None when it isn't there."""
        found = self._sessions.get(ident)
        return found if found and found.cluster == cluster else None

    def room(self, ident: str) -> "Room | None":
        """Give the room of a session; None for those on no terminal."""
        return self._rooms.get(ident)

    async def wait_until_none(self) -> None:
        """Wait until nothing runs any more."""
        await self._none.wait()

    def in_cluster(self, cluster: str) -> list[ActiveSession]:
        """Give a cluster's sessions, oldest first."""
        return [session for session in self._sessions.values() if session.cluster == cluster]
