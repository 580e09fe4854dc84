"""X11 forwarding: which cookie programs on the node get, and for how long.

Trusted (`-Y`) programs use this display as local ones do. For others (`-X`) the display makes
a cookie of its own, which lets them see less and ends after a while.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.wire import durations

_WAIT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A display to forward, and the file with its cookie (empty: the usual one)."""

    name: str
    authority: str = ""


@asynccontextmanager
async def display(
    environ: Mapping[str, str], *, trusted: bool, timeout: str
) -> AsyncIterator[Display | None]:
    """The display of this computer for as long as the block lasts; None when there is none.

    Raises: BadInput when the timeout can't be read; Refused when no untrusted cookie can be made.
    """
    name = environ.get("DISPLAY", "")
    if not name:
        sys.stderr.write("X11 forwarding is off: DISPLAY names no display here.\n")
        yield None
    elif trusted:
        yield Display(name=name)
    else:
        length_s = seconds(timeout)
        with tempfile.TemporaryDirectory(prefix="tsh-x11-") as folder:
            authority = str(Path(folder) / "authority")
            await _generate(name, authority, length_s, environ)
            yield Display(name=name, authority=authority)


def seconds(timeout: str) -> int:
    """How long `10m`, or a number of seconds, is.

    Raises: BadInput.
    """
    if timeout.isascii() and timeout.isdigit():
        return int(timeout)
    try:
        found = durations.decode_ns(timeout) // durations.SECOND_NS
    except ValueError:
        found = -1
    if found < 0:
        raise BadInput(
            f'time: invalid duration "{timeout}"', field="x11-untrusted-timeout", value=timeout
        )
    return found


async def _generate(name: str, authority: str, length_s: int, environ: Mapping[str, str]) -> None:
    from teleterm.osutil import procs

    program = shutil.which("xauth", path=environ.get("PATH", os.defpath))
    if program is None:
        raise Refused(
            "Forwarding X11 with restrictions needs the program xauth.",
            code=ErrorCode.NOT_FOUND,
            hint="Install it, or trust the node with -Y.",
        )
    argv = [program, "-f", authority, "generate", name, "MIT-MAGIC-COOKIE-1", "untrusted"]
    if length_s:
        argv += ["timeout", str(length_s)]
    process = procs.spawn(
        argv, stdin=procs.DEVNULL, stdout=procs.DEVNULL, stderr=procs.PIPE, env=dict(environ)
    )
    _, told = await asyncio.to_thread(process.communicate, timeout=_WAIT_S)
    if process.returncode:
        raise Refused(
            f"The display {name} makes no cookie for programs that aren't trusted.",
            hint="If you trust the node, use -Y.",
            details=told.decode("utf-8", "replace"),
        )
