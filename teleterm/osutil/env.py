"""Environments of children: ours stay with us, everybody else gets the user's own."""

import os
import sys
from collections.abc import Mapping

from teleterm.osutil import forks

PACKER_PREFIXES = ("_PYI_", "_MEI")
OWN_LIBRARIES = ("TCL_LIBRARY", "TK_LIBRARY")
TRUST_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
OURS_MARK = "TELETERM_OWN_TRUST"
"""Set beside SSL_CERT_* by us, so that a child of a child can tell ours from the user's."""


def foreign_env(
    environ: Mapping[str, str] | None = None, changes: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment for a program that isn't ours (shells, psql, browsers).

    Gives: a copy without the packer's variables, our Tcl and Tk, our trusted roots; the library
           path is the user's own again. `changes` come on top.
    """
    source = os.environ if environ is None else environ
    env = {name: value for name, value in source.items() if not name.startswith(PACKER_PREFIXES)}
    for name in OWN_LIBRARIES:
        env.pop(name, None)
    if env.pop(OURS_MARK, ""):
        for name in TRUST_VARIABLES:
            env.pop(name, None)
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        original = env.pop(f"{name}_ORIG", None)
        if original is not None:
            env[name] = original
        elif _is_packed() and env.get(name, "").startswith(sys.prefix):
            del env[name]  # a user's own stays: installer/entry.py has put it back already
    env.update(changes or {})
    return env


def window_env(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The small environment of the window's process: built, not inherited.

    Source: packaging-security.md section 7, step 1.
    """
    source = os.environ if environ is None else environ
    env = {name: value for name, value in source.items() if forks.is_kept(name)}
    if sys.platform == "linux" and forks.composes_itself(env):
        env.update(forks.NO_SEQUENCES)
    if not _is_packed():
        from teleterm.osutil import procs

        env["PYTHONPATH"] = str(procs.checkout_root())
    return env


def role_env(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of our own roles but the window: everything, and where our code is."""
    env = dict(os.environ if environ is None else environ)
    if not _is_packed():
        from teleterm.osutil import procs

        root = str(procs.checkout_root())
        paths = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
        if root not in paths:
            env["PYTHONPATH"] = os.pathsep.join([root, *paths])
    return env


def _is_packed() -> bool:
    return bool(getattr(sys, "frozen", False))
