"""Sessions that go on and recordings, asked from `tsh`: the daemon's API knows neither."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from teleterm.bridge.ask_sessions import ListSessions, Sessions, SessionView
from teleterm.bridge.contract import Reply, TshSpec
from teleterm.main import refusals
from teleterm.main.clusters import Clusters
from teleterm.main.commands import Commands
from teleterm.main.desk import Desk, Refusal
from teleterm.model.errors import ErrorCode, PeerBroke, Refused, TeletermError, Unreachable
from teleterm.osutil import procs

TIMEOUT_S = 40.0
MOST = 500
LAST = "168h"
LINES = {
    "active": "sessions ls --format=json",
    "recorded": f"recordings ls --format=json --last={LAST} --limit={MOST}",
}
T = TypeVar("T")
_LOGIN_WANTED = re.compile(r"not logged in|expired|relogin|log ?in again", re.IGNORECASE)


class Person(msgspec.Struct):
    """Somebody in a session."""

    user: str = ""


class Spec(msgspec.Struct):
    """What is said of a session that goes on. Source: cluster-login.md 8.3."""

    session_id: str
    kind: str = ""
    state: int = 0
    created: str = ""
    login: str = ""
    target_hostname: str = ""
    kubernetes_cluster: str = ""
    database_name: str = ""
    app_name: str = ""
    desktop_name: str = ""
    participants: list[Person] = []


class Tracker(msgspec.Struct):
    """A session that goes on."""

    spec: Spec


class Ended(msgspec.Struct):
    """The event at the end of a recorded session."""

    sid: str
    event: str = ""
    time: str = ""
    proto: str = ""
    login: str = ""
    user: str = ""
    server_hostname: str = ""
    kubernetes_cluster: str = ""
    db_service: str = ""
    app_name: str = ""
    desktop_name: str = ""
    participants: list[str] = []
    session_start: str = ""
    session_stop: str = ""


class SessionLists:
    """Answers the page of sessions."""

    def __init__(self, clusters: Clusters, commands: Callable[[], Commands]) -> None:
        self._clusters, self._commands = clusters, commands

    def register(self, desk: Desk) -> None:
        """Take the window's request."""
        desk.on(ListSessions, self._list)

    async def _list(self, request: ListSessions) -> Reply:
        what = "sessions" if request.which == "active" else "recordings"
        subject = self._clusters.subject(request.cluster_uri, f"list the {what}")
        try:
            spec = TshSpec(line=LINES[request.which], cluster_uri=request.cluster_uri)
            command = self._commands().make(spec)
            done = await asyncio.to_thread(
                procs.run, command.argv, timeout_s=TIMEOUT_S, env=command.env, cwd=command.cwd
            )
            if done.status:
                raise _why(done.err.decode("utf-8", "replace"))
            found = (active if request.which == "active" else recorded)(done.out)
        except TeletermError as error:
            raise Refusal(refusals.explain(error, subject)) from None
        return Sessions(sessions=found[:MOST])


def _why(said: str) -> TeletermError:
    """What `tsh` complained of."""
    words = said.strip().removeprefix("ERROR: ") or "tsh said nothing."
    if _LOGIN_WANTED.search(words):
        return Refused(words, code=ErrorCode.NEEDS_LOGIN)
    if "access denied" in words.lower():
        return Refused(words, code=ErrorCode.DENIED)
    return Unreachable(words.splitlines()[0], code=ErrorCode.UNKNOWN, details=words)


def active(data: bytes) -> tuple[SessionView, ...]:
    """The sessions that go on, as `tsh sessions ls` writes them, the newest first.

    Raises: PeerBroke.
    """
    found = [
        SessionView(
            id=one.spec.session_id,
            kind=one.spec.kind,
            target=_target(one.spec),
            people=tuple(person.user for person in one.spec.participants if person.user),
            began_at=_moment(one.spec.created),
            is_waiting=one.spec.state == 0,
        )
        for one in _decoded(data, list[Tracker])
    ]
    return tuple(sorted(found, key=lambda one: -one.began_at))


def recorded(data: bytes) -> tuple[SessionView, ...]:
    """The recordings, as `tsh recordings ls` writes them, the newest first.

    Raises: PeerBroke.
    """
    found = []
    for one in _decoded(data, list[Ended]):
        ended = _moment(one.session_stop or one.time)
        began = _moment(one.session_start) or ended
        found.append(
            SessionView(
                id=one.sid,
                kind=_kind(one),
                target=_ended_target(one),
                people=tuple(one.participants) or ((one.user,) if one.user else ()),
                began_at=began,
                lasted_s=max(0.0, ended - began),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.began_at))


def _decoded(data: bytes, kind: type[list[T]]) -> list[T]:
    """The rows; `null` is none."""
    try:
        return msgspec.json.decode(data or b"[]", type=kind | None) or []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PeerBroke("tsh wrote a list that can't be read.", details=str(error)) from None


def _target(spec: Spec) -> str:
    match spec.kind:
        case "ssh":
            return f"{spec.login}@{spec.target_hostname}"
        case "k8s":
            return spec.kubernetes_cluster
        case "db":
            return spec.database_name
        case "app":
            return spec.app_name
        case "desktop":
            return f"{spec.login}@{spec.desktop_name}"
        case _:
            return spec.target_hostname


def _kind(one: Ended) -> str:
    if one.event.startswith("windows."):
        return "desktop"
    for start in ("db", "app"):
        if one.event.startswith(f"{start}."):
            return start
    return "k8s" if one.proto == "kube" else one.proto or "ssh"


def _ended_target(one: Ended) -> str:
    name = one.kubernetes_cluster or one.desktop_name or one.db_service or one.app_name
    if one.server_hostname:
        name = f"{one.login}@{one.server_hostname}" if one.login else one.server_hostname
    return name


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else 0.0
    except ValueError:
        return 0.0
