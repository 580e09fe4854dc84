"""A program whose standard streams were closed by whoever started it."""

import subprocess
import sys

import pytest

SCRIPT = """
import os, sys
from teleterm.osutil import streams
streams.fill_closed()
taken = os.open(os.devnull, os.O_RDONLY)
print("said", file=sys.stdout)
print("complained", file=sys.stderr)
sys.stdout.flush()
os._exit(0 if taken > 2 and sys.stdin.read() == "" else 1)
"""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_no_file_takes_the_place_of_a_closed_stream(closed: str) -> None:
    argv = ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", SCRIPT]
    done = subprocess.run(argv, input="", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stdout == ("" if ">&-" in closed.replace("2>&-", "") else "said\n")
    assert done.stderr == ("" if "2>&-" in closed else "complained\n")


def test_a_command_whose_output_is_closed_ends_in_order() -> None:
    argv = ["/bin/sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", "teleterm.tsh", "version"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
