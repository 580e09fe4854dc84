"""The signed list of releases: what may be installed at all, whatever a cluster wishes."""

import msgspec

from teleterm.main.install import record
from teleterm.model.errors import PeerBroke

PATH = "teleterm/index.json"
MAX_BYTES = 2 * 1024 * 1024


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """The Teleport versions that a release works with, both ends included."""

    min: str
    max: str


class Protocols(msgspec.Struct, frozen=True, kw_only=True):
    """The versions of our own protocols that a release speaks."""

    pty: tuple[int, ...] = (1,)


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One build: for one system."""

    version: str
    platform: str
    path: str
    teleport: Range
    min_glibc: str = "0"
    protocol: Protocols = Protocols()
    unpacked_size: int = 0
    notes: str = ""
    urgent: bool = False

    def holds(self, teleport_version: str) -> bool:
        """Whether this release works with a Teleport version."""
        wanted = record.order(teleport_version)
        return record.order(self.teleport.min) <= wanted <= record.order(self.teleport.max)


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """All of them; none below `floor` and none in `revoked` is ever installed."""

    floor: str
    revoked: tuple[str, ...] = ()
    releases: tuple[Release, ...] = ()


def parse(data: bytes) -> Index:
    """Read the list.

    Raises: PeerBroke.
    """
    try:
        return msgspec.json.decode(data, type=Index)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PeerBroke("The list of releases can't be read.", details=str(error)) from None
