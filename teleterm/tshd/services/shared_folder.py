"""A folder of this computer as a desktop sees it: nothing outside it can be reached.

Every part of a path is opened below the one before it, and no symbolic link is followed, so that
nothing that changes meanwhile can lead out. Source: terminal_service.md 10.7.
"""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from teleterm.model.errors import BadInput, ErrorCode
from teleterm.wire.tdp.codec import MAX_DATA, MAX_ENTRIES
from teleterm.wire.tdp.files import FILE, FOLDER, FileObject

FOLDER_BYTES = 4096
_FILE_MODE = 0o644
_FOLDER_MODE = 0o700
_HAS_SOMETHING, _HAS_NOTHING = 1, 0  # the daemon's way of writing "is empty"


class Escape(OSError):
    """A path that no file of the folder has."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EACCES, "the path leads out of the shared folder", path)


def _parts(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    if any(part in {".", ".."} or "\0" in part for part in parts):
        raise Escape(path)
    return parts


if sys.platform == "win32":

    class SharedFolder:
        """Not on Windows: nothing there opens a file below a folder that was opened."""

        def __init__(self, path: str) -> None:
            raise BadInput(
                "Folders can't be shared with desktops from Windows yet.",
                field="path",
                value=path,
                code=ErrorCode.NOT_IMPLEMENTED,
            )

        def close(self) -> None:
            """Nothing is open."""

        def info(self, path: str) -> FileObject:
            """Describe a file."""
            raise Escape(path)

        def entries(self, path: str) -> tuple[FileObject, ...]:
            """Describe what is in a folder."""
            raise Escape(path)

        def read(self, path: str, offset: int, length: int) -> bytes:
            """Bytes of a file."""
            raise Escape(path)

        def write(self, path: str, offset: int, data: bytes) -> int:
            """Put bytes into a file."""
            raise Escape(path)

        def truncate(self, path: str, size: int) -> None:
            """Give a file another length."""
            raise Escape(path)

        def create(self, path: str, kind: int) -> FileObject:
            """Make a file or a folder."""
            raise Escape(path)

        def delete(self, path: str) -> None:
            """Remove a file, or a folder with all that is in it."""
            raise Escape(path)

else:
    _FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    _FILE_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY

    def _names(folder: int) -> list[str]:
        with os.scandir(folder) as inside:
            return [one.name for one in inside]

    class SharedFolder:
        """The folder at `path`, which may itself be named by a link.

        Every method blocks, and raises OSError when the system refuses. Paths have `/` between
        their parts; the empty one is the folder.
        """

        def __init__(self, path: str) -> None:
            """Open it. Raises: BadInput when it is no folder that can be read."""
            try:
                self._root = os.open(
                    Path(path).resolve(), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
                )
            except (OSError, ValueError) as error:
                raise BadInput(
                    f"{path} is no folder that can be shared.",
                    field="path",
                    value=path,
                    details=str(error),
                ) from None

        def close(self) -> None:
            """Let go of it."""
            if self._root >= 0:
                os.close(self._root)
                self._root = -1

        def info(self, path: str) -> FileObject:
            """Describe a file or folder."""
            with self._parent(path) as (folder, name):
                return self._describe(folder, name, path)

        def entries(self, path: str) -> tuple[FileObject, ...]:
            """Describe what is in a folder; links and devices are left out."""
            found: list[FileObject] = []
            with self._folder(_parts(path)) as folder:
                for name in _names(folder)[:MAX_ENTRIES]:
                    inside = f"{path}/{name}" if path else name
                    with contextlib.suppress(OSError, UnicodeEncodeError):
                        inside.encode("utf-8")
                        found.append(self._describe(folder, name, inside))
            return tuple(found)

        def read(self, path: str, offset: int, length: int) -> bytes:
            """At most `length` bytes from `offset` on; fewer at the end."""
            with self._file(path, os.O_RDONLY) as descriptor:
                return os.pread(descriptor, min(length, MAX_DATA), offset)

        def write(self, path: str, offset: int, data: bytes) -> int:
            """Put bytes into a file, which is made if there is none; gives how many."""
            with self._file(path, os.O_RDWR | os.O_CREAT) as descriptor:
                written = 0
                while written < len(data):
                    written += os.pwrite(descriptor, data[written:], offset + written)
                return written

        def truncate(self, path: str, size: int) -> None:
            """Give a file another length."""
            with self._file(path, os.O_RDWR) as descriptor:
                os.ftruncate(descriptor, size)

        def create(self, path: str, kind: int) -> FileObject:
            """Make a file, empty if there was one, or a folder, if there is none; describe it."""
            if kind == FOLDER:
                with self._parent(path) as (folder, name), contextlib.suppress(FileExistsError):
                    os.mkdir(name, _FOLDER_MODE, dir_fd=folder)
            elif kind == FILE:
                with self._file(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                    pass
            else:
                raise OSError(errno.EINVAL, "there is no such kind of file", path)
            return self.info(path)

        def delete(self, path: str) -> None:
            """Remove a file, or a folder with all that is in it; none there is no failure."""
            with contextlib.suppress(FileNotFoundError), self._parent(path) as (folder, name):
                self._remove(folder, name)

        def _remove(self, folder: int, name: str) -> None:
            if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                inner = os.open(name, _FOLDER_FLAGS, dir_fd=folder)
                try:
                    for inside in _names(inner):
                        self._remove(inner, inside)
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)

        def _describe(self, folder: int, name: str, path: str) -> FileObject:
            state = os.stat(name or ".", dir_fd=folder, follow_symlinks=False)
            modified = state.st_mtime_ns // 1_000_000
            if stat.S_ISREG(state.st_mode):
                return FileObject(modified, state.st_size, FILE, _HAS_SOMETHING, path)
            if not stat.S_ISDIR(state.st_mode):
                raise Escape(path)
            inner = os.open(name or ".", _FOLDER_FLAGS, dir_fd=folder)
            try:
                with os.scandir(inner) as inside:
                    empty = _HAS_NOTHING if next(inside, None) is None else _HAS_SOMETHING
            finally:
                os.close(inner)
            return FileObject(modified, FOLDER_BYTES, FOLDER, empty, path)

        @contextlib.contextmanager
        def _folder(self, parts: list[str]) -> Iterator[int]:
            current = os.dup(self._root)
            try:
                for part in parts:
                    inner = os.open(part, _FOLDER_FLAGS, dir_fd=current)
                    os.close(current)
                    current = inner
                yield current
            finally:
                os.close(current)

        @contextlib.contextmanager
        def _parent(self, path: str) -> Iterator[tuple[int, str]]:
            """The folder that a path is in, and its name there; empty for the root itself."""
            parts = _parts(path)
            with self._folder(parts[:-1]) as folder:
                yield folder, (parts[-1] if parts else "")

        @contextlib.contextmanager
        def _file(self, path: str, flags: int) -> Iterator[int]:
            with self._parent(path) as (folder, name):
                if not name:
                    raise IsADirectoryError(errno.EISDIR, "this is the shared folder", path)
                descriptor = os.open(name, flags | _FILE_FLAGS, _FILE_MODE, dir_fd=folder)
                try:
                    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                        raise Escape(path)
                    yield descriptor
                finally:
                    os.close(descriptor)
