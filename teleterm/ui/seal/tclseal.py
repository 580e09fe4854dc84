"""Cut out of a Tcl interpreter whatever reaches files, processes, sockets and other programs.

This file and the renderer's are the only ones that may give Tcl a script, and only constant ones
(tests/architecture/test_no_tcl_from_text.py).
"""

import tkinter as tk

COMMANDS = (
    "exec",
    "open",
    "socket",
    "load",
    "unload",
    "source",
    "send",
    "interp",
    "fconfigure",
    "fcopy",
    "fileevent",
    "file",
    "glob",
    "cd",
    "pwd",
    "chan",
    "encoding",
    "zlib",
    "package",
    "pid",
    "option",
    "auto_execok",
    "auto_import",
    "auto_load",
    "auto_load_index",
    "auto_mkindex",
    "auto_mkindex_old",
    "auto_qualify",
    "auto_reset",
    "dde",
    "registry",
    "console",
)
"""Global commands to delete. `exit` stays: it only ends this process."""

NAMESPACES = (
    "::tcl::file",
    "::tcl::chan",
    "::tcl::process",
    "::tcl::unsupported",
    "::tcl::tm",
    "::tcl::zlib",
    "::tcl::encoding",
    "::safe",
    "::pkg",
)

BLUNTED_OPTIONS = (
    "*Command",
    "*ValidateCommand",
    "*InvalidCommand",
    "*PostCommand",
    "*XScrollCommand",
    "*YScrollCommand",
)
"""X resources may plant Tcl in these; an empty value of highest priority takes their place."""

LAZY_SCRIPTS = ("tk_focusNext", "tk_focusFollowsMouse", "tk_popup")
"""Tk procedures that are read from its library on first use: read them while that is possible."""

HIGHEST_PRIORITY = 100


class SealError(Exception):
    """A command that must be gone is still there; the window must not start."""


def cut(app: tk.Tk) -> int:
    """Blunt the X resources, read what Tk reads lazily, then delete.

    Gives:  the number of commands removed.
    Raises: SealError when one of COMMANDS survived.
    """
    call = app.tk.call
    for pattern in BLUNTED_OPTIONS:
        call("option", "add", pattern, "", HIGHEST_PRIORITY)
    for name in LAZY_SCRIPTS:
        call("auto_load", name)
    call("proc", "bgerror", "message", "")
    _drop_appname(app)
    removed = 0
    for space in NAMESPACES:
        if int(call("namespace", "exists", space)):
            call("namespace", "delete", space)
    for name in COMMANDS:
        if _exists(app, name):
            call("rename", name, "")
            removed += 1
    call("proc", "unknown", "args", 'error "no such command here"')
    call("rename", "rename", "")
    left = [name for name in (*COMMANDS, "rename") if _exists(app, name)]
    if left:
        raise SealError(f"the window can't be sealed: Tcl still has {', '.join(left)}")
    return removed + 1


def _exists(app: tk.Tk, name: str) -> bool:
    return bool(app.tk.call("info", "commands", f"::{name}"))


def _drop_appname(app: tk.Tk) -> None:
    """Take `appname` out of the `tk` ensemble: setting the name would bring `send` back."""
    call = app.tk.call
    subcommands = app.tk.splitlist(call("namespace", "ensemble", "configure", "tk", "-map"))
    kept: list[object] = []
    for name, target in zip(subcommands[::2], subcommands[1::2], strict=True):
        if str(name) == "appname":
            call("rename", target, "")
        else:
            kept += [name, target]
    call("namespace", "ensemble", "configure", "tk", "-map", tuple(kept))
