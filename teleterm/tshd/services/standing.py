"""How the daemon stands: logins with their ends, gateways with their connections.

The profile folder belongs to every tsh on the computer, so it is looked at now and then while
somebody watches: others log in and out, too.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from teleterm.client.store import ProfileStore
from teleterm.model.errors import TeletermError
from teleterm.osutil import tasks
from teleterm.protogen.teleterm.daemon.v1 import daemon_pb2 as pb
from teleterm.tshd.services.changes import Changes
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.gateways.table import Gateways

LOOK_EVERY_S = 1.0
Stamp = tuple[tuple[str, int, int], ...]


class Standing:
    """Answers and watches."""

    def __init__(
        self,
        connections: Connections,
        gateways: Gateways,
        changes: Changes,
        *,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._connections = connections
        self._gateways = gateways
        self._changes = changes
        self._look_every_s = look_every_s

    async def status(self) -> pb.Status:
        """How everything stands now."""
        return pb.Status(
            logins=await asyncio.to_thread(_logins, self._connections.store),
            gateways=[one.state() for one in self._gateways.all()],
            open_clusters=self._connections.count,
        )

    async def watch_status(self) -> AsyncIterator[pb.Status]:
        """The status now, and again after each change."""
        yield await self.status()
        async for _ in self.watch():
            yield await self.status()

    async def watch(self) -> AsyncIterator[pb.Change]:
        """Each change from now on, until the caller leaves."""
        looking = tasks.spawn(self._look(), name="profile folder")
        try:
            async for change in self._changes.listen():
                yield change
        finally:
            looking.cancel()
            await asyncio.wait({looking})

    async def _look(self) -> None:
        """Compare the profile folder now and then. One listener's look tells all of them."""
        store = self._connections.store
        before = await asyncio.to_thread(_stamp, store.home)
        while True:
            await asyncio.sleep(self._look_every_s)
            now = await asyncio.to_thread(_stamp, store.home)
            if now != before:
                before = now
                logins = await asyncio.to_thread(_logins, store)
                self._changes.tell(pb.Change(profiles_changed=pb.ProfilesChanged(logins=logins)))


def _logins(store: ProfileStore) -> list[pb.Login]:
    """Blocks: every profile with its user and the end of its certificate."""
    listed = store.profiles()
    found: list[pb.Login] = []
    for profile in listed.profiles:
        login = pb.Login(
            root_cluster_uri=f"/clusters/{profile.name}",
            user=profile.user,
            is_current=profile.name == listed.current,
        )
        with suppress(TeletermError):
            identity = store.identity(profile)
            login.valid_until.FromDatetime(identity.valid_until)
            login.active_requests.extend(identity.active_requests)
        found.append(login)
    return found


def _stamp(home: Path) -> Stamp:
    """Blocks: changes whenever a profile or a login's certificate does."""
    files = [*home.glob("*.yaml"), home / "current-profile", *home.glob("keys/*/*.crt")]
    found: list[tuple[str, int, int]] = []
    for path in sorted(files):
        with suppress(OSError):
            state = path.stat()
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)
