"""Which nodes `[login@]host` means: a name, an id, or labels as `[login@]env=prod,team=web`."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import filters
from teleterm.tsh.context import local_user
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was typed: a host or labels, and the login."""

    login: str
    host: str
    labels: dict[str, str]
    port: int = 0
    keywords: tuple[str, ...] = ()
    expression: str = ""

    @property
    def is_search(self) -> bool:
        """Whether the cluster has to be asked which nodes it means."""
        return bool(self.labels or self.keywords or self.expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node to connect to; `shown` is how people know it."""

    host: str
    shown: str


def parse(text: str, *, login: str = "", port: int = 0) -> Target:
    """Read `[login@]host`; the part before the last `@` wins over `login`.

    Raises: BadInput for `host:port`.
    """
    before, at, place = text.rpartition("@")
    name = (before if at else login) or login or local_user()
    if "=" in place:
        return Target(login=name, host="", labels=filters.parse_labels(place), port=port)
    host, colon, digits = place.partition(":")
    if colon and digits.isdigit():
        raise BadInput(
            f"please use ssh subcommand with '--port={digits}' flag instead of semicolon",
            field="host",
            value=text,
        )
    return Target(login=name, host=host or place, labels={}, port=port)


def narrowed(target: Target, parsed: Parsed) -> Target:
    """The target with what `--search` and `--query` ask for; they stand for the host."""
    wanted = filters.of(parsed)
    if not (wanted.keywords or wanted.expression):
        return target
    return replace(target, keywords=wanted.keywords, expression=wanted.expression)


async def nodes(client: "ClusterClient", target: Target) -> list[Node]:
    """The nodes a target means: one, or all that have the labels or fit the search.

    Raises: Refused when there is none.
    """
    if not target.is_search:
        return [Node(host=target.host, shown=target.host)]
    from teleterm.client.auth import ResourceQuery

    auth = await client.auth()
    query = ResourceQuery(
        labels=target.labels, keywords=target.keywords, predicate=target.expression
    )
    found = await auth.list_resources("node", query)
    if not found:
        raise Refused("no target host specified", code=ErrorCode.NOT_FOUND)
    return [Node(host=one.Node.Metadata.Name, shown=one.Node.Spec.Hostname) for one in found]


async def one(client: "ClusterClient", target: Target) -> Node:
    """The one node a target means.

    Raises: Refused (NOT_FOUND, AMBIGUOUS).
    """
    if not target.is_search:
        return Node(host=target.host, shown=target.host)
    auth = await client.auth()
    found = await auth.resolve_ssh_target(
        labels=target.labels, keywords=target.keywords, predicate=target.expression
    )
    return Node(host=found.Metadata.Name, shown=found.Spec.Hostname)
