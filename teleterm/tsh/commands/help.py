"""`tsh help [command]`."""

import sys

from teleterm.tsh import usage
from teleterm.tsh.catalogue import GRAMMAR
from teleterm.tsh.grammar import Parsed, UsageError
from teleterm.tsh.render import plain


def run(parsed: Parsed) -> int:
    """Explain the program or one command on standard output."""
    words = parsed.many("command")
    command = GRAMMAR.find(words) if words else GRAMMAR.root
    if command is None:
        error = UsageError(f'expected command but got "{words[-1]}"', at=None, announced=False)
        sys.stderr.write(f"tsh: error: {plain.lines(error.message)}\n")
        return 1
    sys.stdout.write(usage.of_command(GRAMMAR, command) + "\n")
    return 0
