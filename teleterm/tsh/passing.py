"""A profile folder that ends with this program: for identity files and headless logins.

It lies where the system keeps a user's things in memory, if there is such a place; only the user
may read it.
"""

import asyncio
import atexit
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client.shredding import remove_folder
from teleterm.client.store import ProfileStore
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, TeletermError

if TYPE_CHECKING:
    from teleterm.tsh.context import Context

_IN_MEMORY = ("/dev/shm",)  # noqa: S108 - a folder of our own is made in it, mode 0700

_BY_SIGNAL = 128
_folders: list[Path] = []


def store(environ: Mapping[str, str], clock: Clock) -> ProfileStore:
    """An empty store; what is written to it is removed when the program ends."""
    places = [environ.get("XDG_RUNTIME_DIR", ""), *_IN_MEMORY]
    place = next((one for one in places if one and os.access(one, os.W_OK)), None)
    folder = Path(tempfile.mkdtemp(prefix="teleterm-", dir=place))
    if not _folders:
        atexit.register(clear)
        _end_in_order()
    _folders.append(folder)
    return ProfileStore(folder, clock=clock)


def _end_in_order() -> None:
    """Let a closed terminal or a request to end come to the exit functions too."""
    for name in ("SIGHUP", "SIGTERM"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda got, _frame: sys.exit(_BY_SIGNAL + got))


def clear() -> None:
    """Remove the folders now: a process that never comes to its exit functions calls this."""
    while _folders:
        remove_folder(_folders.pop())


def prepare(context: "Context") -> None:
    """Let a context work on such a folder; an identity file's login is put into it.

    Raises: BadInput, Refused, network errors: the file names no addresses, so the proxy is asked.
    """
    path = context.parsed.text("identity")
    if path and context.parsed.command.path == ("login",):
        return  # writes a profile of the file's login to the real folder
    real = context.store
    context.store = store(context.environ, context.clock)
    context.is_passing = True
    if path:
        from teleterm.tsh.context import wait

        wait(take_in(context, Path(path), real))
    else:
        _from_session(context)


async def take_in(context: "Context", path: Path, real: ProfileStore) -> None:
    """Write the login of an identity file to the context's store."""
    from teleterm.client import identity_file

    try:
        text = (await asyncio.to_thread(path.read_bytes)).decode("utf-8", "replace")
    except OSError as error:
        raise BadInput(
            f"failed to parse identity file\n\topen {path}: {(error.strerror or '').lower()}",
            field="identity",
            value=str(path),
        ) from error
    found = identity_file.decode(text)
    known = None
    if not context.proxy:
        with suppress(TeletermError):
            known = real.load()
    info = await context.discover(known)
    identity_file.load(context.store, found, info, cluster=context.cluster)


def _from_session(context: "Context") -> None:
    """Take what is missing from the variables that a session on a node has.

    Raises: BadInput when nobody says for whom.
    """
    named = (
        ("proxy", "SSH_SESSION_WEBPROXY_ADDR"),
        ("user", "SSH_TELEPORT_USER"),
        ("cluster", "SSH_TELEPORT_CLUSTER_NAME"),
    )
    for name, variable in named:
        if not context.parsed.text(name) and context.environ.get(variable):
            context.parsed.texts[name] = context.environ[variable]
    if not context.user:
        raise BadInput("user must be provided for headless login", field="user")
