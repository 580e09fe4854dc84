"""`teleterm --self-test`: whether this installation is whole; updates run it before use."""

import importlib
import pkgutil
import sys
from pathlib import Path

import teleterm
from teleterm import TELEPORT_VERSION, __version__
from teleterm.model.errors import TeletermError
from teleterm.osutil import env, procs

PACKAGES = (
    "asyncssh", "cryptography.x509", "fido2.client", "fido2.hid", "google.protobuf", "grpc.aio",
    "httpx", "msgspec", "pyte", "truststore", "tuf.ngclient", "yaml",
)  # fmt: skip
"""What our modules import only when it is needed: a tree that lacks a part of these isn't whole."""
_SKIPPED = ("__main__",)
SEAL_TIMEOUT_S = 15.0
_OTHER_SYSTEMS = frozenset({"msvcrt", "winreg", "winpty", "_winapi"})
"""Modules that only another system has: a module of ours that needs one isn't broken."""


def run() -> int:
    """Import everything, make a Tcl interpreter, print versions; gives the exit status."""
    failures = [f"{name}: {error}" for name, error in _import_all()]
    tkinter = importlib.import_module("tkinter")
    importlib.import_module("teleterm.ui.seal.seal").before_tk()
    version = tkinter.Tcl().call("info", "patchlevel")
    python = ".".join(str(part) for part in sys.version_info[:3])
    sys.stdout.write(
        f"teleterm {__version__} (Teleport {TELEPORT_VERSION})\nPython {python}\nTcl/Tk {version}\n"
    )
    failures += _fences()
    for line in failures:
        sys.stderr.write(f"broken: {line}\n")
    return 1 if failures else 0


def _fences() -> list[str]:
    """Print what the window's seal would hold on this system; gives what is wrong with it."""
    try:
        done = procs.run(
            procs.own_argv("--role", "seal"), env=env.window_env(), timeout_s=SEAL_TIMEOUT_S
        )
    except TeletermError as error:
        return [f"the seal: {error.message}"]
    sys.stdout.write(done.out.decode("utf-8", "replace"))
    return [] if done.status == 0 else [f"the seal: {done.err.decode('utf-8', 'replace').strip()}"]


def _listed() -> list[str]:
    """The modules of a packed program, as they were when it was packed."""
    return (Path(sys.prefix) / "teleterm" / "modules.txt").read_text("utf-8").split()


def _walked(broken: list[tuple[str, str]]) -> list[str]:
    walk = pkgutil.walk_packages(
        teleterm.__path__, "teleterm.", onerror=lambda name: broken.append((name, "not importable"))
    )
    return [module.name for module in walk]


def _import_all() -> list[tuple[str, str]]:
    """Import every module of ours; gives the names of those that can't be, with the reason."""
    broken: list[tuple[str, str]] = []
    names = _listed() if procs.is_packed() else _walked(broken)
    for name in names:
        if name.rsplit(".", 1)[-1] in _SKIPPED:
            continue
        try:
            importlib.import_module(name)
        except ImportError as error:
            if error.name not in _OTHER_SYSTEMS:
                broken.append((name, str(error)))
    for name in PACKAGES:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            broken.append((name, str(error)))
    return broken
