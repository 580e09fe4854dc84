"""Names one may connect to a database as."""

import datetime

import pytest

from teleterm.client.identity import Identity
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services.database_users import allowed

IDENTITY = Identity(
    username="alice",
    cluster="root",
    valid_until=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC),
    traits={"db_users": ("reader", "writer")},
)


def role(users: list[str], denied: list[str] | None = None, **labels: str) -> types.RoleV6:
    """A role that allows and denies users on databases with these labels (any, without)."""
    found = types.RoleV6()
    for rules, names in ((found.Spec.Allow, users), (found.Spec.Deny, denied or [])):
        rules.DatabaseUsers.extend(names)
        for name, value in (labels or {"*": "*"}).items():
            rules.DatabaseLabels.Values[name].Values.append(value)
    return found


def database(**labels: str) -> types.DatabaseV3:
    """A database with these labels."""
    return types.DatabaseV3(Metadata=types.Metadata(Name="db", Labels=labels))


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [
        ([role(["b", "a"])], ["a", "b"]),
        ([role(["*", "a"])], ["a"]),
        ([role(["a"], env="prod")], ["a"]),
        ([role(["a"], env="test")], []),
        ([role(["a"], env="pr*")], ["a"]),
        ([role(["a"], env="^p.+d$")], ["a"]),
        ([role(["a"], env="^[$")], []),
        ([role(["a", "b"]), role([], denied=["b"])], ["a"]),
        ([role(["a", "b"]), role([], denied=["*"])], []),
        ([role(["{{internal.db_users}}"])], ["reader", "writer"]),
        ([role(["{{external.none}}", ""])], []),
    ],
)
def test_allowed(roles: list[types.RoleV6], wanted: list[str]) -> None:
    assert allowed(roles, database(env="prod"), IDENTITY) == wanted


def test_a_role_without_labels_selects_nothing() -> None:
    bare = types.RoleV6()
    bare.Spec.Allow.DatabaseUsers.append("a")
    assert allowed([bare], database(), IDENTITY) == []
