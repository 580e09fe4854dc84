"""`teleterm --self-test`: whether this installation is whole; updates run it before use."""

import importlib
import pkgutil
import sys

import teleterm
from teleterm import TELEPORT_VERSION, __version__

_SKIPPED = ("__main__",)
_OTHER_SYSTEMS = frozenset({"msvcrt", "winreg", "winpty", "_winapi"})
"""Modules that only another system has: a module of ours that needs one isn't broken."""


def run() -> int:
    """Import everything, make a Tcl interpreter, print versions; gives the exit status."""
    failures = [f"{name}: {error}" for name, error in _import_all()]
    tkinter = importlib.import_module("tkinter")
    version = tkinter.Tcl().call("info", "patchlevel")
    python = ".".join(str(part) for part in sys.version_info[:3])
    sys.stdout.write(
        f"teleterm {__version__} (Teleport {TELEPORT_VERSION})\nPython {python}\nTcl/Tk {version}\n"
    )
    for line in failures:
        sys.stderr.write(f"broken: {line}\n")
    return 1 if failures else 0


def _import_all() -> list[tuple[str, str]]:
    """Import every module of ours; gives the names of those that can't be, with the reason."""
    broken: list[tuple[str, str]] = []
    walk = pkgutil.walk_packages(
        teleterm.__path__, "teleterm.", onerror=lambda name: broken.append((name, "not importable"))
    )
    for module in walk:
        if module.name.rsplit(".", 1)[-1] in _SKIPPED:
            continue
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            if error.name not in _OTHER_SYSTEMS:
                broken.append((module.name, str(error)))
    return broken
