"""Which Teleport version is wanted, by whom, and which signed release of ours holds it: pure rules.

Source: Teleport's managed updates of client tools; packaging-security.md 5.
"""

from dataclasses import dataclass
from typing import Literal

from teleterm.main.install import record
from teleterm.main.update.releases import Index, Release

Source = Literal["environment", "managing-cluster", "highest-compatible"]
WhyNone = Literal[
    "disabled-by-env-vars",
    "managing-cluster-unable-to-manage",
    "no-cluster-with-auto-update",
    "no-compatible-version",
]
OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What a cluster that answered says of the client tools it wants."""

    uri: str
    is_updating: bool
    tools_version: str
    min_tools_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the choice depends on."""

    environment: str = ""
    managing_uri: str = ""
    clusters: tuple[Cluster, ...] = ()
    unreachable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A Teleport version, and who wants it; `may_download` without asking."""

    version: str
    source: Source
    may_download: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWish:
    """Nobody wants a version, and why."""

    why: WhyNone


def wanted(situation: Situation) -> Wish | NoWish:
    """The Teleport version that is wanted here."""
    stated = situation.environment.strip()
    if stated == OFF:
        return NoWish(why="disabled-by-env-vars")
    if stated and record.is_version(stated):
        return Wish(version=stated, source="environment", may_download=True)
    if situation.managing_uri:
        return _managed(situation)
    return _highest(situation)


def pick(
    index: Index,
    wish: Wish,
    *,
    platform: str,
    glibc: str = "",
    bad: tuple[str, ...] = (),
    pty_protocol: int = 1,
) -> Release | None:
    """The newest signed release that holds the wanted version and may run here.

    It may be older than ours: that is how a cluster goes back. It is never revoked, below the
    floor, for another system, one that failed here, or one that can't take over our terminals.
    """
    fitting = [
        one
        for one in index.releases
        if one.platform == platform
        and one.version not in index.revoked
        and one.version not in bad
        and record.is_version(one.version)
        and record.order(one.version) >= record.order(index.floor)
        and one.holds(wish.version)
        and (not glibc or record.order(one.min_glibc) <= record.order(glibc))
        and pty_protocol in one.protocol.pty
    ]
    return max(fitting, key=lambda one: record.order(one.version), default=None)


def _managed(situation: Situation) -> Wish | NoWish:
    for cluster in situation.clusters:
        if cluster.uri == situation.managing_uri and cluster.is_updating:
            return Wish(version=cluster.tools_version, source="managing-cluster", may_download=True)
    return NoWish(why="managing-cluster-unable-to-manage")


def _highest(situation: Situation) -> Wish | NoWish:
    candidates = [one.tools_version for one in situation.clusters if one.is_updating]
    if not candidates:
        return NoWish(why="no-cluster-with-auto-update")
    for version in sorted(set(candidates), key=record.order, reverse=True):
        if all(_suits(version, one) for one in situation.clusters):
            return Wish(
                version=version,
                source="highest-compatible",
                may_download=not situation.unreachable,
            )
    return NoWish(why="no-compatible-version")


def _suits(version: str, cluster: Cluster) -> bool:
    """Whether a client of that version may talk to a cluster, by majors."""
    major = _major(version)
    newest = _major(cluster.tools_version) if cluster.tools_version else major
    return _major(cluster.min_tools_version) <= major <= newest


def _major(version: str) -> int:
    return record.order(version)[0][0] if version else 0
