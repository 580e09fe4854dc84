"""A session on a terminal that others may join: to type along, to watch, or to watch over it."""

import asyncio
import contextlib
import json
import uuid
from dataclasses import dataclass, field

import asyncssh

from teleterm.demo.children import Child, TerminalSize
from teleterm.demo.recordings import Recorder

PEER, OBSERVER, MODERATOR = "peer", "observer", "moderator"
MODES = (PEER, OBSERVER, MODERATOR)
_CTRL_C = b"\x03"
_SIZE_LIMIT = 4096
_USUAL_SIZE = TerminalSize(columns=80, rows=25)
# How the SSH library looks up who answers a request of this name on a channel.
_TERMINATE = "_process_x_teleport_force_terminate_request"

ServerProcess = asyncssh.SSHServerProcess[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody in a session."""

    user: str
    mode: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


def size_of(columns: int, rows: int) -> TerminalSize:
    """Give the size asked for, or the usual one where it makes no sense."""
    if 1 <= columns <= _SIZE_LIMIT and 1 <= rows <= _SIZE_LIMIT:
        return TerminalSize(columns=columns, rows=rows)
    return _USUAL_SIZE


def _tell(process: ServerProcess, event: dict[str, str]) -> None:
    """Send an event to a client, which need not answer; the library has no call for it."""
    with contextlib.suppress(OSError, asyncssh.Error):
        process.channel.get_connection()._send_global_request(  # noqa: SLF001  # see above
            b"x-teleport-event", json.dumps(event).encode()
        )


class Room:
    """Everybody in one session; what the program says goes to all of them and the recording."""

    def __init__(
        self, owner: ServerProcess, user: str, recorder: Recorder, *, is_moderated: bool
    ) -> None:
        self._owner = owner
        self.size = recorder.size
        self._guests: dict[str, ServerProcess] = {}
        self._recorder = recorder
        self._child: Child | None = None
        self._is_moderated = is_moderated
        self._has_moderator = asyncio.Event()
        self._gone = asyncio.Event()
        self.participants: list[Participant] = [Participant(user=user, mode=PEER)]

    @property
    def is_waiting(self) -> bool:
        """Whether a moderator is still to come."""
        return self._is_moderated and not self._has_moderator.is_set()

    async def wait_for_moderator(self) -> None:
        """Give when the session may begin; at once where nobody has to watch over it."""
        if self.is_waiting:
            self.say("Waiting for required participants...")
            await self._has_moderator.wait()

    def begin(self, child: Child) -> None:
        """The program runs now."""
        self._child = child

    def end(self) -> None:
        """The program has ended: everybody leaves."""
        self._gone.set()
        self._recorder.end()

    def resize(self, size: TerminalSize, *, by: ServerProcess | None = None) -> None:
        """Give the terminal another size, and tell it to all but who asked for it."""
        by = by or self._owner
        self.size = f"{size.columns}:{size.rows}"
        self._recorder.resize(self.size)
        if self._child is not None:
            self._child.resize(size)
        event = {"event": "resize", "code": "T2002I", "size": self.size}
        for one in (self._owner, *self._guests.values()):
            if one is not by:
                _tell(one, event)

    # ---- output: what `session` needs of a writer ----

    def write(self, data: bytes) -> None:
        """Send output to everybody."""
        self._recorder.print(data)
        self._owner.stdout.write(data)
        for guest in self._guests.values():
            with contextlib.suppress(OSError, asyncssh.Error):
                guest.stdout.write(data)

    async def drain(self) -> None:
        """Wait while the owner reads more slowly than the program writes."""
        await self._owner.stdout.drain()

    def say(self, text: str) -> None:
        """Tell everybody something that is no output of the program."""
        self.write(f"Teleport > {text}\r\n".encode())

    # ---- guests ----

    async def join(self, process: ServerProcess, user: str, mode: str) -> None:
        """Take somebody in until they leave or the session ends."""
        who = Participant(user=user, mode=mode)
        self._guests[who.id] = process
        self.participants.append(who)
        self._recorder.join(user)
        self.say(f"User {user} joined the session with participant mode: {mode}.")
        if mode == MODERATOR:
            self._has_moderator.set()
            setattr(process.channel, _TERMINATE, self._terminate)
        listening = asyncio.ensure_future(self._listen(process, mode))
        ending = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({listening, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (listening, ending):
                task.cancel()
            await asyncio.wait({listening, ending})
            self._leave(who)
            with contextlib.suppress(OSError, asyncssh.Error):
                process.exit(0)

    def _leave(self, who: Participant) -> None:
        del self._guests[who.id]
        self.participants.remove(who)
        if self._gone.is_set():
            return
        self._recorder.leave(who.user)
        self.say(f"User {who.user} left the session.")
        if self._is_moderated and all(one.mode != MODERATOR for one in self.participants):
            self.say("Session terminated: no moderator is left.")
            self._terminate(None)

    async def _listen(self, process: ServerProcess, mode: str) -> None:
        while True:
            try:
                data = await process.stdin.read(64 * 1024)
            except asyncssh.TerminalSizeChanged as change:
                self.resize(size_of(change.width, change.height), by=process)
                continue
            except (OSError, asyncssh.Error):
                return
            if not data or (mode != PEER and _CTRL_C in data):
                return
            if mode == PEER and self._child is not None:
                await self._child.stdin.write(data)

    def _terminate(self, _packet: object) -> bool:
        """End the session for everybody."""
        if self._child is not None:
            self._child.kill()
        return True
