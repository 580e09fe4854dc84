import json
import subprocess
import sys

import pytest

from teleterm.osutil import procs

SCRIPT = """
import json, os, sys
from teleterm.osutil import forks

def main(fds):
    [fd] = fds
    def read(name):
        with open(f"/proc/self/{name}", "rb") as file:
            return file.read().decode()
    told = {
        "block": read("environ").strip("\\0"),
        "line": read("cmdline").strip("\\0"),
        "name": read("comm").strip(),
        "variables": dict(os.environ),
        "fds": sorted(int(n) for n in os.listdir("/proc/self/fd")),
        "folder": os.getcwd(),
    }
    os.write(fd, json.dumps(told).encode())
    return 7

pid, bridge = forks.window(main)
if not pid:
    sys.exit(99)
data = b""
while more := os.read(bridge, 65536):
    data += more
sys.stdout.write(data.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def fork(**variables: str) -> subprocess.CompletedProcess[str]:
    """Fork a window that tells what it sees."""
    given = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(procs.checkout_root()), **variables}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env=given, capture_output=True, text=True, timeout=30
    )


@pytest.mark.skipif(sys.platform != "linux", reason="windows are forked on Linux only")
def test_a_forked_window_has_nothing_of_main_s() -> None:
    done = fork(DISPLAY=":9", LC_CTYPE="C.UTF-8", AWS_SECRET_ACCESS_KEY="hush")
    assert done.returncode == 7, done.stderr
    told = json.loads(done.stdout)
    assert told["variables"] == {
        "DISPLAY": ":9",
        "LC_CTYPE": "C.UTF-8",
        "XCOMPOSEFILE": "/dev/null",
    }
    assert told["block"] == ""
    assert told["line"].split("\0") == ["teleterm", "--role", "ui"]
    assert told["name"] == "teleterm-ui"
    assert [fd for fd in told["fds"] if fd > 3][1:] == []
    assert told["folder"] == "/"


@pytest.mark.parametrize("name", ["LD_PRELOAD", "PYTHONSTARTUP", "TCLLIBPATH", "XENVIRONMENT"])
def test_what_acts_before_the_first_line_is_not_forked_on(name: str) -> None:
    assert fork(**{name: ""}).returncode == 99
