"""`tsh ssh -f`: the connection is made in front, by a child that then lives on in the background.

The child shares our terminal until the node has let it in, so that it can ask whatever a login
needs; then it reads nothing any more, leaves our session and tells us, and we end with 0. Over the
same pair of sockets it learns that we were stopped before that, and ends too.
"""

import asyncio
import os
import socket
import sys
from contextlib import suppress

from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh.grammar import Parsed

FLAG = "fork-signal-fd"
_LEFT = b"\0"
_LOST_STATUS = 1


def is_child(parsed: Parsed) -> bool:
    """Whether this process is the one that shall go to the background."""
    return parsed.number(FLAG) > 0


def start() -> int:
    """Run this very command line in a child; gives 0 once it is in the background, or its status.

    Raises: Refused where there is no such thing.
    """
    if sys.platform != "win32":
        return _start()
    raise Refused(
        "-f does not work on Windows: there is no background to go to.",
        code=ErrorCode.NOT_IMPLEMENTED,
        hint="Leave -f out and open another window.",
    )


def _start() -> int:
    from teleterm.osutil import procs

    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            number = theirs.fileno()
            argv = procs.tsh_argv(f"--{FLAG}={number}", *sys.argv[1:])
            child = procs.spawn(argv, stdin=0, pass_fds=(number,))
        if ours.recv(1) == _LEFT:
            child.returncode = 0  # it lives on; nobody is to wait for it
            return 0
    return child.wait()


def end_with_parent(parsed: Parsed) -> None:
    """Leave at once if who started us is gone before we are in the background."""

    def gone() -> None:
        os._exit(_LOST_STATUS)

    asyncio.get_running_loop().add_reader(parsed.number(FLAG), gone)


def go(parsed: Parsed) -> None:
    """Go to the background: no input, a session of our own, and the parent may end."""
    number = parsed.number(FLAG)
    asyncio.get_running_loop().remove_reader(number)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if sys.platform != "win32":
        os.setsid()
    with suppress(OSError), socket.socket(fileno=number) as parent:
        parent.sendall(_LEFT)
