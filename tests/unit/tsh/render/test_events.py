"""Events of recordings as documents; the expected ones were printed by the official tsh 18.3."""

import json

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.protogen.teleport.events import events_pb2 as events
from teleterm.protogen.teleport.wrappers import wrappers_pb2 as wrappers
from teleterm.tsh.render import events as rendering


def metadata(kind: str, index: int) -> events.Metadata:
    return events.Metadata(
        Index=index,
        Type=kind,
        Time=Timestamp(seconds=1795421582, nanos=980_000_000),
        ClusterName="root.demo",
    )


def test_a_print_keeps_its_zeros() -> None:
    event = events.SessionPrint(Metadata=metadata("print", 1), Data=b"recorded\r\n", Bytes=10)
    assert (
        rendering.to_json(rendering.document(event))
        == """{
    "ei": 1,
    "event": "print",
    "time": "2026-11-23T08:13:02.98Z",
    "cluster_name": "root.demo",
    "ci": 0,
    "bytes": 10,
    "ms": 0,
    "offset": 0
}"""
    )


def test_parts_are_laid_flat_and_empty_ones_left_out() -> None:
    traits = wrappers.LabelValues(Values={"logins": wrappers.StringValues(Values=["root"])})
    event = events.SessionStart(
        Metadata=metadata("session.start", 0),
        User=events.UserMetadata(User="bob", UserKind=1, UserRoles=["access"], UserTraits=traits),
        Session=events.SessionMetadata(SessionID="1"),
        Server=events.ServerMetadata(ServerLabels={"tier": "front", "env": "test"}),
        TerminalSize="80:25",
    )
    shown = rendering.document(event)
    assert list(shown) == [
        "ei", "event", "time", "cluster_name", "user", "user_kind", "user_roles", "user_traits",
        "sid", "server_id", "server_labels", "size",
    ]  # fmt: skip
    assert shown["user_traits"] == {"logins": ["root"]}
    assert list(shown["server_labels"]) == ["env", "tier"]  # type: ignore[arg-type]


def test_an_end_without_people_says_null() -> None:
    shown = rendering.document(events.SessionEnd())
    assert shown["participants"] is None
    assert shown["interactive"] is False


def test_marks_that_steer_a_terminal_or_a_page_are_spelled() -> None:
    text = rendering.to_json({"a": "<\x1b\x9b\u202e>"})
    assert text == '{\n    "a": "\\u003c\\u001b\\u009b\\u202e\\u003e"\n}'


def test_what_is_printed_is_json() -> None:
    value = rendering.document(events.SessionData(Metadata=metadata("session.data", 3)))
    assert json.loads(rendering.to_json(value)) == value


def test_an_unknown_event_is_none() -> None:
    assert rendering.inner(events.OneOf()) is None
