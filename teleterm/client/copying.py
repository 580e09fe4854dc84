"""Files and folders from one side of an SFTP session to the other, as the official program has it.

Modes are always kept: a private file shan't become one that all may read. Links are followed, a
folder that leads back into itself is left out the second time. What a node says of its files is
checked: a name is one name, and no bit beyond the permissions is set here.
"""

import asyncio
import glob
import os
import posixpath
import stat
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from teleterm.model.errors import BadInput, PeerBroke

if TYPE_CHECKING:
    import asyncssh

_PERMISSIONS, _PRIVATE = 0o777, 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a path leads to; times in seconds."""

    mode: int
    accessed: int
    modified: int

    @property
    def is_folder(self) -> bool:
        """Whether it is one."""
        return stat.S_ISDIR(self.mode)


Carry = Callable[[str, str], Awaitable[None]]
"""Copies the content of one file."""


class Side(Protocol):
    """Files here or on a node; each call raises OSError or asyncssh's errors."""

    name: str

    async def matching(self, path: str) -> list[str]:
        """What a path with `*`, `?` or `[...]` means; itself where nothing fits."""

    async def find(self, path: str) -> Found | None:
        """What is there, None for nothing."""

    async def real(self, path: str) -> str:
        """The path without links."""

    async def inside(self, path: str) -> list[str]:
        """The names in a folder."""

    async def make_folder(self, path: str) -> None:
        """Make it, and those above it, if it isn't there."""

    async def make_file(self, path: str) -> None:
        """Make an empty file that nobody else may read."""

    async def set_mode(self, path: str, mode: int) -> None:
        """Give a file or folder these permissions."""

    async def set_times(self, path: str, found: Found) -> None:
        """Give it the times of another."""


class Here:
    """This computer's files."""

    name = "local"

    async def matching(self, path: str) -> list[str]:
        """See `Side`."""
        return sorted(await asyncio.to_thread(glob.glob, path)) or [path]

    async def find(self, path: str) -> Found | None:
        """See `Side`."""
        try:
            got = await asyncio.to_thread(os.stat, path)
        except FileNotFoundError:
            return None
        return Found(mode=got.st_mode, accessed=int(got.st_atime), modified=int(got.st_mtime))

    async def real(self, path: str) -> str:
        """See `Side`."""
        return await asyncio.to_thread(os.path.realpath, path)

    async def inside(self, path: str) -> list[str]:
        """See `Side`."""
        return sorted(await asyncio.to_thread(os.listdir, path))

    async def make_folder(self, path: str) -> None:
        """See `Side`."""
        await asyncio.to_thread(Path(path).mkdir, parents=True, exist_ok=True)

    async def make_file(self, path: str) -> None:
        """See `Side`."""
        flags = os.O_WRONLY | os.O_CREAT
        os.close(await asyncio.to_thread(os.open, path, flags, _PRIVATE))

    async def set_mode(self, path: str, mode: int) -> None:
        """See `Side`."""
        await asyncio.to_thread(os.chmod, path, mode)

    async def set_times(self, path: str, found: Found) -> None:
        """See `Side`."""
        await asyncio.to_thread(os.utime, path, (found.accessed, found.modified))


class Node:
    """A node's files."""

    name = "remote"

    def __init__(self, sftp: "asyncssh.SFTPClient") -> None:
        self._sftp = sftp

    async def matching(self, path: str) -> list[str]:
        """See `Side`."""
        import asyncssh

        if not glob.has_magic(path):
            return [path]
        try:
            found = await self._sftp.glob(path)
        except asyncssh.SFTPError:
            found = []
        return sorted(str(one) for one in found) or [path]

    async def find(self, path: str) -> Found | None:
        """See `Side`."""
        import asyncssh

        try:
            got = await self._sftp.stat(path)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None
        mode = got.permissions or 0
        return Found(mode=mode, accessed=got.atime or 0, modified=got.mtime or 0)

    async def real(self, path: str) -> str:
        """See `Side`."""
        return str(await self._sftp.realpath(path))

    async def inside(self, path: str) -> list[str]:
        """See `Side`."""
        names = {str(one) for one in await self._sftp.listdir(path)} - {"", ".", ".."}
        for name in names:
            if _name(name) != name or "\0" in name:
                raise PeerBroke(f"The node named a file {name!r}.")
        return sorted(names)

    async def make_folder(self, path: str) -> None:
        """See `Side`."""
        await self._sftp.makedirs(path, exist_ok=True)

    async def make_file(self, path: str) -> None:
        """See `Side`."""
        import asyncssh

        attributes = asyncssh.SFTPAttrs(permissions=_PRIVATE)
        await (await self._sftp.open(path, "wb", attributes)).close()

    async def set_mode(self, path: str, mode: int) -> None:
        """See `Side`."""
        await self._sftp.chmod(path, mode)

    async def set_times(self, path: str, found: Found) -> None:
        """See `Side`."""
        await self._sftp.utime(path, (found.accessed, found.modified))


def _name(path: str) -> str:
    """The last name of a path; on Windows what a node calls `a\\b` is no name but a path."""
    return posixpath.basename(path.replace(os.sep, "/").rstrip("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """Copies from one side to the other; `carry` does so with the content of one file."""

    there: Side
    back: Side
    carry: Carry
    is_recursive: bool
    keeps_times: bool

    async def run(self, sources: Sequence[str], destination: str) -> None:
        """Copy files and folders.

        Raises: BadInput, PeerBroke, OSError, asyncssh's errors.
        """
        paths = [path for source in sources for path in await self.there.matching(source)]
        founds = [await self._source(path) for path in paths]
        target = await self.back.find(destination)
        into = target is not None and target.is_folder
        if len(paths) > 1 and not into:
            if target is not None:
                raise BadInput(self._no_folder(destination, paths, sources), field="to")
            await self.back.make_folder(destination)
            into = True
        for path, found in zip(paths, founds, strict=True):
            name = _name(path)
            is_inside = (into or found.is_folder) and name not in {"", ".", ".."}
            to = posixpath.join(destination, name) if is_inside else destination
            await self._copy(path, to, found, seen=set())

    def _no_folder(self, path: str, paths: Sequence[str], sources: Sequence[str]) -> str:
        how = "specified" if len(paths) == len(sources) else "matched by a glob pattern"
        return (
            f'{self.back.name} file "{path}" is not a directory, but multiple source files were'
            f" {how}"
        )

    async def _source(self, path: str) -> Found:
        try:
            found = await self.there.find(path)
        except OSError as error:
            why = f"stat {path}: {(error.strerror or '').lower()}"
            raise self._no_source(path, why) from error
        if found is None:
            why = "file does not exist"
            if self.there.name == "local":
                why = f"stat {path}: no such file or directory"
            raise self._no_source(path, why)
        if found.is_folder and not self.is_recursive:
            raise BadInput(
                f'"{path}" is a directory, but the recursive option was not passed',
                field="from",
                value=path,
            )
        return found

    def _no_source(self, path: str, why: str) -> BadInput:
        words = f'could not access {self.there.name} path "{path}"\n\t{why}'
        return BadInput(words, field="from", value=path)

    async def _copy(self, path: str, to: str, found: Found, seen: set[str]) -> None:
        if not found.is_folder:
            if not stat.S_ISREG(found.mode):
                raise BadInput(f'"{path}" is neither a file nor a directory', field="from")
            taken = await self.back.find(to)
            if taken is not None and taken.is_folder:
                raise BadInput(f'"{to}" is a directory', field="to", value=to)
            if taken is None:  # until all of it is there, and its mode, nobody else reads it
                await self.back.make_file(to)
            await self.carry(path, to)
            await self._finish(to, found)
            return
        real = await self.there.real(path)
        if real in seen:
            return
        seen.add(real)
        await self.back.make_folder(to)
        for name in await self.there.inside(path):
            inner = posixpath.join(path, name)
            inner_found = await self.there.find(inner)
            if inner_found is None:
                raise BadInput(f'"{inner}" is a link to nothing', field="from", value=inner)
            await self._copy(inner, posixpath.join(to, name), inner_found, seen)
        await self._finish(to, found)

    async def _finish(self, to: str, found: Found) -> None:
        """Last, so that nothing inside changes them; what isn't a file or folder keeps its own."""
        made = await self.back.find(to)
        if made is None or not (made.is_folder or stat.S_ISREG(made.mode)):
            return
        await self.back.set_mode(to, found.mode & _PERMISSIONS)
        if self.keeps_times:
            await self.back.set_times(to, found)
