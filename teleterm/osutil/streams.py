"""The three standard streams, also where whoever started the program closed them."""

import os
import sys

NAMES = ("stdin", "stdout", "stderr")


def fill_closed() -> None:
    """Put the null device where standard input, output or error is closed.

    Otherwise the next file or connection gets that number, and what is printed goes into it.
    Call it first thing, before another descriptor is opened. Windows has no such streams to fill.
    """
    if os.name == "nt":
        return
    for descriptor, name in enumerate(NAMES):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free: this one
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - it stays
