"""What a built tree and single file must be: within their sizes, free of strangers, old glibc."""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from installer import materials  # noqa: E402 - found through the line above

LARGEST_FILE_MB, LARGEST_TREE_MB = 30.0, 120.0
QUICK_ALLOWANCE = 1.2
OURS = frozenset({"teleterm", "_tcl_data", "_tk_data", "tcl8"})


def size_of(tree: Path) -> int:
    """The bytes a tree takes; what has two names counts once."""
    seen = {path.stat().st_ino: path.stat().st_size for path in tree.rglob("*") if path.is_file()}
    return sum(seen.values())


def glibc_floor(tree: Path) -> str:
    """The oldest glibc that all programs and libraries of a tree start with (Linux)."""
    needed: set[tuple[int, ...]] = {(2, 17)}
    for path in tree.rglob("*"):
        if path.is_file() and (path.suffix == ".so" or ".so" in path.name or not path.suffix):
            found = set(re.findall(rb"GLIBC_(\d+(?:\.\d+)+)", path.read_bytes()))
            needed |= {tuple(int(part) for part in one.split(b".")) for one in found}
    return ".".join(str(part) for part in max(needed))


def strangers(tree: Path, archive: str = "teleterm.pkg") -> set[str]:
    """Python packages that were packed and that no list of parts names.

    Shape: a library that looks for what it doesn't need finds whatever the builder has installed.
    """
    from PyInstaller.archive.readers import CArchiveReader

    modules = CArchiveReader(str(tree / archive)).open_embedded_archive("PYZ.pyz").toc
    packed = {name.split(".")[0] for name in modules}
    packed |= {
        re.split("[.-]", path.name)[0] for path in (tree / "lib").iterdir() if _is_package(path)
    }
    owners = metadata.packages_distributions()
    named = {part.name for part in materials.python_parts()}
    return {
        name
        for name in packed - OURS - sys.stdlib_module_names
        if not named.intersection(owners.get(name, ()))
    }


def _is_package(path: Path) -> bool:
    is_module = path.name.endswith(".so") and ".cpython-" in path.name
    return is_module or (path.is_dir() and not path.name.startswith("python"))


def report(tree: Path, single: Path | None, *, is_quick: bool, max_glibc: str) -> int:
    """Print sizes and the glibc floor; gives 1 when a bound is broken."""
    problems = [
        f"{name} was packed, and no list of parts names it" for name in sorted(strangers(tree))
    ]
    tree_mb = size_of(tree) / 1e6
    sys.stdout.write(f"{tree}: {tree_mb:.1f} MB\n")
    if tree_mb > LARGEST_TREE_MB:
        problems.append(f"the tree is larger than {LARGEST_TREE_MB:.0f} MB")
    if single is not None:
        file_mb = single.stat().st_size / 1e6
        largest = LARGEST_FILE_MB * (QUICK_ALLOWANCE if is_quick else 1)
        sys.stdout.write(f"{single}: {file_mb:.1f} MB\n")
        if file_mb > largest:
            problems.append(f"the single file is larger than {largest:.0f} MB")
    floor = glibc_floor(tree)
    sys.stdout.write(f"needs glibc {floor}\n")
    if max_glibc and _parts(floor) > _parts(max_glibc):
        problems.append(f"glibc {floor} is needed, {max_glibc} is the newest allowed")
    for problem in problems:
        sys.stderr.write(f"refused: {problem}\n")
    return 1 if problems else 0


def main() -> int:
    """`python installer/check_bundle.py TREE [FILE]`."""
    given = [Path(one) for one in sys.argv[1:]]
    single = given[1] if len(given) > 1 else None
    return report(given[0], single, is_quick=False, max_glibc="")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    raise SystemExit(main())
