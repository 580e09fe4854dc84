"""`--role seal`: put up the fences in a process of its own, try them, and say what holds here."""

import os
import sys
from collections.abc import Callable

from teleterm.ui.seal import seal

TITLES = ("landlock", "seccomp", "audit", "core dumps")


def main() -> int:
    """Seal this process and print a line for each fence; 1 when one claims more than it holds.

    Needs no display: the environment and Tcl are cut at the window's start and told in its log.
    """
    import socket

    seal.close_kernel()
    held = {
        "landlock": _is_refused(_read),
        "seccomp": _is_refused(lambda: socket.socket().close()),
    }
    seal.close_audit()
    held["audit"] = _is_refused(_read)
    words = seal.report()
    false = [name for name, is_held in held.items() if words[name].startswith("on") and not is_held]
    for name in TITLES:
        sys.stdout.write(f"seal: {name} {words[name]}\n")
    for name in false:
        sys.stderr.write(f"broken: the fence {name} says that it is on, and holds nothing\n")
    return 1 if false else 0


def _read() -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _is_refused(attack: Callable[[], object]) -> bool:
    try:
        attack()
    except PermissionError:
        return True
    return False
