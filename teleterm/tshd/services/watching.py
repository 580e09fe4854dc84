"""What changes in a cluster, told by its auth server: waiting for one resource."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from teleterm.client.auth import AuthClient
from teleterm.model.errors import PeerBroke, Unreachable
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2 as types

_CHANGE_S = 15.0


@asynccontextmanager
async def change(server: AuthClient, kind: str, name: str) -> AsyncIterator[None]:
    """Wait after the block until the cluster tells of the change that the block made.

    Raises: Unreachable when it doesn't.
    """
    stream = events(server, kind)
    try:
        async with asyncio.timeout(_CHANGE_S):
            await until_ready(stream)
            yield
            await until_put(stream, kind, name)
    except TimeoutError as error:
        raise Unreachable(f"The cluster did not take over the {kind} {name} in time.") from error
    finally:
        await stream.aclose()


def events(server: AuthClient, kind: str) -> AsyncGenerator[auth.Event, None]:
    """What happens to resources of a kind, from now on."""
    watch = auth.Watch(Kinds=[types.WatchKind(Kind=kind)])
    return server.stream(server.stub.WatchEvents, watch, timeout_s=None)


async def until_ready(stream: AsyncGenerator[auth.Event, None]) -> None:
    """Raises: PeerBroke when the first event isn't the one that says so."""
    first = await anext(stream, None)
    if first is None or first.Type != auth.INIT:
        raise PeerBroke("The cluster did not begin to tell of changes.")


async def until_put(stream: AsyncGenerator[auth.Event, None], kind: str, name: str) -> auth.Event:
    """The event that says that a resource is there, or has changed."""
    async for event in stream:
        if event.Type != auth.PUT:
            continue
        found = {
            "user": event.User.Metadata, "role": event.Role.Metadata, "node": event.Server.Metadata
        }  # fmt: skip
        if found[kind].Name == name:
            return event
    raise Unreachable("The cluster stopped telling of changes.", hint="Try again.")
