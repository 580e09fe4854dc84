"""Listing: kinds, order, words and pages."""

import datetime

import pytest

from teleterm.demo import inventory, listing
from teleterm.demo.authorities import ClusterAuthorities
from teleterm.model.errors import BadInput, Refused

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def root() -> inventory.DemoMember:
    return inventory.root_member(ClusterAuthorities("demo.localhost", NOW), offline={})


def names(page: listing.Page) -> list[str]:
    return [one.Node.Spec.Hostname or one.DatabaseServer.Metadata.Name for one in page.resources]


def query(**changes: object) -> listing.Query:
    wanted: dict[str, object] = {"kinds": frozenset({"node", "db"}), "labels": {}} | changes
    return listing.Query(**wanted)  # type: ignore[arg-type]  # keywords of one type each


def test_sorts_by_name_or_kind_either_way(root: inventory.DemoMember) -> None:
    by_name = listing.list_page(root, query(), ())
    assert names(by_name) == ["archive", "build", "orders", "stock", "visits", "web-1", "web-2"]
    by_kind = listing.list_page(root, query(sort_field="kind", is_descending=True), ())
    assert names(by_kind) == ["web-2", "web-1", "build", "visits", "stock", "orders", "archive"]


def test_pages_name_the_first_item_of_the_next(root: inventory.DemoMember) -> None:
    seen: list[str] = []
    start_key = ""
    for _ in range(4):
        page = listing.list_page(root, query(limit=2, start_key=start_key), ())
        assert page.total == 7
        seen += names(page)
        start_key = page.next_key
    assert start_key == ""
    assert seen == ["archive", "build", "orders", "stock", "visits", "web-1", "web-2"]


def test_filters_by_everything_at_once(root: inventory.DemoMember) -> None:
    wanted = query(
        kinds=frozenset({"node"}),
        labels={"env": "demo"},
        words=("WEB",),
        predicate='labels["region"] == "south"',
    )
    assert names(listing.list_page(root, wanted, ())) == ["web-2"]


def test_kube_clusters_and_apps_are_listed_too(root: inventory.DemoMember) -> None:
    page = listing.list_page(root, query(kinds=frozenset({"kube_cluster", "app"})), ())
    assert [listing.key_of(one).split("/")[::2] for one in page.resources] == [
        ["echo", "app"],
        ["ports", "app"],
        ["staging", "kube_cluster"],
        ["tools", "kube_cluster"],
        ["wiki", "app"],
    ]


def test_logins_come_with_nodes(root: inventory.DemoMember) -> None:
    page = listing.list_page(root, query(), ("alice",))
    assert [list(one.Logins) for one in page.resources] == [
        [],
        ["alice"],
        [],
        [],
        [],
        *[["alice"]] * 2,
    ]


def test_kinds_that_are_unknown_are_refused() -> None:
    assert listing.unified_kinds([]) == listing.UNIFIED_KINDS
    assert listing.unified_kinds(["node", "db_server"]) == {"node"}
    with pytest.raises(Refused):
        listing.unified_kinds(["db_server", "app_server"])
    assert listing.server_kinds("db_server") == {"db"}
    with pytest.raises(BadInput):
        listing.server_kinds("db")


def test_bad_queries_are_the_callers_fault(root: inventory.DemoMember) -> None:
    with pytest.raises(BadInput, match="predicate"):
        listing.list_page(root, query(predicate="name ="), ())
    with pytest.raises(BadInput, match="sorting"):
        listing.list_page(root, query(sort_field="colour"), ())
