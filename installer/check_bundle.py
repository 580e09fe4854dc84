"""What a built tree and single file must be: within their sizes, free of strangers, old glibc."""

import re
import sys
from pathlib import Path

LARGEST_FILE_MB, LARGEST_TREE_MB = 30.0, 120.0
QUICK_ALLOWANCE = 1.2
STRANGERS = frozenset({"numpy", "PIL", "mypy", "pytest", "hypothesis", "grpc_tools", "setuptools"})
"""What stands beside the program where it is built, and must not be packed."""


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


def strangers(tree: Path) -> set[str]:
    """What was packed by mistake."""
    return {path.name.split(".")[0].split("-")[0] for path in (tree / "lib").iterdir()} & STRANGERS


def report(tree: Path, single: Path | None, *, is_quick: bool, max_glibc: str) -> int:
    """Print sizes and the glibc floor; gives 1 when a bound is broken."""
    problems = [f"{name} was packed by mistake" for name in strangers(tree)]
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
