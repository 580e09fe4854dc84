"""Links that make `tsh` and `teleterm` available in other terminals, and nothing of others' lost.

Source: packaging-security.md 3, the table of the link dialog.
"""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.osutil import env, procs

LinkState = Literal["new", "ours", "dangling", "foreign", "blocked"]
PATH_TIMEOUT_S = 2.0
VERSION_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What linking one name would do; `seen` is what stood there when this was looked up."""

    name: str
    path: Path
    target: Path
    state: LinkState
    text: str
    seen: tuple[int, ...]
    is_on_path: bool
    path_line: str


class LinkBackend(Protocol):
    """How links are looked at and made on a system."""

    def look(self, name: str, target: Path, ours: Mapping[str, str]) -> Plan:
        """What linking `name` would change; `ours`: links made earlier, with their targets."""

    def make(self, plan: Plan) -> None:
        """Make the link, if the place is still as the plan saw it.

        Raises: Refused when something changed there meanwhile.
        """

    def remove(self, path: Path, target: Path) -> bool:
        """Remove a link if it still points to `target`; whether it was removed."""


class SymlinkBackend:
    """Symbolic links in a folder of the user."""

    def __init__(self, folder: Path, *, is_on_path: bool) -> None:
        self._folder = folder
        self._is_on_path = is_on_path

    def look(self, name: str, target: Path, ours: Mapping[str, str]) -> Plan:
        """What linking `name` would change."""
        path = self._folder / name
        state, text = self._state(path, target, ours)
        return Plan(
            name=name,
            path=path,
            target=target,
            state=state,
            text=text,
            seen=_seen(path),
            is_on_path=self._is_on_path,
            path_line="" if self._is_on_path else f'export PATH="{self._folder}:$PATH"',
        )

    def make(self, plan: Plan) -> None:
        """Make the link by a rename, so that the name is never missing."""
        if _seen(plan.path) != plan.seen:
            raise Refused(
                f"{plan.path} changed meanwhile, so it was left alone.", code=ErrorCode.DENIED
            )
        plan.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = plan.path.with_name(f".{plan.name}.{os.getpid()}.link")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(plan.target)
        temporary.replace(plan.path)

    def remove(self, path: Path, target: Path) -> bool:
        """Remove a link if it is still ours."""
        if path.is_symlink() and path.readlink() == target:
            path.unlink()
            return True
        return False

    def _state(self, path: Path, target: Path, ours: Mapping[str, str]) -> tuple[LinkState, str]:
        if not _can_write(self._folder):
            return "blocked", f"{self._folder} can't be written."
        if not path.is_symlink() and not path.exists():
            return "new", f"{path} will be created."
        if path.is_symlink() and path.readlink() == target:
            return "ours", f"{path} is already ours."
        if path.is_symlink() and ours.get(str(path)) == str(path.readlink()):
            return "ours", f"{path} is already ours and will be renewed."
        if path.is_symlink() and not path.exists():
            return "dangling", f"{path} leads nowhere and will be replaced."
        return "foreign", f"{path} belongs to something else: {_describe(path)}."


def choose_folder() -> tuple[Path, bool]:
    """The folder for links, and whether it is on the PATH of the user's login shell."""
    on_path = login_path()
    home = Path.home()
    for place in (home / ".local" / "bin", home / "bin"):
        if str(place) in on_path:
            return place, True
    shared = Path("/usr/local/bin")
    if str(shared) in on_path and os.access(shared, os.W_OK):
        return shared, True
    return home / ".local" / "bin", False


def login_path() -> list[str]:
    """The PATH that the user's login shell sets up; our own when it can't be asked."""
    from teleterm.osutil import shells

    mark = "teleterm-path:"
    try:
        done = procs.run(
            [shells.system(), "-lc", f"printf '\\n{mark}%s\\n' \"$PATH\""],
            env=env.foreign_env(),
            timeout_s=PATH_TIMEOUT_S,
        )
    except TeletermError:
        return os.environ.get("PATH", "").split(os.pathsep)
    for line in done.out.decode("utf-8", "replace").splitlines():
        if line.startswith(mark):
            return [os.path.normpath(part) for part in line[len(mark) :].split(":") if part]
    return os.environ.get("PATH", "").split(os.pathsep)


def backend() -> LinkBackend:
    """The way links are made on this system."""
    if sys.platform == "win32":
        from teleterm.osutil import user_path

        return user_path.PathBackend(user_path.UserPath())
    else:
        folder, is_on_path = choose_folder()
        return SymlinkBackend(folder, is_on_path=is_on_path)


def earlier_on_path(name: str, path: Path) -> Path | None:
    """A program of that name which wins over `path`, if there is one."""
    found = shutil.which(name)
    if found and Path(found) != path and Path(found).resolve() != path.resolve():
        return Path(found)
    return None


def _seen(path: Path) -> tuple[int, ...]:
    try:
        found = path.lstat()
    except OSError:
        return ()
    return (stat.S_IFMT(found.st_mode), found.st_ino, found.st_size, found.st_mtime_ns)


def _can_write(folder: Path) -> bool:
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK)


def _describe(path: Path) -> str:
    """What a foreign program is: where it leads and the version it names."""
    where = f" (a link to {path.readlink()})" if path.is_symlink() else ""
    if path.is_dir():
        return f"a folder{where}"
    version = ""
    if path.name == "tsh" and os.access(path, os.X_OK):
        version = _version_of(path)
    return f"{version or 'a program of that name'}{where}"


def _version_of(program: Path) -> str:
    """What a foreign `tsh` says it is; empty when it says nothing.

    It gets an empty home that goes again: some programs make files in theirs at the first start,
    and root could make any folder that isn't there.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="teleterm-", ignore_cleanup_errors=True) as home:
            done = procs.run(
                [str(program), "version", "--client"],
                env={"PATH": os.defpath, "HOME": home, "TELEPORT_TOOLS_VERSION": "off"},
                timeout_s=VERSION_TIMEOUT_S,
            )
    except (TeletermError, OSError):
        return ""
    if done.status != 0:
        return ""
    return done.out.decode("utf-8", "replace").split("\n", 1)[0].strip()[:80]
