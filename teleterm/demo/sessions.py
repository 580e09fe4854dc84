"""The sessions that run on nodes right now."""

import asyncio
import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from teleterm.demo.inventory import DemoNode


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
    """Knows what runs."""

    def __init__(self) -> None:
        self._sessions: dict[str, ActiveSession] = {}
        self._none = asyncio.Event()
        self._none.set()

    @contextlib.contextmanager
    def hold(self, session: ActiveSession) -> Iterator[None]:
        """Count a session in for as long as the block lasts."""
        self._sessions[session.id] = session
        self._none.clear()
        try:
            yield
        finally:
            del self._sessions[session.id]
            if not self._sessions:
                self._none.set()

    async def wait_until_none(self) -> None:
        """Wait until nothing runs any more."""
        await self._none.wait()

    def in_cluster(self, cluster: str) -> list[ActiveSession]:
        """Give a cluster's sessions, oldest first."""
        return [session for session in self._sessions.values() if session.cluster == cluster]
