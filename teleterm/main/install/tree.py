"""Trees on disk: `versions/V`, unpacked beside and renamed into place, and the link `current`.

Used by the stub, by updates and by uninstalling; whoever changes something holds install.lock.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from teleterm.main.install import record
from teleterm.model.errors import ErrorCode, Refused
from teleterm.osutil import locks

SPARE_BYTES = 20 * 1024 * 1024
MANIFEST = "manifest.json"
IN_USE = ".inuse"
STAGING = ".staging-"
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """An unpacked and checked tree that has no place yet."""

    path: Path
    version: str


class Damaged(Refused):
    """What was downloaded is not what was published."""

    code = ErrorCode.DAMAGED_FILE


def folder(data: Path, version: str) -> Path:
    """Where a tree stands."""
    return data / "versions" / version


def program(data: Path, version: str, name: str = "teleterm") -> Path:
    """A program of a tree."""
    return folder(data, version) / (f"{name}.exe" if sys.platform == "win32" else name)


def is_whole(data: Path, version: str) -> bool:
    """Whether a tree can be started."""
    return bool(version) and os.access(program(data, version), os.X_OK)


def is_sound(data: Path, version: str) -> bool:
    """Whether every file of a tree is there with its size: a disk or a hand may take some away."""
    if not is_whole(data, version):
        return False
    place = folder(data, version)
    try:
        listed = json.loads((place / MANIFEST).read_bytes())["files"]
        sizes = {str(name): int(about["size"]) for name, about in listed.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True  # what it should hold is not known
    try:
        return all((place / name).stat().st_size == size for name, size in sizes.items())
    except OSError:
        return False


def pointed(data: Path) -> str:
    """The version that `current` leads to; nothing when it leads nowhere."""
    link = data / "current"
    return link.resolve().name if link.exists() else ""


def check_space(data: Path, needed_bytes: int) -> None:
    """Refuse to begin what can't be finished.

    Raises: Refused when the file system has less than that and a reserve.
    """
    free = shutil.disk_usage(data).free
    if free < needed_bytes + SPARE_BYTES:
        raise Refused(
            f"Can't install into {data}: {free // 2**20} MB are free, "
            f"{(needed_bytes + SPARE_BYTES) // 2**20} MB are needed.",
            code=ErrorCode.LIMIT,
            hint="Free some space, or set TELETERM_HOME to a folder on another disk.",
        )


def check_runs(data: Path) -> None:
    """Refuse a folder on a file system that is mounted so that no program runs from it.

    Raises: Refused.
    """
    if sys.platform != "win32" and os.statvfs(data).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise Refused(
            f"Can't install into {data}: programs may not run from there.",
            code=ErrorCode.DENIED,
            hint="Set TELETERM_HOME to a folder of yours that programs may run from.",
        )


def unpack(data: Path, archive: IO[bytes]) -> Staged:
    """Unpack a compressed tree into a staging folder and check each of its files.

    Gives:  the staged tree; `place` moves it to its version.
    Raises: Damaged when it isn't what its manifest says; OSError, as a full disk gives it. The
            staging folder is gone then.
    """
    staging = data / "versions" / f"{STAGING}{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staging.mkdir(mode=0o700)
    try:
        with tarfile.open(fileobj=archive, mode="r|xz") as tar:
            for entry in tar:
                _extract(tar, entry, staging)
        version = check(staging)
        (staging / IN_USE).touch(mode=0o600)
        _flush(staging)
    except (tarfile.TarError, EOFError, ValueError) as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise Damaged(
            "The download is damaged: it can't be unpacked.", details=str(error)
        ) from None
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return Staged(path=staging, version=version)


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, staging: Path) -> None:
    """Write one entry: a folder, a file, or a second name of one; a tree holds nothing else.

    Raises: Damaged for any other kind, and for a name that leads out of the folder.
    """
    target = staging / _inside(entry.name)
    if entry.isdir():
        target.mkdir(exist_ok=True, mode=0o700)
    elif entry.islnk():
        os.link(staging / _inside(entry.linkname), target)
    elif entry.isreg():
        content = tar.extractfile(entry)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        mode = 0o700 if entry.mode & 0o100 else 0o600
        with os.fdopen(os.open(target, flags, mode), "wb") as file:
            if content is not None:
                shutil.copyfileobj(content, file, CHUNK)
    else:
        raise Damaged("The download is damaged: it holds something strange.", details=entry.name)


def _inside(name: str) -> Path:
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise Damaged("The download is damaged: it holds something strange.", details=name)
    return path


def check(tree: Path) -> str:
    """Compare a tree with its manifest; gives the version it names.

    Raises: Damaged.
    """
    try:
        manifest = json.loads((tree / MANIFEST).read_bytes())
        version, files = str(manifest["version"]), dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Damaged(
            "The download is damaged: its list of files is.", details=str(error)
        ) from None
    found = {
        path.relative_to(tree).as_posix()
        for path in tree.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    odd = found.symmetric_difference({*files, MANIFEST}) - {IN_USE}
    if odd or not record.is_version(version):
        raise Damaged("The download is damaged: files are missing or strange.", details=str(odd))
    for name, about in files.items():
        if _digest(tree / name) != about["sha256"]:
            raise Damaged("The download is damaged: a file differs.", details=name)
    return version


def place(data: Path, staged: Staged) -> Path:
    """Move a checked tree to its version; one that stands there already, whole, is kept."""
    target = folder(data, staged.version)
    if target.exists():
        if is_sound(data, staged.version):
            shutil.rmtree(staged.path, ignore_errors=True)
            return target
        remove(data, staged.version)
    staged.path.rename(target)
    _sync_folder(target.parent)
    return target


def clear_staging(data: Path) -> None:
    """Remove what an interrupted installation left behind."""
    for left in (data / "versions").glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)


def activate(data: Path, install: record.Install) -> None:
    """Write install.json and point `current` at its active tree, in this order.

    A stop between the two is mended by the next start (`update.apply.begin`): the record decides.
    """
    record.write(data, install)
    point(data, install.active)


if sys.platform == "win32":

    def point(data: Path, version: str) -> None:
        """Let `current` lead to a tree, by a junction: it needs no privilege."""
        import _winapi

        link, doomed = data / "current", data / ".current.old"
        if link.exists():
            link.replace(doomed)
        _winapi.CreateJunction(str(folder(data, version)), str(link))
        doomed.unlink(missing_ok=True)

else:

    def point(data: Path, version: str) -> None:
        """Let `current` lead to a tree; there is no moment without it."""
        link, target = data / "current", Path("versions") / version
        if link.is_symlink() and link.readlink() == target:
            return
        temporary = data / f".current.{os.getpid()}"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target)
        temporary.replace(link)


def versions(data: Path) -> list[str]:
    """The installed versions, oldest first."""
    try:
        names = [path.name for path in (data / "versions").iterdir() if path.is_dir()]
    except OSError:
        return []
    return sorted((name for name in names if record.is_version(name)), key=record.order)


def is_used(data: Path, version: str) -> bool:
    """Whether a process of this tree lives: each holds its lock, shared."""
    lock = folder(data, version) / IN_USE
    if not lock.exists():
        return False
    held = locks.try_take(lock)
    if held is None:
        return True
    held.release()
    return False


def collect(data: Path) -> list[str]:
    """Remove trees that nobody needs: not active, not the one before, not in use; gives them."""
    install = record.read(data)
    kept = {install.active, install.previous, install.trial.version if install.trial else ""}
    gone = [one for one in versions(data) if one not in kept and not is_used(data, one)]
    for version in gone:
        remove(data, version)
    return gone


def remove(data: Path, version: str) -> None:
    """Remove a tree: out of sight first, so that none is ever half there."""
    target = folder(data, version)
    doomed = data / "versions" / f"{STAGING}gone-{version}"
    shutil.rmtree(doomed, ignore_errors=True)
    target.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


@contextlib.contextmanager
def locked(data: Path, *, wait: Callable[[Path], locks.FileLock | None]) -> Iterator[None]:
    """Hold install.lock for a while.

    Raises: Refused when somebody else installs, for longer than `wait` waits.
    """
    lock = wait(data / record.LOCK_NAME)
    if lock is None:
        raise Refused(
            "teleterm is being installed by another start just now.",
            code=ErrorCode.ALREADY_EXISTS,
            hint="Try again in a minute.",
        )
    try:
        yield
    finally:
        lock.release()


def _digest(path: Path) -> str:
    """The SHA-256 of a file; of a link, that of what it says."""
    if path.is_symlink():
        return hashlib.sha256(os.fsencode(path.readlink())).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(tree: Path) -> None:
    """Bring the whole tree to the disk before its name says that it is there."""
    if sys.platform == "win32":
        return  # it has no call for folders, and MoveFile waits for the files
    else:
        for path in tree.rglob("*"):
            if path.is_file() and not path.is_symlink():
                descriptor = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)


def _sync_folder(place: Path) -> None:
    if sys.platform == "win32":
        return
    else:
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
