"""The live connections to clusters: one for each profile, kept until its login changes.

Source: terminal_service.md 9, "Cluster client cache". Where the reference keeps a client whose
certificates another program has renewed, this one looks at the files and takes a new one.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from teleterm.client import kube_entries
from teleterm.client.auth import AuthClient
from teleterm.client.cluster import ClusterClient
from teleterm.client.net import NetOptions
from teleterm.client.profile import Profile
from teleterm.client.security_keys import SecurityKeys
from teleterm.client.store import ProfileStore
from teleterm.model.clock import Clock
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.model.uri import ClusterUri
from teleterm.tshd.services.events import Window
from teleterm.tshd.services.key_talks import QuietKeys
from teleterm.tshd.services.prompts import WindowPrompts

_log = logging.getLogger("teleterm.tshd.connections")
Stamp = tuple[tuple[int, int, int], ...]


@dataclass(slots=True, kw_only=True)
class _Entry:
    client: ClusterClient
    stamp: Stamp
    users: int = 0
    is_dropped: bool = field(default=False)


class Connections:
    """Gives out the client of a root cluster; leaves are reached through it."""

    def __init__(
        self,
        store: ProfileStore,
        options: NetOptions,
        window: Window,
        clock: Clock,
        keys: SecurityKeys,
    ) -> None:
        self.store = store
        self.options = options
        self._window = window
        self._clock = clock
        self._keys = keys
        self._entries: dict[str, _Entry] = {}
        self._lock = asyncio.Lock()

    @property
    def count(self) -> int:
        """How many clusters' connections are kept."""
        return len(self._entries)

    def profile(self, cluster: ClusterUri) -> Profile:
        """The profile of a cluster, read from disk.

        Raises: Refused (not_found) when there is none.
        """
        try:
            return self.store.load(cluster.profile)
        except Refused as error:
            raise Refused(
                f"There is no profile for {cluster.profile}.", code=ErrorCode.NOT_FOUND
            ) from error

    @contextlib.asynccontextmanager
    async def client(self, cluster: ClusterUri) -> AsyncIterator[ClusterClient]:
        """The client of the root cluster that `cluster` belongs to; kept open afterwards.

        Raises: Refused (not_found, needs_login).
        """
        entry = await self._entry(cluster)
        entry.users += 1
        try:
            yield entry.client
        finally:
            entry.users -= 1
            await _close_unused(entry)

    @contextlib.asynccontextmanager
    async def auth(self, cluster: ClusterUri) -> AsyncIterator[AuthClient]:
        """The auth service of a root or leaf cluster."""
        async with self.client(cluster) as client:
            yield await client.auth(cluster.leaf or client.root)

    async def drop(self, profile_name: str) -> None:
        """Forget the client of a profile; calls that use it still end well."""
        entry = self._entries.pop(profile_name, None)
        if entry is not None:
            entry.is_dropped = True
            await _close_unused(entry)

    def authorities(self, cluster: ClusterUri) -> list[bytes]:
        """The TLS authorities of all clusters behind a proxy, as PEM."""
        known = self.store.keys.authorities(self.profile(cluster).name)
        return [pem for one in known for pem in one.tls_pems]

    def forget_kube(self, profile: Profile) -> None:
        """Take what is behind a proxy out of the user's kubeconfig, after a logout. Blocks."""
        try:
            kube_entries.forget(self.options.environ, (kube_entries.server_of(profile),), ())
        except (TeletermError, OSError) as error:
            _log.warning("the kubeconfig stays as it was: %s", error)

    async def close(self) -> None:
        """Close everything."""
        for name in list(self._entries):
            entry = self._entries.pop(name)
            entry.users = 0
            entry.is_dropped = True
            await _close_unused(entry)

    async def _entry(self, cluster: ClusterUri) -> _Entry:
        async with self._lock:
            profile = self.profile(cluster)
            if not profile.user:
                raise Refused(
                    f"You are not logged in to {profile.name}.", code=ErrorCode.NEEDS_LOGIN
                )
            stamp = self._stamp(profile)
            entry = self._entries.get(cluster.profile)
            if entry is not None and entry.stamp == stamp:
                return entry
            await self.drop(cluster.profile)
            root_name = self.store.identity(profile).cluster
            prompts = WindowPrompts(
                self._window, cluster.root, root_name=root_name, keys=QuietKeys(self._keys)
            )
            client = ClusterClient(
                self.store, profile, self.options, prompts=prompts, clock=self._clock
            )
            entry = _Entry(client=client, stamp=stamp)
            self._entries[cluster.profile] = entry
            return entry

    def _stamp(self, profile: Profile) -> Stamp:
        """Changes whenever a login, here or elsewhere, wrote the profile or its certificate."""
        paths = self.store.keys.paths(profile.name, profile.user)
        return (_file_stamp(paths.tls_certificate), _file_stamp(paths.tls_key))


async def _close_unused(entry: _Entry) -> None:
    if not entry.is_dropped or entry.users:
        return
    try:
        await entry.client.close()
    except (TeletermError, OSError) as error:
        _log.info("a connection did not close in order: %s", error)


def _file_stamp(path: Path) -> tuple[int, int, int]:
    try:
        state = path.stat()
    except OSError:
        return (0, 0, 0)
    return (state.st_mtime_ns, state.st_size, state.st_ino)
