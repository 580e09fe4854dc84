"""Small programs `tsh` and `teleterm` in a folder of ours, for terminals and for links.

A packed tree has real programs; a checkout gets launchers that name its Python.
"""

import shlex
import sys
from pathlib import Path

from teleterm.osutil import atomic, dirs, procs

NAMES = ("tsh", "teleterm")


def folder(folders: dirs.Folders) -> Path:
    """Where `tsh` and `teleterm` are."""
    return Path(sys.executable).parent if procs.is_packed() else folders.data / "bin"


def program(folders: dirs.Folders, name: str) -> Path:
    """What a link to `name` points to; a tree that nobody installed has no `current` yet."""
    current = folders.data / "current" / name
    return current if procs.is_packed() and current.exists() else folder(folders) / name


def write(folders: dirs.Folders, ca_file: str = "") -> None:
    """Write the launchers of a checkout, if they differ; a packed tree needs none.

    Shape: with `ca_file` they trust the demo cluster's authority, in `tsh` only.
    """
    is_needed = sys.platform != "win32" and not procs.is_packed()
    if not is_needed:
        return
    place = folder(folders)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, argv in (("tsh", procs.tsh_argv()), ("teleterm", procs.own_argv())):
        text = _script(argv, ca_file if name == "tsh" else "").encode()
        path = place / name
        if not path.exists() or path.read_bytes() != text:
            atomic.write(path, text, mode=0o700)


def _script(argv: list[str], ca_file: str) -> str:
    root = shlex.quote(str(procs.checkout_root()))
    trust = f"export SSL_CERT_FILE={shlex.quote(ca_file)}\n" if ca_file else ""
    return (
        "#!/bin/sh\n"
        f'export PYTHONPATH={root}"${{PYTHONPATH:+:$PYTHONPATH}}"\n'
        f'{trust}exec {shlex.join(argv)} "$@"\n'
    )
