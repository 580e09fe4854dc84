"""Users and names of databases that roles allow."""

from collections.abc import Mapping, Sequence

import pytest

from teleterm.client.database_access import Access, allowed
from teleterm.protogen.teleport.types import types_pb2 as types

ANYWHERE = {"*": ["*"]}


def role(
    labels: Mapping[str, Sequence[str]] | None = None,
    users: Sequence[str] = (),
    names: Sequence[str] = (),
    *,
    deny: bool = False,
) -> types.RoleV6:
    found = types.RoleV6()
    part = found.Spec.Deny if deny else found.Spec.Allow
    for key, values in (ANYWHERE if labels is None else labels).items():
        part.DatabaseLabels.Values[key].Values.extend(values)
    part.DatabaseUsers.extend(users)
    part.DatabaseNames.extend(names)
    return found


def test_traits_are_filled_in() -> None:
    roles = [role(users=["{{internal.db_users}}", "x-{{external.team}}", "{{internal.none}}"])]
    traits = {"db_users": ["reader", "alice"], "team": ["web"]}
    assert allowed(roles, traits, {}).users == ("alice", "reader", "x-web")


def test_functions_in_templates_are_left_to_the_cluster() -> None:
    assert (
        allowed([role(users=["{{email.local(external.email)}}"])], {"email": ["a@b"]}, {})
        == Access()
    )


@pytest.mark.parametrize(
    ("labels", "fits"),
    [
        ({"*": ["*"]}, True),
        ({"env": ["prod"]}, True),
        ({"env": ["test", "prod"]}, True),
        ({"env": ["pr*"]}, True),
        ({"env": ["^pr.d$"]}, True),
        ({"env": ["test"]}, False),
        ({"env": ["prod"], "team": ["web"]}, False),
        ({"env": ["^("]}, False),
        ({"env": ["^($"]}, False),
        ({}, False),
    ],
)
def test_labels(labels: dict[str, list[str]], fits: bool) -> None:
    users = allowed([role(labels, ["alice"])], {}, {"env": "prod"}).users
    assert users == (("alice",) if fits else ())


def test_refusals_win() -> None:
    roles = [role(users=["alice", "root"]), role({"env": ["prod"]}, ["root"], deny=True)]
    assert allowed(roles, {}, {"env": "prod"}).users == ("alice",)
    assert allowed(roles, {}, {"env": "test"}).users == ("alice", "root")
    everybody = [role(users=["*"]), role(users=["root"], deny=True)]
    assert allowed(everybody, {}, {}) == Access(users=("*",), denied_users=("root",))
    assert allowed([role(users=["a"]), role(users=["*"], deny=True)], {}, {}) == Access()
