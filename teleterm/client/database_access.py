"""Which users and names of a database somebody's roles allow.

The cluster decides when a connection is made; this is for lists and defaults. Roles that choose
databases by an expression are left out, since only the cluster can evaluate it.
Source: cluster-login.md 7.5, connections.md 2.5.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teleterm.protogen.teleport.types import types_pb2 as types
    from teleterm.protogen.teleport.wrappers import wrappers_pb2 as wrappers

ANY = "*"
_TRAIT = re.compile(r"\{\{\s*(?:internal|external)\.([\w.-]+|\[\"[^\"]+\"\])\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Allowed and refused users and names, sorted; `*` among the allowed means any other."""

    users: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    denied_users: tuple[str, ...] = ()
    denied_names: tuple[str, ...] = ()


def allowed(
    roles: Sequence["types.RoleV6"],
    traits: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
) -> Access:
    """What the roles of a user with these traits allow on a database with these labels."""
    users: set[str] = set()
    names: set[str] = set()
    no_users: set[str] = set()
    no_names: set[str] = set()
    for role in roles:
        allow, deny = role.Spec.Allow, role.Spec.Deny
        if _matches(allow.DatabaseLabels, labels, traits):
            users.update(_expanded(allow.DatabaseUsers, traits))
            names.update(_expanded(allow.DatabaseNames, traits))
        if _matches(deny.DatabaseLabels, labels, traits):
            no_users.update(_expanded(deny.DatabaseUsers, traits))
            no_names.update(_expanded(deny.DatabaseNames, traits))
    return Access(
        users=_without(users, no_users),
        names=_without(names, no_names),
        denied_users=tuple(sorted(no_users)) if ANY in users else (),
        denied_names=tuple(sorted(no_names)) if ANY in names else (),
    )


def _without(allow: set[str], deny: set[str]) -> tuple[str, ...]:
    return () if ANY in deny else tuple(sorted(allow - deny))


def _expanded(values: Iterable[str], traits: Mapping[str, Sequence[str]]) -> list[str]:
    """The values with traits filled in; what a user has no trait for falls away."""
    found: list[str] = []
    for value in values:
        match = _TRAIT.search(value)
        if match is None:
            if "{{" not in value:
                found.append(value)
            continue
        name = match[1].removeprefix('["').removesuffix('"]')
        before, after = value[: match.start()], value[match.end() :]
        found.extend(f"{before}{trait}{after}" for trait in traits.get(name, ()) if trait)
    return found


def _matches(
    wanted: "wrappers.LabelValues",
    labels: Mapping[str, str],
    traits: Mapping[str, Sequence[str]],
) -> bool:
    if not wanted.Values:
        return False
    return all(
        _label_matches(key, _expanded(values.Values, traits), labels)
        for key, values in wanted.Values.items()
    )


def _label_matches(key: str, patterns: Sequence[str], labels: Mapping[str, str]) -> bool:
    if key == ANY:
        return ANY in patterns
    if key not in labels:
        return False
    return any(_fits(pattern, labels[key]) for pattern in patterns)


def _fits(pattern: str, value: str) -> bool:
    """A pattern is a text with `*` for anything, or a regular expression between `^` and `$`."""
    if pattern.startswith("^") and pattern.endswith("$"):
        try:
            return re.fullmatch(pattern[1:-1], value) is not None
        except re.error:
            return False
    parts = (re.escape(part) for part in pattern.split(ANY))
    return re.fullmatch(".*".join(parts), value, re.DOTALL) is not None
