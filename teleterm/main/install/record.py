"""install.json: which tree is in use, which is on trial, which failed; the stub reads it as well.

Plain `json`, since the stub around the packed tree carries nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from teleterm.osutil import atomic

NAME = "install.json"
LOCK_NAME = "install.lock"
SCHEMA = 1
MAX_STARTS = 3
"""The third start of a tree on trial that never became ready is its last."""
OWN = frozenset({"active", "previous", "trial", "bad", "pending"})
Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A tree that has to prove itself: how often it was started without being ready."""

    version: str
    starts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """What is installed. `rest` holds what other parts keep in the file, unchanged."""

    active: str = ""
    previous: str = ""
    trial: Trial | None = None
    bad: tuple[str, ...] = ()
    pending: str = ""
    rest: Mapping[str, Json] = field(default_factory=dict)

    def with_trial(self, version: str) -> "Install":
        """Use `version` from the next start on, until it is ready or has failed."""
        return replace(
            self,
            active=version,
            previous=self.previous if self.active == version else self.active,
            trial=Trial(version=version, starts=0),
            pending="",
        )

    def counted(self) -> "Install":
        """One more start of the tree on trial."""
        if self.trial is None:
            return self
        return replace(self, trial=replace(self.trial, starts=self.trial.starts + 1))

    def proved(self) -> "Install":
        """The tree on trial is ready: keep it."""
        return replace(self, trial=None)

    @property
    def has_failed(self) -> bool:
        """Whether the tree on trial had its starts and never became ready."""
        return self.trial is not None and self.trial.starts >= MAX_STARTS

    def rolled_back(self) -> "Install":
        """Go back to the tree before; the failed one is not offered again."""
        failed = self.trial.version if self.trial else self.active
        return replace(
            self,
            active=self.previous,
            previous="",
            trial=None,
            bad=tuple(dict.fromkeys((*self.bad, failed))),
        )


def read(data: Path) -> Install:
    """What install.json says; a file that isn't there or is damaged says nothing."""
    try:
        found = json.loads((data / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return Install()
    if not isinstance(found, dict):
        return Install()
    rest = {k: v for k, v in found.items() if k not in OWN}
    return Install(
        active=_version(found.get("active")),
        previous=_version(found.get("previous")),
        trial=_trial(found.get("trial")),
        bad=tuple(_version(one) for one in _list(found.get("bad"))),
        pending=_version(found.get("pending")),
        rest=rest,
    )


def write(data: Path, install: Install) -> None:
    """Put it at its place in one step; the caller holds install.lock.

    Raises: OSError.
    """
    trial = install.trial
    found: dict[str, Json] = {
        **install.rest,
        "schema": SCHEMA,
        "active": install.active,
        "previous": install.previous,
        "trial": {"version": trial.version, "starts": trial.starts} if trial else None,
        "bad": list(install.bad),
        "pending": install.pending,
    }
    atomic.write(data / NAME, json.dumps(found, indent=1).encode() + b"\n")


def is_version(text: str) -> bool:
    """Whether a text can be a version, and so the name of a folder."""
    allowed = text.replace(".", "").replace("-", "").replace("+", "").isalnum()
    return 0 < len(text) <= 64 and text.isascii() and allowed and text[0].isdigit()


def order(version: str) -> tuple[tuple[int, ...], int, str]:
    """A key to sort versions by; a pre-release comes before its release."""
    numbers, _, label = version.partition("-")
    parts = tuple(int(part) if part.isdigit() else 0 for part in numbers.split("+")[0].split("."))
    return parts, 0 if label else 1, label


def _version(found: Json) -> str:
    return found if isinstance(found, str) and is_version(found) else ""


def _list(found: Json) -> list[Json]:
    return found if isinstance(found, list) else []


def _trial(found: Json) -> Trial | None:
    if not isinstance(found, dict):
        return None
    version, starts = _version(found.get("version")), found.get("starts")
    return (
        Trial(version=version, starts=starts if isinstance(starts, int) else 0) if version else None
    )
