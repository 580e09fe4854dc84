"""Cleans up after a demo that was killed: a small process that sees the demo's pipe close."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from teleterm.osutil import procs

_PIDS = "running"
_STOP_S = 2.0
# Ends the sessions whose leaders are noted, then removes the folder; PostgreSQL, which has a
# keeper of its own, may be writing its last into it meanwhile.
_SCRIPT = """
read -r _
for file in "$1"/running/*; do
    kill -9 "-${file##*/}" 2>/dev/null
done
for _ in 1 2 3 4 5; do
    rm -rf "$1" 2>/dev/null
    [ -e "$1" ] || exit 0
    sleep 1
done
"""


class Keeper:
    """Holds the demo's folder, and removes it whichever way the demo ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: procs.Process | None = None
        (folder / _PIDS).mkdir(mode=0o700)
        if sys.platform != "win32":
            self._process = procs.spawn(
                ["/bin/sh", "-c", _SCRIPT, "keeper", str(folder)],
                env={"PATH": "/usr/bin:/bin"},
                cwd="/",
                stdin=procs.PIPE,
                stdout=procs.DEVNULL,
                stderr=procs.DEVNULL,
                start_new_session=True,
            )

    async def stop(self) -> None:
        """Remove the folder and end."""
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        if self._process is not None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            await asyncio.to_thread(procs.end, self._process, grace_s=_STOP_S)


@contextlib.contextmanager
def noted(folder: Path, pid: int) -> Iterator[None]:
    """Have the process group `pid` ended too if the demo is killed during the block."""
    note = folder / _PIDS / str(pid)
    note.touch()
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
