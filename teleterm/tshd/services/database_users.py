"""Which names a user may connect to a database as, worked out from the roles.

Source: terminal_service.md 10.4, ListDatabaseUsers; connections.md 2.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from teleterm.client.identity import Identity
from teleterm.model.uri import ResourceUri
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.protogen.teleport.wrappers import wrappers_pb2 as wrappers
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.labels import merged
from teleterm.tshd.services.resources import Resources

ANY = "*"
_TRAIT = re.compile(r'^\{\{\s*(?:internal|external)(?:\.([\w-]+)|\["([^"]+)"\])\s*\}\}$')


class DatabaseUsers:
    """Asks the cluster for the database and the roles."""

    def __init__(self, connections: Connections, resources: Resources) -> None:
        self._connections = connections
        self._resources = resources

    async def of(self, uri: ResourceUri) -> list[str]:
        """The names that are listed one by one; `*` stands for any and is left out."""
        database = await self._resources.database(uri)
        async with self._connections.client(uri.cluster) as client:
            server = await client.auth(uri.cluster.leaf or client.root)
            roles = await server.current_roles()
            return allowed(roles, database, client.identity)


def allowed(
    roles: Sequence[types.RoleV6], database: types.DatabaseV3, identity: Identity
) -> list[str]:
    """The user names that the roles allow for a database, sorted."""
    labels = merged(database.Metadata.Labels, database.Spec.DynamicLabels)
    given: set[str] = set()
    taken: set[str] = set()
    for role in roles:
        if _fits(role.Spec.Allow.DatabaseLabels, labels):
            given.update(_expand(role.Spec.Allow.DatabaseUsers, identity.traits))
        if _fits(role.Spec.Deny.DatabaseLabels, labels):
            taken.update(_expand(role.Spec.Deny.DatabaseUsers, identity.traits))
    if ANY in taken:
        return []
    return sorted(given - taken - {ANY})


def _expand(names: Iterable[str], traits: Mapping[str, Sequence[str]]) -> list[str]:
    """Names with a trait in their place filled in."""
    found: list[str] = []
    for name in names:
        match = _TRAIT.match(name)
        if match is None:
            found.append(name)
        else:
            found.extend(traits.get(match[1] or match[2], ()))
    return [name for name in found if name]


def _fits(selector: wrappers.LabelValues, labels: Mapping[str, str]) -> bool:
    """Whether a role's labels select these; no labels at all select nothing."""
    if not selector.Values:
        return False
    for name, values in selector.Values.items():
        if name == ANY and ANY in values.Values:
            continue
        value = labels.get(name)
        if value is None or not any(_matches(pattern, value) for pattern in values.Values):
            return False
    return True


def _matches(pattern: str, value: str) -> bool:
    """Match as roles do: `^…$` is a regular expression, else `*` stands for any text."""
    if pattern.startswith("^") and pattern.endswith("$"):
        try:
            return re.match(pattern, value) is not None
        except re.error:
            return False
    expression = ".*".join(re.escape(part) for part in pattern.split(ANY))
    return re.fullmatch(expression, value) is not None
