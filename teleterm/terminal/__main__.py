"""`python -m teleterm.terminal feed|run|keys|bench`: the engine without a window."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from teleterm.terminal.cli import bench, feed, keys, run


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with an argument in one line."""

    def error(self, message: str) -> NoReturn:
        """Say it, and leave with status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: list[str]) -> int:
    """Run one command line; gives its exit status."""
    parser = _Parser(prog="python -m teleterm.terminal", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    feed.add_arguments(commands.add_parser("feed", help="show the screen after the bytes given"))
    run.add_arguments(commands.add_parser("run", help="run a program in a terminal of its own"))
    keys.add_arguments(commands.add_parser("keys", help="show what keys send, in hexadecimal"))
    bench.add_arguments(commands.add_parser("bench", help="measure the engine beside pyte"))
    options = parser.parse_args(arguments)
    if options.command == "feed":
        return feed.main(options)
    if options.command == "run":
        return run.main(options)
    if options.command == "keys":
        return keys.main(options)
    return bench.main(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
