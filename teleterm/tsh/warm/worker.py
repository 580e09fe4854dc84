"""The life of a worker: become the process that the front was started as, and run its command."""

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from io import TextIOWrapper
from typing import Literal

from teleterm.tsh.warm import request

assert sys.platform == "linux"  # noqa: S101 - what follows exists only there


def run(front: socket.socket, wanted: request.Request, descriptors: list[int]) -> int:
    """Run the command when the front says so; its status goes to the front, and is given."""
    _reset_signals()
    front.sendall(request.pack_answer(request.PID, os.getpid()))
    if front.recv(1) != request.GO:
        return 0
    _become(wanted, descriptors)
    from teleterm.tsh import passing, program

    status = program.main([os.fsdecode(word) for word in wanted.argv[1:]])
    passing.clear()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    with suppress(OSError):
        front.sendall(request.pack_answer(request.END, status & 0xFF))
    return status


def _reset_signals() -> None:
    """What the daemon was started with (`nohup`) is not for its workers: fronts pass signals on."""
    for number in (signal.SIGCHLD, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _become(wanted: request.Request, descriptors: list[int]) -> None:
    """Take over streams, folder, mask and environment."""
    *streams, folder = descriptors
    os.fchdir(folder)
    for number, one in enumerate(streams):
        os.dup2(one, number)
    for one in descriptors:
        os.close(one)
    os.umask(wanted.umask)
    os.environb.clear()
    os.environb.update(wanted.environ)
    time.tzset()
    sys.argv = [os.fsdecode(word) for word in wanted.argv]
    encoding, errors, out_encoding, out_errors = wanted.streams
    sys.stdin = _open(0, "r", encoding, errors)
    sys.stdout = _open(1, "w", out_encoding, out_errors)
    sys.stderr = _open(2, "w", out_encoding, "backslashreplace")


def _open(number: int, mode: Literal["r", "w"], encoding: str, errors: str) -> TextIOWrapper:
    """A standard stream as the interpreter makes it."""
    by_line = mode == "w" and (number == 2 or os.isatty(number))
    file = open(  # noqa: SIM115 - open as long as the process lives
        number, mode, encoding=encoding or None, errors=errors or None, closefd=False
    )
    file.reconfigure(line_buffering=by_line)
    return file
