"""`tsh scp`: copies files to or from nodes."""

import asyncio
import glob
import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
    there = _Node(sftp) if sources[0].is_remote else _Here()
    paths = [one for source in sources for one in await there.matching(_expanded(source))]
    for path in paths:
        if await there.is_folder(path) and not parsed.is_on("recursive"):
            raise BadInput(
                f'"{path}" is a directory, but the recursive option was not passed',
                field="from",
                value=path,
            )
    show = None if parsed.is_on("quiet") else _Progress().show
    copy = sftp.put if destination.is_remote else sftp.get
    await copy(
        paths if len(paths) > 1 else paths[0],
        _expanded(destination),
        recurse=parsed.is_on("recursive"),
        preserve=parsed.is_on("preserve"),
        progress_handler=show,
    )


class _Here:
    """Sources on this computer."""

    async def matching(self, path: str) -> list[str]:
        """What a path with `*`, `?` or `[...]` means; itself where nothing fits."""
        return sorted(await asyncio.to_thread(glob.glob, path)) or [path]

    async def is_folder(self, path: str) -> bool:
        """Whether it is one.

        Raises: BadInput when it isn't there.
        """
        try:
            return stat.S_ISDIR((await asyncio.to_thread(os.stat, path)).st_mode)
        except OSError as error:
            why = f"stat {path}: {(error.strerror or '').lower()}"
            raise _no_source("local", path, why) from error


class _Node:
    """Sources on a node."""

    def __init__(self, sftp: "asyncssh.SFTPClient") -> None:
        self._sftp = sftp

    async def matching(self, path: str) -> list[str]:
        """The same on the node."""
        import asyncssh

        if not glob.has_magic(path):
            return [path]
        try:
            found = await self._sftp.glob(path)
        except asyncssh.SFTPError:
            found = []
        return sorted(str(one) for one in found) or [path]

    async def is_folder(self, path: str) -> bool:
        """Whether it is one.

        Raises: BadInput when it isn't there.
        """
        import asyncssh

        try:
            return stat.S_ISDIR((await self._sftp.stat(path)).permissions or 0)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
            raise _no_source("remote", path, "file does not exist") from error


def _no_source(side: str, path: str, why: str) -> BadInput:
    return BadInput(f'could not access {side} path "{path}"\n\t{why}', field="from", value=path)


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
