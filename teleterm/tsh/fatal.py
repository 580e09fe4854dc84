"""How a command ends when it fails: one table from errors to words and exit status."""

import sys
from typing import TextIO

from teleterm.model.errors import ErrorCode, TeletermError
from teleterm.tsh.render import plain

_RED, _PLAIN = "\x1b[31m", "\x1b[0m"
INTERRUPTED_STATUS = 130


class Exit(Exception):
    """End the program with this status; everything has been said already."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def show(message: str, *, stream: TextIO | None = None) -> None:
    """Write `ERROR: message` and an empty line, the first word red as the official program does."""
    out = stream or sys.stderr
    out.write(f"{_RED}ERROR: {_PLAIN}{plain.lines(message)}\n\n")
    out.flush()


def words(error: TeletermError) -> str:
    """The message with its hint on a line of its own; where a login is missing, how to log in."""
    hint = error.hint
    if error.code is ErrorCode.NEEDS_LOGIN and hint:
        hint = f"{hint.removesuffix('.')}: tsh login"
    return f"{error.message}\n\t{hint}" if hint else error.message
