"""An X server of our own, with a window manager if wanted."""

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

TRIES, TRY_S = 200, 0.05


@contextmanager
def display(size: str, *, manager: str = "") -> Iterator[str]:
    """An empty screen for a while; gives its name and puts it into DISPLAY."""
    before = os.environ.get("DISPLAY")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24"),
            *("-nolisten", "tcp", "-noreset"),
        ],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        name = os.environ["DISPLAY"] = f":{pipe.readline().strip()}"
    managing = _manage(manager) if manager else None
    try:
        yield name
    finally:
        for process in filter(None, (managing, server)):
            process.terminate()
            process.wait(timeout=10)
        os.environ.pop("DISPLAY")
        if before is not None:
            os.environ["DISPLAY"] = before


def _manage(manager: str) -> "subprocess.Popen[bytes]":
    """Start a window manager and wait until it says that it is one."""
    process = subprocess.Popen([manager], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(TRIES):
        asked = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
        if b"0x" in subprocess.run(asked, capture_output=True, timeout=10).stdout:
            return process
        select.select([], [], [], TRY_S)
    process.kill()
    raise AssertionError(f"{manager} did not take the screen")
