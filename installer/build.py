"""Build the tree and the single file: `python installer/build.py [--out DIR] [--quick]`.

`--python PYTHON` builds with another Python (3.11 or newer, its own libpython shared, with Tk) from
the versions in pins.txt; without it, with this one and what is installed beside it.

Gives: `<out>/teleterm/{teleterm,tsh,lib/,licences/,manifest.json}`, `<out>/teleterm-V-SYSTEM` (the
       single file), `<out>/teleterm-V-SYSTEM.tar.xz` (the tree for updates and noexec folders).
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from installer import check_bundle, glue, materials, other_python  # noqa: E402 - found above
from teleterm import TELEPORT_VERSION, __version__  # noqa: E402 - as above

QUICK_PRESET = 0
"""A preset for a build that only gets tried: a fifth larger, in a tenth of the time."""


class BuildError(Exception):
    """The tree can't be built here; the message says what is missing."""


def check_python() -> None:
    """Refuse a Python that PyInstaller can't pack whole.

    Raises: BuildError when libpython is static or Tk is missing.
    """
    if sys.platform == "linux" and not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        raise BuildError("This Python has no shared libpython; use the system's, or one built so.")
    if importlib.util.find_spec("_tkinter") is None:
        raise BuildError("This Python has no Tk; install python3-tk.")


def system_name() -> str:
    """The system and processor a build is for, as releases name them."""
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return f"{system}-{platform.machine().lower()}"


def write_manifest(tree: Path, version: str = __version__) -> Path:
    """List every file of the tree with its size and SHA-256, for the installer's check."""
    files = {
        path.relative_to(tree).as_posix(): {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name != "manifest.json"
    }
    manifest = tree / "manifest.json"
    about = {
        "version": version,
        "teleport": TELEPORT_VERSION,
        "system": system_name(),
        "min_glibc": check_bundle.glibc_floor(tree),
        "files": files,
    }
    manifest.write_text(json.dumps(about, indent=1), "utf-8")
    return manifest


def pack(spec: str, work: Path, *, is_packed_again: bool) -> Path:
    """Run PyInstaller with a spec of this folder; gives the folder of what it made.

    Shape:  what is packed again by xz is better not compressed before; it also starts quicker.

    Raises: CalledProcessError with PyInstaller's own words on standard error.
    """
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
            "--workpath", str(work / "work" / spec), "--distpath", str(work / "dist"),
            str(ROOT / "installer" / spec),
        ],
        check=True,
        cwd=work,
        env=os.environ
        | {
            "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0" if is_packed_again else "9",
            "PYTHONHASHSEED": "0",
            "SOURCE_DATE_EPOCH": str(glue.DATE),
            "PYTHONPATH": str(ROOT),
        },
    )  # fmt: skip
    return work / "dist"


def build_tree(out: Path, root: Path | None = None) -> Path:
    """Put the tree at `out/teleterm`.

    Raises: BuildError, or CalledProcessError.
    """
    check_python()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="teleterm-build-") as work:
        made = pack("teleterm.spec", Path(work), is_packed_again=True) / "teleterm"
        libraries = materials.read_libraries(Path(work) / "work" / "teleterm.spec" / "teleterm")
        tree = out / "teleterm"
        shutil.rmtree(tree, ignore_errors=True)
        shutil.move(made, tree)
    if sys.platform == "linux":
        for suffix in ("", ".pkg"):
            os.link(tree / f"teleterm{suffix}", tree / f"tsh{suffix}")
    drop_links(tree)
    materials.write(tree, libraries)
    if root is not None:
        place_keys(tree, root)
    write_manifest(tree)
    return tree


def place_keys(tree: Path, root: Path) -> None:
    """Put the public keys of the releases into a tree: from then on it takes what they signed."""
    place = tree / "lib" / "teleterm" / "main" / "update"
    place.mkdir(parents=True, exist_ok=True)
    (place / "root.json").unlink(missing_ok=True)  # trees may share their files
    shutil.copyfile(root, place / "root.json")


def drop_links(tree: Path) -> None:
    """Put a file in the place of each link: the manifest and other systems know files only."""
    for path in [path for path in tree.rglob("*") if path.is_symlink()]:
        target = path.resolve()
        path.unlink()
        if target.is_file():
            os.link(target, path)


def build_file(tree: Path, out: Path, preset: int) -> tuple[Path, Path]:
    """Pack a tree; gives the single file and the compressed tree."""
    name = f"teleterm-{__version__}-{system_name()}"
    payload = glue.compress(tree, out / f"{name}.tar.xz", preset)
    with tempfile.TemporaryDirectory(prefix="teleterm-stub-") as work:
        made = pack("stub.spec", Path(work), is_packed_again=False)
        target = glue.glue(
            made / "stub",
            made / "stub.pkg",
            payload,
            glue.Tree(version=__version__, size=check_bundle.size_of(tree)),
            out / name,
        )
    return target, payload


def main() -> int:
    """Build, smoke-test, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--quick", action="store_true", help="pack faster and larger, for a try")
    parser.add_argument("--tree-only", action="store_true", help="leave out the single file")
    parser.add_argument("--root", type=Path, help="root.json: the public keys of its updates")
    parser.add_argument("--max-glibc", default="", help="fail when the tree needs a newer one")
    parser.add_argument("--python", type=Path, help="build with this one, from pins.txt")
    options = parser.parse_args()
    if options.python:
        return other_python.build(options.python, sys.argv[1:])
    try:
        tree = build_tree(options.out, options.root)
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    subprocess.run([tree / "tsh", "version"], check=True, timeout=60)
    subprocess.run([tree / "teleterm", "--self-test"], check=True, timeout=60)
    single = None
    if not options.tree_only and sys.platform == "linux":
        preset = QUICK_PRESET if options.quick else glue.FULL_PRESET
        single, _payload = build_file(tree, options.out, preset)
    return check_bundle.report(tree, single, is_quick=options.quick, max_glibc=options.max_glibc)


if __name__ == "__main__":
    raise SystemExit(main())
