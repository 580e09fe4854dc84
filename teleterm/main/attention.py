"""Desktop notices: what the person should know of while the window isn't in front (ux.md 13).

The words are main's own; the window names only a kind and what it is about.
"""

import html
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from teleterm.bridge.contract import Done, Reply, TellDesktop
from teleterm.main.commands import clean
from teleterm.main.desk import Desk
from teleterm.osutil.asking import answer_of

PROGRAM = "notify-send"
PAUSE_S = 2.0
TIMEOUT_S = 5.0
MAX_NAME = 120

_WORDS = {
    "login": ("A login is needed", "Something waits for a login to {name}."),
    "factor": ("Confirm that it is you", "A connection on {name} waits for it."),
    "headless": ("Somebody asks to run a command as you", "On {name}; look at it in teleterm."),
    "command": ("A long command has ended", "{name}"),
    "transfer": ("A transfer has ended", "{name}"),
}


Send = Callable[[Sequence[str]], Awaitable[object]]
"""Runs a program; what it says is of no interest, nor is a desktop without it."""


class Attention:
    """Hands notices to the desktop, one in `PAUSE_S` at most; `is_on` is the setting."""

    def __init__(
        self,
        is_on: Callable[[], bool],
        send: Send | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_on = is_on
        self._send = send if send is not None else partial(answer_of, timeout_s=TIMEOUT_S)
        self._clock = clock
        self._next = 0.0

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(TellDesktop, self.tell)

    async def tell(self, request: TellDesktop) -> Reply:
        """Tell the desktop, unless it was told something a moment ago."""
        now = self._clock()
        if self._is_on() and now >= self._next:
            self._next = now + PAUSE_S
            await self._send(arguments(request))
        return Done()


def arguments(request: TellDesktop) -> list[str]:
    """The command line; the text below the title is markup there, so names are escaped."""
    title, text = _WORDS[request.kind]
    name = html.escape(clean(request.name)[:MAX_NAME])
    return [PROGRAM, "--app-name=teleterm", "--icon=utilities-terminal", "--", title,
            text.format(name=name)]  # fmt: skip
