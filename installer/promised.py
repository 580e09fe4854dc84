"""The systems a release is promised for: the oldest glibc, and the wheels that fit each system.

    python installer/promised.py glibc           2.28
    python installer/promised.py marks SYSTEM    the options by which pip finds wheels for a system

The one place where they stand: the check of wheels, the build on an old system and the release
script read them here.
"""

import sys
from dataclasses import dataclass

PYTHON = "3.11"
GLIBC = "2.28"
OLDER_GLIBC = ("2.27", "2.26", "2.24", "2.17")
"""Those below the promised one that wheels are made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A system as Python names it, and the marks of the wheels that fit it."""

    system: str
    processor: str
    marks: tuple[str, ...]

    def options(self) -> list[str]:
        """What makes pip look for wheels of this system."""
        marks = [word for mark in self.marks for word in ("--platform", mark)]
        return ["--only-binary", ":all:", "--python-version", PYTHON, *marks]


def _linux(processor: str) -> Target:
    marks = [f"manylinux_{one.replace('.', '_')}_{processor}" for one in (GLIBC, *OLDER_GLIBC)]
    return Target(system="linux", processor=processor, marks=(*marks, f"manylinux2014_{processor}"))


TARGETS = {
    "linux-x86_64": _linux("x86_64"),
    "linux-aarch64": _linux("aarch64"),
    "windows-x86_64": Target(system="win32", processor="AMD64", marks=("win_amd64",)),
    "macos-arm64": Target(system="darwin", processor="arm64", marks=("macosx_12_0_arm64",)),
    "macos-x86_64": Target(system="darwin", processor="x86_64", marks=("macosx_12_0_x86_64",)),
}


def main(argv: list[str]) -> int:
    """Print one of them for a script."""
    match argv:
        case ["glibc"]:
            sys.stdout.write(f"{GLIBC}\n")
        case ["marks", name] if name in TARGETS:
            sys.stdout.write(f"{' '.join(TARGETS[name].options())}\n")
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
