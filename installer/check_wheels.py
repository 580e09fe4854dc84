"""Whether every pinned dependency has a wheel for each system a release is promised for.

`python installer/check_wheels.py`: needs the package index, reads its lists, keeps nothing.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from installer import pins  # noqa: E402 - found through the line above

PYTHON = "3.11"
GLIBC = ("2_28", "2_27", "2_26", "2_24", "2_17")
"""The oldest glibc that is promised, and the older ones that wheels may be made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A system as Python names it, and the marks of the wheels that fit it."""

    system: str
    processor: str
    marks: tuple[str, ...]


def _linux(processor: str) -> Target:
    many = [f"manylinux_{one}_{processor}" for one in GLIBC]
    return Target(system="linux", processor=processor, marks=(*many, f"manylinux2014_{processor}"))


TARGETS = {
    "linux-x86_64": _linux("x86_64"),
    "linux-aarch64": _linux("aarch64"),
    "windows-x86_64": Target(system="win32", processor="AMD64", marks=("win_amd64",)),
    "macos-arm64": Target(system="darwin", processor="arm64", marks=("macosx_12_0_arm64",)),
    "macos-x86_64": Target(system="darwin", processor="x86_64", marks=("macosx_12_0_x86_64",)),
}


def missing(name: str) -> str:
    """What pip says when a wheel is missing; nothing when all are there.

    Shape: each pin for itself, since pip would read the conditions of this system into their needs.
    """
    target = TARGETS[name]
    marks = [word for mark in target.marks for word in ("--platform", mark)]
    wanted = pins.holding(target.system, target.processor)
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-input",
            "--no-deps", "--no-cache-dir", "--only-binary", ":all:", *marks, "--target", "unused",
            "--python-version", PYTHON, "--ignore-installed", *wanted,
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
    for name in TARGETS:
        said = missing(name)
        sys.stdout.write(f"{name}: {said or 'all wheels are there'}\n")
        status |= bool(said)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
