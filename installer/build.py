"""Build the tree with both programs: `python installer/build.py [--out DIR]`.

Gives: `<out>/teleterm/{teleterm,tsh,lib/,manifest.json}`; the single file around it comes later.
"""

import argparse
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from teleterm import TELEPORT_VERSION, __version__  # noqa: E402 - found through the line above


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


def write_manifest(tree: Path) -> Path:
    """List every file of the tree with its size and SHA-256, for the installer's check."""
    files = {
        path.relative_to(tree).as_posix(): {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    manifest = tree / "manifest.json"
    about = {"version": __version__, "teleport": TELEPORT_VERSION, "files": files}
    manifest.write_text(json.dumps(about, indent=1), "utf-8")
    return manifest


def build(out: Path) -> Path:
    """Run PyInstaller and put the tree at `out/teleterm`.

    Raises: BuildError, or CalledProcessError with PyInstaller's own words on standard error.
    """
    check_python()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="teleterm-build-") as work:
        subprocess.run(
            [
                sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
                "--workpath", f"{work}/work", "--distpath", f"{work}/dist",
                str(ROOT / "installer" / "teleterm.spec"),
            ],
            check=True,
            cwd=work,
        )  # fmt: skip
        tree = out / "teleterm"
        shutil.rmtree(tree, ignore_errors=True)
        shutil.move(f"{work}/dist/teleterm", tree)
    write_manifest(tree)
    return tree


def main() -> int:
    """Build, smoke-test, and say where the tree is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    try:
        tree = build(options.out)
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    subprocess.run([tree / "tsh", "version"], check=True, timeout=60)
    subprocess.run([tree / "teleterm", "--self-test"], check=True, timeout=60)
    size_mb = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file()) / 1e6
    sys.stdout.write(f"{tree}: {size_mb:.0f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
