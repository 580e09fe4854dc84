"""`tsh`: hands the command to a warm process where one waits, or runs it here."""

import gc
import os
import sys

from teleterm.osutil import streams

COLLECT_EVERY = 20_000
"""Imports make many objects that stay, so look through them less often than every 700."""


def run() -> None:
    """Run the command line of this process and exit."""
    streams.fill_closed()
    os.umask(0o022 | _umask())
    if sys.platform == "linux":
        from teleterm.tsh.warm import front

        status = front.run(sys.argv)
        if status is not None:
            os._exit(status)  # nothing was written here, so nothing has to be flushed
    sys.exit(main(sys.argv[1:]))


def main(argv: list[str]) -> int:
    """Run one command line in this process and give its exit status."""
    gc.set_threshold(COLLECT_EVERY, 20, 20)
    from teleterm.tsh import program

    return program.main(argv)


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


if __name__ == "__main__":
    run()
