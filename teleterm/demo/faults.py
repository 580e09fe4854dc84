"""Faults of the network on demand, for tests: connections hung up, late, or stuck.

A kind of connection is what its first bytes ask for; `all` stands for every kind.
"""

import asyncio

from teleterm.demo.tunnel import Front
from teleterm.model.errors import BadInput

WEB, AUTH, SSH, DATABASE, APP, KUBE = "web", "auth", "ssh", "database", "app", "kube"
KINDS = frozenset({WEB, AUTH, SSH, DATABASE, APP, KUBE})
ALL = "all"


class Faults:
    """Which kinds of connections have which fault, from now on; for those that are open too."""

    def __init__(self) -> None:
        self._refused: set[str] = set()
        self._stuck: set[str] = set()
        self._late_s: dict[str, float] = {}
        self._healed = asyncio.Event()

    def refuse(self, kind: str) -> None:
        """Hang up on new connections as soon as it is known what they want."""
        self._refused |= _kinds(kind)

    def delay(self, kind: str, seconds: float) -> None:
        """Have every piece of data, in both directions, arrive that much later."""
        self._late_s |= dict.fromkeys(_kinds(kind), seconds)

    def drop(self, kind: str) -> None:
        """Let nothing through, as with a network that is gone; what was sent comes with `heal`."""
        self._stuck |= _kinds(kind)

    def heal(self) -> None:
        """End all faults."""
        self._refused.clear()
        self._stuck.clear()
        self._late_s.clear()
        healed, self._healed = self._healed, asyncio.Event()
        healed.set()

    def check(self, kind: str) -> None:
        """Raises: ConnectionRefusedError for a connection that is hung up on."""
        if kind in self._refused:
            raise ConnectionRefusedError(f"a fault was asked for: no {kind} connections")

    async def wait(self, kind: str) -> None:
        """Wait as long as data of such a connection is held back."""
        if seconds := self._late_s.get(kind):
            await asyncio.sleep(seconds)
        while kind in self._stuck:
            await self._healed.wait()


class FaultyFront:
    """A connection to the port that has the faults of its kind."""

    def __init__(self, inner: Front, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults
        self._kind = WEB

    def enter(self, kind: str) -> None:
        """Say what the connection turned out to be. Raises: ConnectionRefusedError."""
        self._kind = kind
        self._faults.check(kind)

    async def read(self) -> bytes:
        """Give the next bytes."""
        data = await self._inner.read()
        await self._faults.wait(self._kind)
        return data

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""
        await self._faults.wait(self._kind)
        await self._inner.write(data)

    async def close(self) -> None:
        """End both directions; where nothing gets through, nobody hears of that either."""
        await self._faults.wait(self._kind)
        await self._inner.close()

    def put_back(self, front: bytes) -> None:
        """Have `front` read again before anything else."""
        self._inner.put_back(front)

    @property
    def peer_host(self) -> str:
        """The other side's address."""
        return self._inner.peer_host


def _kinds(kind: str) -> frozenset[str]:
    """Raises: BadInput for a kind that there isn't."""
    if kind == ALL:
        return KINDS
    if kind not in KINDS:
        raise BadInput(f'there are no "{kind}" connections', field="kind", value=kind)
    return frozenset({kind})
