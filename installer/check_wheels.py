"""Whether every dependency has wheels for the other systems: `python installer/check_wheels.py`.

Needs the package index; nothing is kept.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLATFORMS = {
    "windows": "win_amd64",
    "macos": "macosx_12_0_arm64",
    "macos-intel": "macosx_12_0_x86_64",
}
MARKS = {"windows": "win32", "macos": "darwin", "macos-intel": "darwin"}


def requirements(system: str) -> list[str]:
    """Those of pyproject.toml that hold on a system."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    found = []
    for line in listed:
        name, _, marker = line.partition(";")
        is_windows = MARKS[system] == "win32"
        if not marker or ("!=" in marker) != is_windows:
            found.append(name.strip())
    return found


def missing(system: str) -> str:
    """What pip says when a wheel is missing; nothing when all are there."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-input",
                "--only-binary", ":all:", "--platform", PLATFORMS[system], "--target", folder,
                "--python-version", "3.11", "--ignore-installed", *requirements(system),
            ],
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )  # fmt: skip
    return "" if done.returncode == 0 else done.stderr.strip()


def main() -> int:
    """Ask for each system; 1 when something is missing."""
    status = 0
    for system in PLATFORMS:
        said = missing(system)
        sys.stdout.write(f"{system}: {said or 'all wheels are there'}\n")
        status |= bool(said)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
