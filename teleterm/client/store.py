"""The folder of profiles: which proxies are known, which one is current, who is logged in."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from teleterm.client import identity as identities
from teleterm.client import profile as profiles
from teleterm.client.identity import Identity
from teleterm.client.key_files import SETTLE_S, SETTLES
from teleterm.client.keystore import KeyStore
from teleterm.client.profile import Profile
from teleterm.client.shredding import remove_folder
from teleterm.model.clock import Clock, SystemClock
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.osutil import atomic

_MODE = 0o660
_CURRENT = "current-profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileList:
    """All profiles that can be read, and an error for each that can't."""

    profiles: tuple[Profile, ...]
    damaged: tuple[BadInput, ...]
    current: str


class ProfileStore:
    """Reads and writes the profiles below one home folder."""

    def __init__(self, home: Path, *, clock: Clock | None = None) -> None:
        self.home = home
        self.keys = KeyStore(home)
        self._clock = clock or SystemClock()

    @staticmethod
    def default_home(environ: Mapping[str, str]) -> Path:
        """`TELEPORT_HOME`, or `.tsh` in the user's folder."""
        chosen = environ.get("TELEPORT_HOME", "")
        return Path(chosen) if chosen else Path.home() / ".tsh"

    def profiles(self) -> ProfileList:
        """Every profile; never fails because of one of them."""
        found: list[Profile] = []
        damaged: list[BadInput] = []
        paths = sorted(self.home.glob("*.yaml")) if self.home.is_dir() else []
        for path in paths:
            if path.is_symlink() or not path.is_file():
                continue
            try:
                found.append(self._parse(path))
            except BadInput as error:
                damaged.append(error)
        return ProfileList(profiles=tuple(found), damaged=tuple(damaged), current=self.current())

    def current(self) -> str:
        """The name of the current profile; empty when there is none."""
        try:
            return (self.home / _CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def set_current(self, name: str) -> None:
        """Make a profile the current one."""
        self._make_home()
        atomic.write(self.home / _CURRENT, f"{name}\n".encode(), mode=_MODE)

    def load(self, name: str = "") -> Profile:
        """A profile by its name (the current one when empty); `host:port` will do.

        Raises: Refused (NEEDS_LOGIN) when there is none, BadInput when its file is damaged.
        """
        chosen = profiles.split_address(name)[0] if name else self.current()
        path = self.home / f"{chosen}.yaml"
        if not chosen or "/" in chosen or not path.is_file():
            message = f"You are not logged in to {chosen}." if name else "Not logged in."
            raise Refused(message, code=ErrorCode.NEEDS_LOGIN, hint="Log in: tsh login")
        return self._parse(path)

    def save(self, profile: Profile, *, make_current: bool = False) -> None:
        """Write a profile."""
        self._make_home()
        path = self.home / f"{profile.name}.yaml"
        atomic.write(path, profiles.encode(profile).encode(), mode=_MODE)
        if make_current:
            self.set_current(profile.name)

    def remove(self, name: str) -> None:
        """Forget a proxy: its profile, keys and authorities."""
        host = profiles.split_address(name)[0]
        if "/" in host or host in {"", ".", ".."}:
            raise BadInput(f'"{name}" names no profile.', field="profile", value=name)
        (self.home / f"{host}.yaml").unlink(missing_ok=True)
        remove_folder(self.home / "keys" / host)
        if self.current() == host:
            (self.home / _CURRENT).unlink(missing_ok=True)

    def identity(self, profile: Profile) -> Identity:
        """Who the profile is logged in as, expired or not.

        Raises: Refused (NEEDS_LOGIN) when there are no certificates.
        """
        return identities.read(self.keys, profile, now=self._clock.now())

    def _parse(self, path: Path) -> Profile:
        try:
            text = _settled(path)
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(
                f"The profile {path.name} can't be read.",
                field="profile",
                value=str(path),
                code=ErrorCode.DAMAGED_FILE,
                details=str(error),
            ) from error
        return profiles.parse(text, path)

    def _make_home(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)


def _settled(path: Path) -> str:
    """The file's text; one that is empty is waited for, since the official program is writing it.

    Blocks: for as long as that takes, a moment.
    """
    for _ in range(SETTLES):
        if text := path.read_text(encoding="utf-8"):
            return text
        time.sleep(SETTLE_S)
    return path.read_text(encoding="utf-8")
