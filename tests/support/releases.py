"""Versions of the packed program made from one build: the same code under other numbers."""

import os
import shutil
from pathlib import Path

from installer import build, check_bundle, footer, glue
from tests.support.bundle import Bundle
from tests.support.signed import Signed

WINDOWLESS = """#!/bin/sh
case "$*" in *"--role ui"*) exit 1 ;; esac
export TCLLIBPATH=/nonexistent  # with this, no window is forked before main is there
exec "$(dirname "$(readlink -f "$0")")/teleterm.real" "$@"
"""


def release(bundle: Bundle, folder: Path, version: str, root: bytes, *, breaks: str = "") -> Path:
    """A compressed tree of that version, which trusts `root`; `breaks`: what is wrong with it.

    A tree that breaks its window passes the self-test: only the trial finds it out.
    """
    tree = folder / f"tree-{version}"
    shutil.copytree(bundle.tree, tree, copy_function=_link)
    keys = folder / "root.json"
    keys.write_bytes(root)
    build.place_keys(tree, keys)
    if breaks == "window":
        (tree / "teleterm").rename(tree / "teleterm.real")
        (tree / "teleterm.pkg").rename(tree / "teleterm.real.pkg")
        (tree / "teleterm").write_text(WINDOWLESS)
        (tree / "teleterm").chmod(0o755)
    (tree / "manifest.json").unlink()
    build.write_manifest(tree, version)
    archive = folder / f"teleterm-{version}-{build.system_name()}.tar.xz"
    glue.compress(tree, archive, build.QUICK_PRESET)
    return archive


def single_file(bundle: Bundle, archive: Path, version: str, target: Path) -> Path:
    """The single file around that release: the stub of the build, another payload."""
    data = bundle.single.read_bytes()
    about = footer.find(bundle.single)
    head, archive_of_stub = target.with_suffix(".head"), target.with_suffix(".pkg")
    head.write_bytes(data[: about.offset])
    head.chmod(0o755)
    archive_of_stub.write_bytes(data[about.offset + about.length + footer.SIZE :])
    tree = glue.Tree(version=version, size=check_bundle.size_of(bundle.tree))
    return glue.glue(head, archive_of_stub, archive, tree, target)


def publish(
    signed: Signed, archive: Path, *, least: str = "17.0.0", most: str = "18.99.99"
) -> None:
    """Sign it into the repository."""
    signed.at().add(archive, teleport_min=least, teleport_max=most)


def _link(source: str, target: str) -> None:
    """Files of the tree are never changed, only replaced: other names of the same bytes do."""
    os.link(source, target)
