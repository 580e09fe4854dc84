"""The one way to seal the window: three calls at three moments, and a report of what held.

    before_tk()     first thing, before tkinter makes an interpreter: the environment
    after_tk(app)   at once after Tk(): X resources, then the Tcl commands that reach the machine
    close()         when all imports are done: the kernel's two fences, then the audit hook

The kernel's fences come after Tk(), not before: Xlib tries the abstract socket of the display first
and doesn't fall back on a refusal, and a display may be reached over TCP. A kernel without one of
them is no reason to stop: the report names what is missing.
"""

import importlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.ui.seal import audit, kernel, landlock, seccomp

if TYPE_CHECKING:
    import tkinter as tk

FORBIDDEN_NAMES = (
    "TCLLIBPATH",
    "TCL8_6_TM_PATH",
    "XENVIRONMENT",
    "XAPPLRESDIR",
    "LD_PRELOAD",
)
"""Variables that let somebody else's Tcl, X resources or code into this process."""

LATE_IMPORTS = ("traceback", "linecache", "tokenize", "encodings.latin_1", "encodings.ascii")
"""What Python itself imports when something fails; afterwards it can't."""

FORBIDDEN_PREFIXES = ("PYTHON", "LD_", "TCL_", "TK_")

_report: dict[str, str] = {
    "environment": "open",
    "tcl": "open",
    "audit": "open",
    "landlock": "open",
    "seccomp": "open",
    "core dumps": "open",
}

PUBLIC = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64", "/usr/share", "/usr/local/lib",
    "/usr/local/share", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/var/cache/fontconfig",
    "/nix/store", "/gnu/store", "/run/host/fonts",
)  # fmt: skip
"""What the libraries below Tk read when it is first needed: fonts, cursors, locales, libraries."""
OF_THE_USER = (
    ".XCompose", ".fonts", ".icons", ".local/share/fonts", ".local/share/icons", ".Xdefaults",
    ".config/fontconfig", ".cache/fontconfig",
)  # fmt: skip
"""The same in the user's folder."""


def before_tk() -> None:
    """Drop every variable through which code or Tcl of others could come in.

    main already starts the window with a built environment; this is the second look, so that a
    window started in any other way is no worse off.
    """
    dropped = [
        name
        for name in os.environ
        if name in FORBIDDEN_NAMES or name.startswith(FORBIDDEN_PREFIXES)
    ]
    for name in dropped:
        del os.environ[name]
    if getattr(sys, "frozen", False):
        for name, folder in (("TCL_LIBRARY", "_tcl_data"), ("TK_LIBRARY", "_tk_data")):
            os.environ[name] = os.path.join(sys.prefix, folder)  # noqa: PTH118 - no pathlib here
    _report["environment"] = f"dropped {', '.join(sorted(dropped))}" if dropped else "clean"


def after_tk(app: "tk.Tk") -> None:
    """Blunt X resources and cut the Tcl interpreter; call it before any event loop.

    Raises: tclseal.SealError when a command that must go is still there: the window must not start.
    """
    from teleterm.ui.seal import tclseal

    removed = tclseal.cut(app)
    _report["tcl"] = f"{removed} commands removed"


def close() -> None:
    """Put up the kernel's fences and the audit hook: from here on nothing is imported or started.

    It can't be taken back, so tests call it in a process of their own.
    """
    for name in LATE_IMPORTS:
        importlib.import_module(name)
    close_kernel()
    close_audit()


def close_kernel() -> None:
    """The fences that native code can't walk past; each that can't be put up is named."""
    _report["core dumps"] = _held(kernel.forbid_core_dumps)
    _report["landlock"] = _held(lambda: landlock.restrict(_readable()))
    _report["seccomp"] = _held(seccomp.restrict)


def close_audit() -> None:
    """The tripwire, last: it would stop the other fences from being put up."""
    audit.install(_own_code())
    _report["audit"] = "on"


def report() -> dict[str, str]:
    """What each layer says of itself, for Help > About and the log."""
    return dict(_report)


def _held(put_up: Callable[[], str]) -> str:
    """What a fence says of itself, or why it isn't there."""
    try:
        return put_up()
    except kernel.NoFence as error:
        return f"missing: {error}"


def _readable() -> tuple[str, ...]:
    home = os.environ.get("HOME", "")
    own = [f"{home}/{name}" for name in OF_THE_USER] if home.startswith("/") else []
    return (*_own_code(), *PUBLIC, *own, *kernel.font_folders())


def _own_code() -> tuple[str, ...]:
    """Where the interpreter, its packages and ours lie: tracebacks read their source lines there.

    Never a whole prefix: that may be a home folder, and profiles lie below it.
    """
    here = os.path.abspath(__file__)  # noqa: PTH100 - pathlib would be loaded for this alone
    package = here[: -len("/ui/seal/seal.py")]
    if getattr(sys, "frozen", False):
        return (sys.prefix, package)
    return (package, os.path.join(sys.prefix, "lib"), os.path.join(sys.base_prefix, "lib"))  # noqa: PTH118
