"""Recordings of sessions on terminals, as the events that `tsh play` reads. Kept in memory."""

import datetime
import uuid
from collections import OrderedDict
from typing import TypedDict

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.demo.sessions import ActiveSession
from teleterm.model.clock import Clock
from teleterm.protogen.teleport.events import events_pb2 as events

_MOST_RECORDINGS = 500
_MOST_BYTES = 8 * 1024 * 1024


class Recorder:
    """Writes down one session."""

    def __init__(
        self, session: ActiveSession, clock: Clock, size: str, command: str | None
    ) -> None:
        self.session = session
        self.size = size
        self.events: list[events.OneOf] = []
        self.has_ended = False
        self._clock = clock
        self._bytes = 0
        self._prints = 0
        self._people = [session.user]
        start = events.SessionStart(
            Metadata=self._metadata("session.start", "T2000I"),
            **self._who(session.user),
            TerminalSize=size,
            InitialCommand=[command] if command else [],
            SessionRecording="node",
        )
        self._started = self._clock.now()
        self._add(events.OneOf(SessionStart=start))

    def print(self, data: bytes) -> None:
        """Write down output; after too much of it the rest is left out."""
        if self._bytes + len(data) > _MOST_BYTES:
            return
        delay = self._clock.now() - self._started
        piece = events.SessionPrint(
            Metadata=self._metadata("print", ""),
            ChunkIndex=self._prints,
            Data=data,
            Bytes=len(data),
            DelayMilliseconds=int(delay / datetime.timedelta(milliseconds=1)),
            Offset=self._bytes,
        )
        self._bytes += len(data)
        self._prints += 1
        self._add(events.OneOf(SessionPrint=piece))

    def resize(self, size: str) -> None:
        """Write down a new size, `columns:rows`."""
        event = events.Resize(
            Metadata=self._metadata("resize", "T2002I"),
            **self._who(self.session.user),
            TerminalSize=size,
        )
        self._add(events.OneOf(Resize=event))

    def join(self, user: str) -> None:
        """Write down that somebody came."""
        if user not in self._people:
            self._people.append(user)
        event = events.SessionJoin(
            Metadata=self._metadata("session.join", "T2001I"), **self._who(user)
        )
        self._add(events.OneOf(SessionJoin=event))

    def leave(self, user: str) -> None:
        """Write down that somebody went."""
        event = events.SessionLeave(
            Metadata=self._metadata("session.leave", "T2003I"), **self._who(user)
        )
        self._add(events.OneOf(SessionLeave=event))

    def end(self) -> None:
        """Write down the end."""
        event = events.SessionEnd(
            Metadata=self._metadata("session.end", "T2004I"),
            **self._who(self.session.user),
            Interactive=True,
            Participants=self._people,
            StartTime=_stamp(self._started),
            EndTime=_stamp(self._clock.now()),
            SessionRecording="node",
        )
        event.Metadata.ID = str(uuid.uuid4())
        self._add(events.OneOf(SessionEnd=event))
        self.has_ended = True

    def _add(self, event: events.OneOf) -> None:
        self.events.append(event)

    def _metadata(self, kind: str, code: str) -> events.Metadata:
        return events.Metadata(
            Index=len(self.events),
            Type=kind,
            Code=code,
            Time=_stamp(self._clock.now()),
            ClusterName=self.session.cluster,
        )

    def _who(self, user: str) -> "_Who":
        session = self.session
        return {
            "User": events.UserMetadata(User=user, Login=session.login, UserKind=1),
            "Session": events.SessionMetadata(SessionID=session.id),
            "Server": events.ServerMetadata(
                ServerNamespace="default",
                ServerID=session.node.uuid,
                ServerHostname=session.node.hostname,
                ServerLabels=dict(session.node.labels),
            ),
            "Connection": events.ConnectionMetadata(RemoteAddr="127.0.0.1:0", Protocol="ssh"),
        }


class _Who(TypedDict):
    User: events.UserMetadata
    Session: events.SessionMetadata
    Server: events.ServerMetadata
    Connection: events.ConnectionMetadata


class Recordings:
    """All recordings; the oldest go first when there are too many."""

    def __init__(self) -> None:
        self._recorders: OrderedDict[str, Recorder] = OrderedDict()

    def begin(
        self, session: ActiveSession, clock: Clock, size: str, command: str | None
    ) -> Recorder:
        """Start one."""
        recorder = Recorder(session, clock, size, command)
        self._recorders[session.id] = recorder
        while len(self._recorders) > _MOST_RECORDINGS:
            self._recorders.popitem(last=False)
        return recorder

    def events_of(self, cluster: str, ident: str) -> list[events.OneOf] | None:
        """What happened in a session of a cluster; None if nothing was recorded."""
        found = self._recorders.get(ident)
        return list(found.events) if found and found.session.cluster == cluster else None

    def ended(
        self, cluster: str, start: datetime.datetime, end: datetime.datetime
    ) -> list[events.OneOf]:
        """The last events of the sessions that ended between two moments, the newest first."""
        found = [
            recorder.events[-1]
            for recorder in self._recorders.values()
            if recorder.has_ended and recorder.session.cluster == cluster
        ]
        kept = [one for one in found if start <= _moment(one) <= end]
        return sorted(kept, key=_moment, reverse=True)


def _moment(event: events.OneOf) -> datetime.datetime:
    return event.SessionEnd.Metadata.Time.ToDatetime(datetime.UTC)


def _stamp(moment: datetime.datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(moment)
    return made
