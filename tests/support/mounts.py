"""A small file system of one's own kind, in a namespace that ends with the program run in it."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

WITHIN = ["unshare", "--user", "--map-root-user", "--mount"]
MOUNTING = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"'


def run_on(
    place: Path, options: str, argv: Sequence[str | Path], env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a program that finds a tmpfs with these options mounted at `place`.

    Shape: nobody else sees it. Where that isn't permitted the test is skipped, and says so.
    """
    if shutil.which("unshare") is None:
        pytest.skip("unshare is missing: no mount namespace can be made")
    tried = _within("size=1m", place, ["true"], None)
    if tried.returncode:
        pytest.skip(f"no mount namespace may be made here: {tried.stderr.strip()}")
    return _within(options, place, argv, env)


def _within(
    options: str, place: Path, argv: Sequence[str | Path], env: dict[str, str] | None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*WITHIN, "sh", "-c", MOUNTING, "sh", options, place, *argv],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
