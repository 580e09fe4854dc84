"""What differs between two built trees: `python installer/compare.py TREE TREE`.

Looks into the archives too, so that a difference has the name of a module, not of a file of 14 MB.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLLOWS = frozenset({"manifest.json"})
"""What differs when anything else does."""


def differences(one: Path, other: Path) -> list[str]:
    """A line for each file, or module of an archive, that isn't the same in both; sorted."""
    files, others = _files(one), _files(other)
    found = [f"only in {one}: {name}" for name in sorted(files - others)]
    found += [f"only in {other}: {name}" for name in sorted(others - files)]
    for name in sorted(files & others):
        if os.access(one / name, os.X_OK) != os.access(other / name, os.X_OK):
            found.append(f"whether {name} may be run")
        if (one / name).read_bytes() == (other / name).read_bytes():
            continue
        found += _in_archive(one / name, other / name) if name.endswith(".pkg") else [name]
    is_cause = [line for line in found if line not in FOLLOWS]
    return is_cause or found


def _files(tree: Path) -> set[str]:
    return {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}


def _in_archive(one: Path, other: Path) -> list[str]:
    """The parts of a program's archive that differ; the archive itself when its parts don't."""
    mine, theirs = _parts(one), _parts(other)
    found = [
        f"{one.name}: {name}"
        for name in sorted({*mine, *theirs})
        if mine.get(name) != theirs.get(name)
    ]
    return found or [f"{one.name}: the order of its parts"]


def _parts(path: Path) -> dict[str, bytes]:
    """What an archive holds, its modules by their names."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(path))
    modules = archive.open_embedded_archive("PYZ.pyz")
    found = {name: bytes(archive.extract(name) or b"") for name in archive.toc if name != "PYZ.pyz"}
    return found | {name: bytes(modules.extract(name, raw=True) or b"") for name in modules.toc}


def main() -> int:
    """Print the differences; 1 when there are any."""
    found = differences(*(Path(one) for one in sys.argv[1:3]))
    for line in found:
        sys.stdout.write(f"{line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
