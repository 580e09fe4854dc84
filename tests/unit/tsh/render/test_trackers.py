"""Sessions as documents and cells."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tsh.commands import sessions_ls
from teleterm.tsh.render import trackers

CREATED = Timestamp(seconds=1795421896)


def tracker(kind: str, **words: str) -> types.SessionTrackerV1:
    made = types.SessionTrackerV1(
        Header=types.ResourceHeader(Kind="session_tracker", Version="v1"),
        Spec=types.SessionTrackerSpecV1(
            SessionID="92561f64-62cb-48d9-9952-b844a507c067",
            State=types.SessionStateRunning,
            Kind=kind,
            Created=CREATED,
        ),
    )
    for name, text in words.items():
        setattr(made.Spec, name, text)
    made.Header.Metadata.Name = made.Spec.SessionID
    return made


def test_a_table() -> None:
    now = datetime.fromtimestamp(CREATED.seconds + 8, UTC)
    one = tracker("ssh", Login="root", Hostname="node1", HostUser="bob", Address="381f0aac")
    assert sessions_ls.draw([one], "text", now=now) == (
        "ID                                   Kind Created       User Target     Address  \n"
        "------------------------------------ ---- ------------- ---- ---------- -------- \n"
        "92561f64-62cb-48d9-9952-b844a507c067 ssh  8 seconds ago bob  root@node1 381f0aac \n\n"
    )


def test_a_document_leaves_out_what_is_empty() -> None:
    shown = trackers.document(tracker("app", AppName="web"))
    assert shown["spec"] == {
        "session_id": "92561f64-62cb-48d9-9952-b844a507c067",
        "kind": "app",
        "state": 1,
        "created": "2026-11-23T08:18:16Z",
        "expires": "0001-01-01T00:00:00Z",
        "app_name": "web",
    }


def test_where_each_kind_is() -> None:
    kube = tracker("k8s", Hostname="pod", KubernetesCluster="kube-one")
    kube.Spec.InitialCommand.extend(["sh", "-c", "ls"])
    assert (trackers.target(kube.Spec), trackers.address(kube.Spec)) == ("pod@kube-one", "sh -c ls")
    desktop = tracker("desktop", Login="admin", DesktopName="win")
    assert trackers.target(desktop.Spec) == "admin@win"
