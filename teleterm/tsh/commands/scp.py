"""`tsh scp`: copies files to or from nodes."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client import copying
from teleterm.model.errors import BadInput, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import quick_ssh, reach, targets
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    import asyncssh

    from teleterm.client.cluster import ClusterClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A path here (no host) or on a node."""

    path: str
    host: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether it is on a node."""
        return bool(self.host)


def run(parsed: Parsed) -> int:
    """Copy."""
    places = [parse(text) for text in parsed.many("from, to")]
    if len(places) < 2:
        raise BadInput("local and remote destinations are required", field="from, to")
    sources, destination = places[:-1], places[-1]
    check(sources, destination)
    context = contexts.start(parsed)
    quick_ssh.load()

    async def work(client: "ClusterClient") -> int:
        await _copy(client, context, sources, destination)
        return 0

    return contexts.wait(context.with_cluster(work))


def parse(text: str) -> Place:
    """Read `[login@]host:path`, an IPv6 address in brackets; anything else is a path here."""
    login, at, rest = text.partition("@")
    before = login + at if at and "/" not in login and ":" not in login else ""
    rest = rest if before else text
    if rest.startswith("["):
        host, bracket, path = rest[1:].partition("]:")
        return Place(host=before + host, path=path) if bracket else Place(path=text)
    host, colon, path = rest.partition(":")
    is_drive = len(host) == 1 and not before and path[:1] in ("\\", "/")
    if not colon or "/" in host or is_drive:
        return Place(path=text)
    return Place(host=before + host, path=path or ".")


def check(sources: Sequence[Place], destination: Place) -> None:
    """Make sure one side is here and the other on one node.

    Raises: BadInput.
    """
    hosts = {source.host for source in sources}
    if len(hosts) > 1:
        raise BadInput("all sources must be on the same side", field="from")
    if sources[0].is_remote and destination.is_remote:
        raise BadInput("copying from one node to another is not supported", field="to")
    if not sources[0].is_remote and not destination.is_remote:
        raise BadInput(
            "no remote destination specified: name one side as [login@]host:path", field="to"
        )


async def _copy(
    client: "ClusterClient", context: Context, sources: Sequence[Place], destination: Place
) -> None:
    import asyncssh

    from teleterm.client import ssh

    parsed = context.parsed
    remote = destination if destination.is_remote else sources[0]
    target = targets.parse(remote.host, login=parsed.text("login"), port=parsed.number("port"))
    for node in await targets.nodes(client, target):
        place = ssh.SshTarget(
            host=node.host,
            login=target.login,
            port=target.port,
            resumes=not parsed.is_on("no-resume"),
        )
        connection = await reach.node(client, place, node.shown)
        try:
            async with connection.start_sftp_client() as sftp:
                await _transfer(sftp, sources, destination, parsed)
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as error:
            raise Refused(
                f"{node.shown} ended the file transfer before it was done.",
                hint=f"See whether {target.login} may copy files there.",
                details=str(error),
            ) from error
        except (asyncssh.Error, OSError) as error:
            raise Refused(_words(error)) from error
        finally:
            connection.close()


async def _transfer(
    sftp: "asyncssh.SFTPClient", sources: Sequence[Place], destination: Place, parsed: Parsed
) -> None:
    here, node = copying.Here(), copying.Node(sftp)
    show = None if parsed.is_on("quiet") else _Progress().show

    async def carry(path: str, to: str) -> None:
        copy = sftp.put if destination.is_remote else sftp.get
        await copy(path, to, follow_symlinks=True, progress_handler=show)

    await copying.Copying(
        there=here if destination.is_remote else node,
        back=node if destination.is_remote else here,
        carry=carry,
        is_recursive=parsed.is_on("recursive"),
        keeps_times=parsed.is_on("preserve"),
    ).run([_expanded(one) for one in sources], _expanded(destination))


def _words(error: "asyncssh.Error | OSError") -> str:
    """Why it failed, with the name if there is one."""
    if not isinstance(error, OSError):
        return error.reason or str(error)
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    why = (error.strerror or str(error)).lower()
    return f"{name}: {why}" if name else why


class _Progress:
    """One line for each file: on a terminal it grows, elsewhere it comes at the end."""

    def __init__(self) -> None:
        self._is_live = sys.stdout.isatty()
        self._last = -1

    def show(self, source: bytes, destination: bytes, done: int, size: int) -> None:
        """Say how far it is; called after each piece."""
        del destination
        percent = done * 100 // size if size else 100
        is_done = done >= size
        if not is_done and (not self._is_live or percent == self._last):
            return
        self._last = -1 if is_done else percent
        name = plain.cell(Path(source.decode("utf-8", "replace")).name)
        start, end = "\r" if self._is_live else "", "\n" if is_done else ""
        sys.stdout.write(f"{start}{name} {percent}% ({size} bytes){end}")
        sys.stdout.flush()


def _expanded(place: Place) -> str:
    """The path; `~/x` on a node is `x`, since it starts in the home folder.

    Raises: BadInput for `~somebody`.
    """
    if not place.is_remote:
        return place.path
    if place.path == "~":
        return "."
    if place.path.startswith("~") and not place.path.startswith("~/"):
        raise BadInput(
            "expanding remote ~user paths is not supported, specify an absolute path instead of "
            f'"{place.path}"',
            field="path",
        )
    return place.path.removeprefix("~/") or "."
