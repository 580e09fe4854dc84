"""What the window knows, and how it says how long a login lasts."""

import time

import pytest

from teleterm.bridge.views import ClusterView, CountView
from teleterm.ui.store import Store, is_usable, locked_text, login_state, time_left

NOW = 1_000_000.0
ROOT, LEAF = "/clusters/prod", "/clusters/prod/leaves/eu"


def cluster(uri: str = ROOT, **changes: object) -> ClusterView:
    fields: dict[str, object] = {
        "uri": uri,
        "root_uri": ROOT,
        "title": "prod",
        "is_logged_in": True,
        "expires_at": NOW + 3600,
    }
    return ClusterView(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (7 * 3600 + 12 * 60 + 5, "7h 12m"),
        (3600, "1h 00m"),
        (14 * 60, "14m"),
        (20, "1m"),
        (0, "expired"),
    ],
)
def test_time_left(seconds: int, words: str) -> None:
    assert time_left(NOW + seconds, NOW) == words


def test_a_locked_page_says_when_the_login_ended() -> None:
    at = time.strftime("%H:%M", time.localtime(NOW - 1))
    ended = f"Your login on prod ended at {at}. Log in to go on."
    assert locked_text(cluster(expires_at=NOW - 1), NOW, "prod") == ended
    assert locked_text(cluster(is_logged_in=False, expires_at=0), NOW, "prod") == (
        "Log in to prod to go on."
    )


def test_the_state_of_a_login() -> None:
    assert login_state(cluster(), NOW) == ("1h 00m", "muted")
    assert login_state(cluster(expires_at=NOW + 600), NOW) == ("10m", "warning")
    assert login_state(cluster(expires_at=NOW - 1), NOW) == ("expired", "warning")
    assert login_state(cluster(is_logged_in=False, expires_at=0), NOW) == ("log in", "warning")
    assert login_state(cluster(problem="broken"), NOW) == ("", "danger")


def test_an_expired_cluster_is_not_usable() -> None:
    assert is_usable(cluster(), NOW)
    assert not is_usable(cluster(expires_at=NOW), NOW)
    assert not is_usable(None, NOW)


def test_a_resource_belongs_to_its_leaf_and_root() -> None:
    store = Store()
    store.set_clusters((cluster(), cluster(LEAF, is_leaf=True)))
    uri = f"{LEAF}/servers/uuid"
    leaf, root = store.cluster_of(uri), store.root_of(uri)
    assert leaf is not None
    assert leaf.uri == LEAF
    assert root is not None
    assert root.uri == ROOT
    assert [c.uri for c in store.leaves(ROOT)] == [LEAF]
    assert store.cluster_of("/clusters/other/servers/x") is None


def test_counts_add_to_what_is_known() -> None:
    store, heard = Store(), []
    store.listen("counts", lambda: heard.append(1))
    store.set_counts(ROOT, (CountView(kind="servers", state="counting"),))
    store.set_counts(ROOT, (CountView(kind="databases", state="counted", count=3),))
    assert set(store.counts[ROOT]) == {"servers", "databases"}
    assert len(heard) == 2


def test_a_listener_that_left_hears_nothing() -> None:
    store, heard = Store(), []

    def listener() -> None:
        heard.append(1)

    store.listen("recent", listener)
    store.unlisten("recent", listener)
    store.changed("recent")
    assert heard == []
