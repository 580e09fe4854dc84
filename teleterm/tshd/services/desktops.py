"""Desktop sessions: a stream of messages both ways, and the folder that a desktop may use.

Source: terminal_service.md 10.7. Where the reference leaves a request for a file unanswered when
it fails, this one answers that it failed.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from teleterm.client.desktop import DesktopLink, connect
from teleterm.model.errors import BadInput, ErrorCode, PeerBroke, Refused, Unreachable
from teleterm.model.uri import ResourceKind, ResourceUri, parse_resource
from teleterm.osutil import tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshd.services import folder_requests
from teleterm.tshd.services.connections import Connections
from teleterm.tshd.services.shared_folder import SharedFolder
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import decode, encode
from teleterm.wire.tdp.messages import Alert, Severity

Requests = AsyncIterator[pb.ConnectToDesktopRequest]


@dataclass(slots=True)
class Session:
    """A living session and the folder it may use."""

    folder: SharedFolder | None = None
    warned: set[str] = field(default_factory=set)


class Desktops:
    """One session for each desktop and login."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._sessions: dict[tuple[str, str], Session] = {}

    async def run(self, requests: Requests) -> AsyncIterator[bytes]:
        """Give every message of the desktop; those of the window come in `requests`.

        Raises: BadInput for a wrong first message, Refused when the session exists already, and
                what connecting raises.
        """
        uri, login = _target(await anext(requests, None))
        key = (str(uri), login)
        if key in self._sessions:
            raise Refused(
                f'session for desktop "{uri}" and login "{login}" already exists',
                code=ErrorCode.ALREADY_EXISTS,
            )
        session = self._sessions[key] = Session()
        try:
            async with self._connections.client(uri.cluster) as client:
                cluster = uri.cluster.leaf or client.root
                link = await connect(client, uri.name, login, cluster=cluster)
                async for message in _both_ways(session, link, requests):
                    yield message
        finally:
            del self._sessions[key]
            if session.folder is not None:
                session.folder.close()

    async def share(self, request: pb.SetSharedDirectoryForDesktopSessionRequest) -> None:
        """Let a living session use a folder; the window then announces it to the desktop.

        Raises: BadInput without a session or a folder, Refused when there is one already.
        """
        uri = parse_resource(request.desktop_uri)
        session = self._sessions.get((str(uri), request.login))
        if session is None:
            raise BadInput(
                f'there is no desktop session for desktop {uri} and login "{request.login}"',
                field="desktop_uri",
            )
        if session.folder is not None:
            raise Refused(
                f'directory is already shared for desktop "{uri.name}" and "{request.login}" login',
                code=ErrorCode.ALREADY_EXISTS,
            )
        session.folder = await asyncio.to_thread(SharedFolder, request.path)


def _target(first: pb.ConnectToDesktopRequest | None) -> tuple[ResourceUri, str]:
    if first is None or not (first.target_desktop.desktop_uri and first.target_desktop.login):
        raise BadInput("first message must contain a target desktop", field="target_desktop")
    if first.data:
        raise BadInput("first message must not contain data", field="data")
    uri = parse_resource(first.target_desktop.desktop_uri)
    if uri.kind is not ResourceKind.DESKTOP:
        raise BadInput(f'invalid desktop URI "{uri}"', field="desktop_uri", value=str(uri))
    return uri, first.target_desktop.login


async def _both_ways(
    session: Session, link: DesktopLink, requests: Requests
) -> AsyncIterator[bytes]:
    """Give what comes from the desktop until either side ends.

    Raises: what went wrong on the window's side, or the desktop's.
    """
    up = tasks.spawn(_up(link, requests), name="desktop, from the window")
    up.add_done_callback(lambda _: link.abort())
    try:
        async for message in _for_window(session, link):
            yield message
    except Unreachable:
        if not up.done():
            raise
    finally:
        up.cancel()
        await link.close()
        await asyncio.wait({up})
    if not up.cancelled():
        up.result()


async def _up(link: DesktopLink, requests: Requests) -> None:
    async for request in requests:
        if request.HasField("target_desktop"):
            raise BadInput("target desktop can be sent only in the first message")
        try:
            kind = decode(request.data, files.ALL).TYPE
        except PeerBroke as error:
            raise BadInput(
                f"could not decode desktop message: {error.message}", field="data"
            ) from None
        if kind in files.ANSWERS:
            raise Refused(
                "disallowed desktop message:"
                " file system messages are not allowed from the renderer process"
            )
        await link.send(request.data)


async def _for_window(session: Session, link: DesktopLink) -> AsyncIterator[bytes]:
    """The desktop's messages but those about files, which are answered here."""
    async for data in link.messages():
        if data[0] not in files.REQUESTS:
            yield data
            continue
        reply, trouble = await asyncio.to_thread(
            folder_requests.answer, session.folder, decode(data, files.REQUESTS)
        )
        await link.tell(reply)
        if trouble and trouble not in session.warned:
            session.warned.add(trouble)
            yield encode(Alert(trouble, Severity.WARNING))
