import json

import pytest

from teleterm.bridge.ask_sessions import SessionView
from teleterm.main.sessions import active, recorded
from teleterm.model.errors import PeerBroke

BEGAN = 1_780_000_000.0
STAMP = "2026-05-28T20:26:40Z"


def tracker(**changes: object) -> bytes:
    spec: dict[str, object] = {
        "session_id": "1",
        "kind": "ssh",
        "state": 1,
        "created": STAMP,
        "login": "root",
        "target_hostname": "node1",
        "participants": [{"user": "bob", "mode": "peer"}, {"mode": "observer"}],
    }
    return json.dumps([{"kind": "session_tracker", "spec": spec | changes}]).encode()


def test_a_session_that_goes_on() -> None:
    assert active(tracker()) == (
        SessionView(id="1", kind="ssh", target="root@node1", people=("bob",), began_at=BEGAN),
    )


@pytest.mark.parametrize(
    ("kind", "name", "target"),
    [
        ("k8s", "kubernetes_cluster", "x"),
        ("db", "database_name", "x"),
        ("app", "app_name", "x"),
        ("desktop", "desktop_name", "root@x"),
    ],
)
def test_where_the_other_kinds_are(kind: str, name: str, target: str) -> None:
    (found,) = active(tracker(kind=kind, **{name: "x"}))
    assert found.target == target


def test_one_that_waits_and_one_without_a_time() -> None:
    (found,) = active(tracker(state=0, created="soon"))
    assert (found.is_waiting, found.began_at) == (True, 0.0)


def test_a_recording() -> None:
    event = {
        "sid": "2",
        "event": "session.end",
        "proto": "ssh",
        "login": "root",
        "server_hostname": "node1",
        "participants": ["bob"],
        "session_start": STAMP,
        "session_stop": "2026-05-28T20:28:40Z",
    }
    (found,) = recorded(json.dumps([event]).encode())
    assert found == SessionView(
        id="2",
        kind="ssh",
        target="root@node1",
        people=("bob",),
        began_at=BEGAN,
        lasted_s=120.0,
    )


def test_recordings_of_databases_and_desktops() -> None:
    events = [
        {"sid": "1", "event": "db.session.end", "db_service": "orders", "time": STAMP},
        {"sid": "2", "event": "windows.desktop.session.end", "desktop_name": "w", "user": "bob"},
    ]
    found = recorded(json.dumps(events).encode())
    assert [(one.kind, one.target) for one in found] == [("db", "orders"), ("desktop", "w")]


@pytest.mark.parametrize("data", [b"", b"null", b"[]"])
def test_none(data: bytes) -> None:
    assert active(data) == recorded(data) == ()


@pytest.mark.parametrize("data", [b"{}", b"[7]", b"\xff", b"ERROR: no", b'[{"spec": {}}]'])
def test_what_no_tsh_writes(data: bytes) -> None:
    with pytest.raises(PeerBroke):
        active(data)
