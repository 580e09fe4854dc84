"""Single questions to the person at the terminal, in the official form."""

import sys
from collections.abc import Sequence
from typing import TextIO

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.model.secret import Secret
from teleterm.tsh import terminal
from teleterm.tsh.render import plain

NO_TERMINAL = "failed reading prompt response\n\tunderlying reader is not a terminal"


async def hidden(question: str, out: TextIO, *, no_terminal: str = NO_TERMINAL) -> Secret[str]:
    """Ask on a line of its own, and read without showing what is typed; asks nothing if empty.

    Raises: Refused (CANCELLED) without a terminal, or at the end of input.
    """
    if not sys.stdin.isatty():
        raise Refused(no_terminal, code=ErrorCode.CANCELLED)
    if question:
        _say(out, f"{question}:\n")
    return Secret(await terminal.hidden_line(sys.stdin.fileno()))


async def shown(question: str, out: TextIO) -> str:
    """Ask, and read what is typed.

    Raises: Refused (CANCELLED) at the end of input.
    """
    _say(out, f"{question}: ")
    return (await terminal.line(sys.stdin.fileno())).strip()


async def one_of(question: str, choices: Sequence[str], out: TextIO) -> str:
    """Ask for one of some words, in capitals or not.

    Raises: BadInput for another one.
    """
    known = ", ".join(choices)
    given = await shown(f"{question} [{known}]", out)
    for choice in choices:
        if choice.lower() == given.lower():
            return choice
    raise BadInput(
        f'"{given}" is not a valid option, please specify one of [{known}]', field=question
    )


async def agreed(question: str, out: TextIO) -> bool:
    """Ask for a yes; anything else is a no."""
    return (await shown(f"{question} [y/N]", out)).lower() in {"y", "yes"}


def _say(out: TextIO, text: str) -> None:
    out.write(plain.lines(text))
    out.flush()
