"""Recorded sessions: which there are, and what happened in one."""

from collections.abc import AsyncIterator
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.client.auth import AuthClient
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.events import events_pb2 as events

PAGE_SIZE = 1000
# The wire's two names are the wrong way round: a server lists the newest first for 1.
_NEWEST_FIRST = auth.ASCENDING


async def ended(
    client: AuthClient, start: datetime, end: datetime, *, limit: int
) -> list[events.OneOf]:
    """The events that ended recorded sessions between two moments, the newest first."""
    found: list[events.OneOf] = []
    key = ""
    while len(found) < limit:
        request = auth.GetSessionEventsRequest(
            StartDate=_stamp(start),
            EndDate=_stamp(end),
            Limit=min(PAGE_SIZE, limit - len(found)),
            StartKey=key,
            Order=_NEWEST_FIRST,
        )
        answer = await client.call(client.stub.GetSessionEvents, request)
        found += answer.Items
        key = answer.LastKey
        if not key:
            break
    return found[:limit]


def stream(client: AuthClient, session: str) -> AsyncIterator[events.OneOf]:
    """Everything that happened in a session, in order.

    Raises: Refused (NOT_FOUND) when it wasn't recorded, on the first step.
    """
    request = auth.StreamSessionEventsRequest(SessionID=session)
    return client.stream(client.stub.StreamSessionEvents, request, timeout_s=None)


def _stamp(moment: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(moment)
    return made
