"""Where our files live, on each system, and with TELETERM_HOME all below one folder."""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from teleterm.model.errors import BadInput, ErrorCode, Refused

LONGEST_SOCKET = "ptyhost.sock"
"""The longest name of a socket in the run folder."""
MAX_SOCKET_BYTES = 103
"""Longest path that every system takes for a Unix socket (macOS: 104 with the final zero)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The folders of one user's teleterm, each private to that user (0700)."""

    data: Path
    config: Path
    state: Path
    cache: Path
    run: Path

    @property
    def tsh_home(self) -> Path:
        """Profiles and keys: what TELEPORT_HOME names."""
        return self.data / "tsh"

    @property
    def kube(self) -> Path:
        """Kubeconfig files of gateways."""
        return self.data / "kube"

    @property
    def agents(self) -> Path:
        """Agents of Connect My Computer."""
        return self.data / "agents"

    @property
    def certs(self) -> Path:
        """Certificates of one start, for gRPC over TCP."""
        return self.data / "certs"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.state / "logs"

    @property
    def config_file(self) -> Path:
        """The file people edit."""
        return self.config / "app_config.json"

    @property
    def state_file(self) -> Path:
        """What the program remembers by itself."""
        return self.state / "app_state.json"

    def prepare(self) -> None:
        """Make every folder that is missing, 0700, and refuse a run folder that isn't ours.

        Raises: Refused when the run folder belongs to somebody else or others may enter it;
                or when a folder can't be made.
        """
        own = (self.data, self.config, self.state, self.logs, self.cache, self.tsh_home, self.run)
        for folder in own:
            check_name(folder)
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise Refused(
                    f"Can't use the folder {folder}: {error.strerror}.",
                    code=ErrorCode.DENIED,
                    hint="Set TELETERM_HOME to a folder of yours.",
                ) from error
        check_private(self.run)


def find(environ: Mapping[str, str] | None = None) -> Folders:
    """The folders for this user.

    Raises: BadInput when TELETERM_HOME is not an absolute path.
    """
    env = os.environ if environ is None else environ
    home = env.get("TELETERM_HOME", "")
    if home:
        return _below(Path(home), env)
    import platformdirs

    places = platformdirs.PlatformDirs("teleterm", appauthor=False)
    return Folders(
        data=Path(places.user_data_dir),
        config=Path(places.user_config_dir),
        state=Path(places.user_state_dir),
        cache=Path(places.user_cache_dir),
        run=_first_that_fits(_run_places(env)),
    )


def check_name(folder: Path) -> None:
    """Make sure that a folder's name is text, since it goes into messages and files of text.

    Raises: Refused when it isn't.
    """
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        raise Refused(
            f"Can't use the folder {os.fsencode(folder)!r}: its name is no UTF-8.",
            code=ErrorCode.BAD_VALUE,
            hint="Set TELETERM_HOME to a folder with another name.",
        ) from None


def check_private(folder: Path) -> None:
    """Make sure that a folder is a real one, ours, and closed to others.

    Raises: Refused when it isn't; a foreign folder's mode is never changed.
    """
    found = folder.lstat()
    is_ours = sys.platform == "win32" or found.st_uid == os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or not is_ours:
        raise Refused(
            f"Can't use the folder {folder}: it isn't a folder of yours.",
            code=ErrorCode.DENIED,
            hint="Set TELETERM_HOME to a folder of yours.",
        )
    if sys.platform != "win32" and stat.S_IMODE(found.st_mode) & 0o077:
        raise Refused(
            f"Can't use the folder {folder}: other users may enter it.",
            code=ErrorCode.DENIED,
            hint=f"chmod 700 {folder}",
        )


def _below(home: Path, env: Mapping[str, str]) -> Folders:
    if not home.is_absolute():
        raise BadInput(
            "TELETERM_HOME must be an absolute path.", field="TELETERM_HOME", value=str(home)
        )
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:8]
    places = [home / "run", *(p.with_name(f"{p.name}-{mark}") for p in _run_places(env))]
    return Folders(
        data=home / "data",
        config=home / "config",
        state=home / "state",
        cache=home / "cache",
        run=_first_that_fits(iter(places)),
    )


def _run_places(env: Mapping[str, str]) -> Iterator[Path]:
    """Candidates for the run folder, best first."""
    user = "me"
    if sys.platform != "win32":
        user = str(os.getuid())
    runtime = env.get("XDG_RUNTIME_DIR", "")
    if runtime and Path(runtime).is_dir():
        yield Path(runtime) / "teleterm"
    temporary = env.get("TMPDIR", "")
    if temporary and Path(temporary).is_dir():
        yield Path(temporary) / f"teleterm-{user}"
    yield Path(tempfile.gettempdir()) / f"teleterm-{user}"
    yield Path("/tmp") / f"teleterm-{user}"  # noqa: S108 - checked by check_private


def _first_that_fits(places: Iterator[Path]) -> Path:
    last = Path()
    for place in places:
        last = place
        if len(os.fsencode(place / LONGEST_SOCKET)) <= MAX_SOCKET_BYTES:
            return place
    return last
