"""The last session's shell, which the pty host opens before it serves anybody."""

import os
from typing import NamedTuple

from teleterm.bridge import opening
from teleterm.bridge import pty_contract as contract
from teleterm.osutil import env, stamp


class First(NamedTuple):
    """What main had at hand when it forked this process: the shell to open before all else."""

    data: bytes
    channel: int
    config: str

    def opening(self) -> opening.Opening | None:
        """What to open; None when it doesn't fit, or the config changed since it was written."""
        found = opening.read(self.data)
        return found if found is not None and found.config == stamp.of(self.config) else None


def request_of(found: opening.Opening) -> contract.Open:
    """The shell in the environment of this start, changed as the last session changed it."""
    shell, glance = found.shell, found.glance
    environment = env.foreign_env()
    for name in [n for n in environment if n in shell.drops or n.startswith("TELEPORT_")]:
        del environment[name]
    paths = environment.get("PATH", os.defpath).split(os.pathsep)
    environment |= shell.sets
    environment["PATH"] = os.pathsep.join(
        [shell.path_first, *(path for path in paths if path != shell.path_first)]
    )
    return contract.Open(
        argv=shell.argv,
        env=environment,
        cwd=shell.cwd if os.path.isdir(shell.cwd) else "/",  # noqa: PTH112 - on the start's path
        cols=glance.cols,
        rows=glance.rows,
        scrollback=shell.scrollback,
        meta=shell.note,
    )
