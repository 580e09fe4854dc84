"""The profile folder that the daemon keeps, as far as main reads it: addresses and end times."""

import contextlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

from teleterm.osutil import atomic, certtime, plain_files

SETTLED_AFTER_S = 1.0
_LINE = re.compile(r"(?:[A-Za-z_]\w*:(?:\s.*)?|\s+\S.*|-\s.*|#.*|---|\s*)\Z")
_ADDRESS = re.compile(r"^web_proxy_addr:\s*[\"']?([^\"'\s]+)", re.MULTILINE)
_USER = re.compile(r"^user:\s*[\"']?([^\"'\s]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile file: the proxy's `host:port` and the user who logged in last."""

    name: str
    web_address: str
    user: str


class Profiles:
    """Reads one profile folder; it belongs to `tsh`, so nothing here writes but `set_aside`."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def read(self, name: str) -> Profile:
        """A profile; fields are empty where the file doesn't say."""
        try:
            text = plain_files.read(self.home / f"{name}.yaml").decode("utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
        address, user = _ADDRESS.search(text), _USER.search(text)
        return Profile(
            name=name,
            web_address=address.group(1) if address else "",
            user=user.group(1) if user else "",
        )

    def expires_at(self, name: str, user: str) -> float:
        """When the login of a user ends, in seconds since 1970; 0 when that can't be read."""
        folder = self.home / "keys" / name
        for place in (folder / f"{user}.crt", folder / f"{user}-x509.pem"):
            try:
                return certtime.not_after(place.read_text("ascii", "replace")).timestamp()
            except (OSError, certtime.NotACertificate):
                continue
        return 0

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """A value that differs once a login or a profile changed."""
        found: list[tuple[str, int, int]] = []
        patterns = ("*.yaml", "current-profile", "keys/*/*.crt", "keys/*/*-x509.pem")
        for pattern in patterns:
            for path in self.home.glob(pattern):
                try:
                    seen = path.stat()
                except OSError:
                    continue
                found.append((str(path), seen.st_mtime_ns, seen.st_size))
        return tuple(sorted(found))

    def set_damaged_aside(self) -> list[Path]:
        """Rename profile files that can't be what `tsh` wrote; gives their new places.

        A file that changed within the last second may still be being written, and is left alone.
        """
        aside: list[Path] = []
        for path in self.damaged():
            if _is_settled(path):
                with contextlib.suppress(OSError):  # a folder that may only be read
                    aside.append(atomic.set_aside(path))
        return aside

    def damaged(self) -> list[Path]:
        """Profile files that can't be what `tsh` wrote."""
        return [
            path
            for path in sorted(self.home.glob("*.yaml"))
            if not path.is_symlink() and not _is_sound(path)
        ]

    def count(self) -> int:
        """How many profiles there are."""
        return len(list(self.home.glob("*.yaml")))


def _is_settled(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > SETTLED_AFTER_S
    except OSError:
        return False


def _is_sound(path: Path) -> bool:
    try:
        text = plain_files.read(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    except OSError:
        return True
    return _ADDRESS.search(text) is not None and all(
        _LINE.match(line) and "\0" not in line for line in text.splitlines()
    )
