"""The packed program, built once for all tests that start it."""

import contextlib
import functools
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.person import REPOSITORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The tree, the single file around it, and the compressed tree that updates fetch."""

    tree: Path
    single: Path
    payload: Path
    said: str


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Build it, or take the one that BUNDLE_DIR names (of `make bundle`)."""
    return _made(tmp_path_factory.getbasetemp() / "bundle")


@functools.cache
def _made(place: Path) -> Bundle:
    """Once for all: each module that names the fixture has one of its own."""
    given = os.environ.get("BUNDLE_DIR", "")
    out = Path(given).resolve() if given else place
    said = ""
    if not given:
        script = REPOSITORY / "installer" / "build.py"
        done = subprocess.run(
            [sys.executable, script, "--out", out, "--quick"],
            capture_output=True,
            text=True,
            timeout=580,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said = done.stdout
    payload = next(out.glob("teleterm-*.tar.xz"))
    single = payload.with_name(payload.name.removesuffix(".tar.xz"))
    return Bundle(tree=out / "teleterm", single=single, payload=payload, said=said)


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment that knows nothing of this checkout, nor of any Python."""
    keep = ("DISPLAY", "XAUTHORITY", "HOME", "LANG")
    kept = {name: os.environ[name] for name in keep if name in os.environ}
    return kept | {"PATH": "/usr/bin:/bin", "TELETERM_HOME": str(home), "UI_TRACE": "1"} | more


def processes(home: Path) -> dict[int, str]:
    """Every process that runs from a tree below `home`."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                program = str((entry / "exe").readlink())
            except OSError:
                continue
            if program.startswith(str(home)):
                found[int(entry.name)] = (entry / "comm").read_text().strip()
    return found


def held_by(pid: int) -> set[Path]:
    """The files that a process has open; none when it has just ended."""
    found: set[Path] = set()
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(descriptor.readlink())
    return found


def mains(home: Path) -> list[int]:
    """The main process: whoever holds its lock."""
    lock = home / "run" / "main.lock"
    return [pid for pid in processes(home) if lock in held_by(pid)]


def wait_for_end(home: Path, living: Callable[[Path], Collection[int]], seconds: float) -> None:
    """Wait until none of these processes is left, or the time is over."""
    until = time.monotonic() + seconds
    while living(home) and time.monotonic() < until:
        select.select([], [], [], 0.05)


def end_all(home: Path) -> None:
    """Ask main to leave, then what it left behind on purpose; nothing may stay."""
    for living, seconds in ((mains, 15.0), (processes, 15.0)):
        for pid in living(home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 15)
        wait_for_end(home, living, seconds)
    assert processes(home) == {}
