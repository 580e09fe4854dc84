"""The packed program, built once for all tests that start it."""

import contextlib
import fcntl
import functools
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.person import REPOSITORY

MAKING_S = 580


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The tree, the single file around it, and the compressed tree that updates fetch."""

    tree: Path
    single: Path
    payload: Path


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Build it, or take the one that BUNDLE_DIR names (of `make bundle`)."""
    return made(shared_folder(tmp_path_factory) / "bundle")


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of one run have in common."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@functools.cache
def made(place: Path) -> Bundle:
    """Built once for all workers and modules.

    Shape: a worker that finds another one building makes the second tree meanwhile, which a test
           compares with the first.
    """
    given = os.environ.get("BUNDLE_DIR", "")
    out = Path(given).resolve() if given else place
    if not given and not once(place, _build, waits=False):
        once(place.parent / "elsewhere", build_elsewhere, waits=False)
        once(place, _build)
    payload = next(out.glob("teleterm-*.tar.xz"))
    single = payload.with_name(payload.name.removesuffix(".tar.xz"))
    return Bundle(tree=out / "teleterm", single=single, payload=payload)


def once(place: Path, make: Callable[[Path], None], *, waits: bool = True) -> bool:
    """Let one of all workers make something.

    Gives: whether it is there; it isn't yet when another one is at it and nobody `waits`.
    """
    lock = place.with_suffix(".lock")
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        if not place.exists():
            half = place.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            make(half)
            half.rename(place)
        return True


def _build(out: Path) -> None:
    script = REPOSITORY / "installer" / "build.py"
    _run([sys.executable, str(script), "--out", str(out), "--quick"])


def build_elsewhere(out: Path) -> None:
    """The tree once more, from a copy of the sources, in another home, time zone and umask."""
    sources = out / "sources"
    for name in ("teleterm", "installer", "assets"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, sources / name, ignore=ignore)
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(REPOSITORY / name, sources)
    script = [sys.executable, str(sources / "installer" / "build.py"), "--tree-only"]
    _run(
        ["sh", "-c", 'umask 027; exec "$@"', "sh", *script, "--out", str(out)],
        HOME=str(out),
        TZ="Asia/Tokyo",
    )


def _run(argv: list[str], **more: str) -> None:
    done = subprocess.run(
        argv, env=os.environ | more, capture_output=True, text=True, timeout=MAKING_S
    )
    assert done.returncode == 0, done.stdout + done.stderr


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
