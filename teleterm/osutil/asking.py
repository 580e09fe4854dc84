"""Short questions to programs of the desktop, which may be absent or hang."""

import asyncio
from collections.abc import Sequence

from teleterm.model.errors import TeletermError
from teleterm.osutil import env, procs


async def answer_of(argv: Sequence[str], *, timeout_s: float) -> procs.Finished | None:
    """What a program said and how it ended; None when it isn't there or took too long."""
    try:
        return await asyncio.to_thread(
            procs.run, argv, timeout_s=timeout_s, env=env.foreign_env(), cwd="/"
        )
    except TeletermError:
        return None
