"""Recorded sessions: which there are, and what happened in one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.client.auth import AuthClient
from teleterm.model.errors import BadInput
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.events import events_pb2 as events
from teleterm.wire import recording_file

PAGE_SIZE = 1000
_READ_BYTES = 256 * 1024
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


async def of_file(path: Path) -> AsyncIterator[events.OneOf]:
    """Everything that a recording in a file holds, in order; what stands there twice, once.

    Raises: BadInput when there is no such file, or it is no recording or damaged.
    """
    decoder = recording_file.Decoder()
    last = -1
    try:
        with path.open("rb") as file:
            while data := await asyncio.to_thread(file.read, _READ_BYTES):
                for record in decoder.feed(data):
                    event = _event(record)
                    index = _index(event)
                    if index > last:
                        last = index
                        yield event
    except OSError as error:
        why = (error.strerror or "").lower()
        raise BadInput(f"open {path}: {why}", field="recording", value=str(path)) from error
    decoder.close()


def _event(record: bytes) -> events.OneOf:
    try:
        return events.OneOf.FromString(record)
    except DecodeError:
        raise BadInput("The recording is damaged.", field="recording") from None


def _index(event: events.OneOf) -> int:
    """The number of an event; those of a kind we don't know are left out."""
    name = event.WhichOneof("Event")
    if name is None:
        return -1
    found: int = getattr(event, name).Metadata.Index
    return found
