"""The one way to seal the window: three calls at three moments, and a report of what held.

    before_tk()     first thing, before tkinter makes an interpreter: the environment
    after_tk(app)   at once after Tk(): X resources, then the Tcl commands that reach the machine
    close()         when all imports are done: the audit hook

The kernel's layers (Landlock, seccomp; packaging-security.md section 7) belong behind the same
calls; until they are there the report says so, and nobody may call the window sealed by the kernel.
"""

import importlib
import os
import sys
import tkinter as tk

from teleterm.ui.seal import audit, tclseal

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

FORBIDDEN_PREFIXES = ("PYTHON", "LD_")

_report: dict[str, str] = {
    "environment": "open",
    "tcl": "open",
    "audit": "open",
    "landlock": "not built yet",
    "seccomp": "not built yet",
}


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
    _report["environment"] = f"dropped {', '.join(sorted(dropped))}" if dropped else "clean"


def after_tk(app: tk.Tk) -> None:
    """Blunt X resources and cut the Tcl interpreter; call it before any event loop.

    Raises: tclseal.SealError when a command that must go is still there: the window must not start.
    """
    removed = tclseal.cut(app)
    _report["tcl"] = f"{removed} commands removed"


def close() -> None:
    """Install the audit hook: from here on nothing is imported, opened for writing or started.

    It can't be taken back, so tests call it in a process of their own.
    """
    for name in LATE_IMPORTS:
        importlib.import_module(name)
    audit.install((sys.prefix, sys.base_prefix, _own_tree()))
    _report["audit"] = "on"


def report() -> dict[str, str]:
    """What each layer says of itself, for Help > About and the log."""
    return dict(_report)


def _own_tree() -> str:
    """The folder that holds the package, where tracebacks read their source lines."""
    return os.path.dirname(  # noqa: PTH120 - pathlib would be imported for this alone
        os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    )
