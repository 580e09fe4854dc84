"""One session on a node: its output here, what is typed here there, sizes and the exit status."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from teleterm.model.errors import Refused
from teleterm.tsh import fatal, terminal
from teleterm.tsh.escapes import DISCONNECTED, HELP, Asked, EscapeReader
from teleterm.tsh.render import plain
from teleterm.tsh.typed_input import TypedInput, write_all

if TYPE_CHECKING:
    import asyncssh

    from teleterm.tsh.x11 import Display

_STDIN, _STDOUT, _STDERR = 0, 1, 2
_CTRL_C = b"\x03"
_HIGH_WATER_BYTES = 256 * 1024
_POLL_S = 0.5
_FOLLOW_S = 0.5
TERMINATED_STATUS = 143


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to open: a shell when there is no command, with or without a terminal.

    Who `watches` a session sends nothing that is typed: Ctrl-C leaves, and `t` ends the session
    for everybody if they `may_end` it. `joins` is the session to join, whose size our terminal is
    asked to take. `on_presence` is called when the node wants to hear that somebody is there.
    """

    command: str = ""
    wants_pty: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    term: str = "xterm"
    has_escapes: bool = True
    x11: "Display | None" = None
    watches: bool = False
    may_end: bool = False
    joins: str = ""
    on_presence: "Callable[[], None] | None" = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How the session ended: a status, or none when the node told none."""

    status: int | None
    by_person: bool = False
    signal: str = ""

    @property
    def told(self) -> str:
        """The end in the words of the official program."""
        how = f" from signal {self.signal}" if self.signal else ""
        return f"Process exited with status {self.status}{how}"


async def run(connection: "asyncssh.SSHClientConnection", request: Request) -> Ended:
    """Run a session on this process's standard streams until it ends."""
    from teleterm.client import ssh_requests

    session = _Session(request)
    if request.on_presence is not None:
        ssh_requests.on_presence(connection, request.on_presence)
    if request.joins and os.isatty(_STDIN):
        common = await ssh_requests.session_size(connection, request.joins)
        if common is not None:
            _ask_for_size(terminal.Size(common.cols, common.rows))
    size = terminal.size(_STDIN) if os.isatty(_STDIN) else terminal.Size(80, 25)
    channel = await _open(connection, session, request, size)
    is_raw = request.wants_pty and os.isatty(_STDIN)
    with terminal.raw_mode(_STDIN) if is_raw else nullcontext():
        with (
            _Sizes(connection, channel, size) if request.wants_pty else nullcontext(),
            session.reading(channel),
        ):
            with _terminating(session):
                await session.ended.wait()
    channel.close()
    if session.is_terminated:
        raise fatal.Exit(TERMINATED_STATUS)
    return Ended(session.status, by_person=session.by_person, signal=session.signal)


async def _open(
    connection: "asyncssh.SSHClientConnection",
    session: "_Session",
    request: Request,
    size: terminal.Size,
) -> "asyncssh.SSHClientChannel[bytes]":
    """Open the session; without X11 when the node doesn't forward it."""
    import asyncssh

    try:
        channel, _ = await connection.create_session(
            lambda: session,  # type: ignore[arg-type, return-value]  # bytes session; imported late
            request.command or None,
            env=list(request.env.items()),
            request_pty="force" if request.wants_pty else False,
            term_type=request.term if request.wants_pty else None,
            term_size=(size.cols, size.rows) if request.wants_pty else (),
            x11_forwarding=request.x11 is not None,
            x11_display=request.x11.name if request.x11 else None,
            x11_auth_path=(request.x11.authority or None) if request.x11 else None,
            encoding=None,
        )
    except asyncssh.ChannelOpenError as error:
        if request.x11 is None:
            session.show_early()  # it says why
            why = (
                f"command {request.command} failed" if request.command else "could not start shell"
            )
            raise Refused(f"ssh: {why}", details=error.reason) from error
        sys.stderr.write(f"X11 forwarding is off: {plain.lines(error.reason)}.\n")
        return await _open(connection, session, replace(request, x11=None), size)
    return channel


@contextmanager
def _terminating(session: "_Session") -> Iterator[None]:
    """Let SIGTERM end the session in order, so that the terminal is left as it was found."""
    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, session.terminate)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
    else:
        yield


def _ask_for_size(size: terminal.Size) -> None:
    """Ask the terminal to become as large as the one that everybody in the session shares."""
    if os.isatty(_STDOUT):
        write_all(_STDOUT, b"\x1b[8;%d;%dt" % (size.rows, size.cols))


class _Sizes:
    """Keeps our terminal and the session's at one size.

    `told` is the size that the node knows of. What others in the session do is followed a little
    later, since a window that is dragged has many sizes.
    """

    def __init__(
        self,
        connection: "asyncssh.SSHClientConnection",
        channel: "asyncssh.SSHClientChannel[bytes]",
        told: terminal.Size,
    ) -> None:
        self._connection = connection
        self._channel = channel
        self._loop = asyncio.get_running_loop()
        self._last = told
        self._timer: asyncio.TimerHandle | None = None
        self._following: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        from teleterm.client import ssh_requests

        ssh_requests.on_resize(
            self._connection, lambda size: self._follow(terminal.Size(size.cols, size.rows))
        )
        if sys.platform == "win32":
            self._look()
        else:
            self._loop.add_signal_handler(signal.SIGWINCH, self._tell)
            if os.isatty(_STDIN) and terminal.size(_STDIN) != self._last:
                self._tell()  # it changed before anybody listened

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32":
            self._loop.remove_signal_handler(signal.SIGWINCH)
        for timer in (self._timer, self._following):
            if timer is not None:
                timer.cancel()

    def _follow(self, size: terminal.Size) -> None:
        """Somebody else gave the session this size."""
        self._last = size
        if self._following is not None:
            self._following.cancel()
        self._following = self._loop.call_later(_FOLLOW_S, self._catch_up)

    def _catch_up(self) -> None:
        if terminal.size(_STDIN) != self._last:
            _ask_for_size(self._last)

    def _look(self) -> None:
        """Compare now and then, where no signal tells."""
        if terminal.size(_STDIN) != self._last:
            self._tell()
        self._timer = self._loop.call_later(_POLL_S, self._look)

    def _tell(self) -> None:
        now = terminal.size(_STDIN)
        if now == self._last:
            return  # it is as large as the session's already
        self._last = now
        self._channel.change_terminal_size(self._last.cols, self._last.rows)


class _Session:
    """The callbacks of the SSH library for one session, bytes in and out."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.ended = asyncio.Event()
        self.status: int | None = None
        self.signal = ""
        self.by_person = False
        self.is_terminated = False
        has_escapes = request.has_escapes and request.wants_pty
        self._escapes = EscapeReader() if has_escapes else None
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._early: list[tuple[bytes, int | None]] | None = []
        self._input = TypedInput(self._typed)

    # ---- called by the library ----

    def connection_made(self, channel: "asyncssh.SSHClientChannel[bytes]") -> None:
        """The channel is open."""
        channel.set_write_buffer_limits(_HIGH_WATER_BYTES)
        channel.resume_reading()  # why a node refuses a shell comes before the refusal
        self._channel = channel

    def session_started(self) -> None:
        """The node agreed to the shell or command."""

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Output: written at once, so that a slow reader slows the node down."""
        if self._early is not None:
            self._early.append((data, datatype))
            return
        try:
            write_all(_STDERR if datatype else _STDOUT, data)
        except BrokenPipeError:
            if self._channel is not None:
                self._channel.close()

    def show_early(self) -> None:
        """Show what came before the terminal was ready for it."""
        early, self._early = self._early or [], None
        for data, datatype in early:
            self.data_received(data, datatype)

    def eof_received(self) -> bool:
        """No more output; the exit status may still come."""
        return False

    def exit_status_received(self, status: int) -> None:
        """The command ended."""
        self.status = status

    def exit_signal_received(self, name: str, core_dumped: bool, text: str, lang: str) -> None:  # noqa: FBT001  # the library's signature
        """The command was killed."""
        del core_dumped, text, lang
        number = getattr(signal, f"SIG{name}", None)
        self.status = 128 + int(number) if number is not None else 255
        self.signal = name

    def connection_lost(self, error: Exception | None) -> None:
        """The channel is closed."""
        del error
        self.ended.set()

    def pause_writing(self) -> None:
        """The node reads more slowly than somebody types or pipes."""
        self._input.pause()

    def resume_writing(self) -> None:
        """It may go on."""
        self._input.resume()

    def xon_xoff_requested(self, client_can_do: bool) -> None:  # noqa: FBT001  # the library's signature
        """Flow control keys go to the node like others."""

    def terminate(self) -> None:
        """Somebody asked this process to end."""
        self.is_terminated = True
        if self._channel is not None:
            self._channel.abort()
        self.ended.set()

    # ---- the person ----

    @contextmanager
    def reading(self, channel: "asyncssh.SSHClientChannel[bytes]") -> Iterator[None]:
        """Send on what is typed, until the block ends."""
        self._channel = channel
        self.show_early()
        self._input.resume()
        try:
            yield
        finally:
            self._input.close()

    def _typed(self, data: bytes) -> None:
        channel = self._channel
        if channel is None or channel.is_closing():
            return
        if self._request.watches:
            self._watched(channel, data)
            return
        if not data:
            channel.write_eof()
            return
        if self._escapes is None:
            channel.write(data)
            return
        typed = self._escapes.feed(data)
        if typed.data:
            channel.write(typed.data)
        for asked in typed.asked:
            if asked is Asked.HELP:
                write_all(_STDERR, HELP)
            else:
                write_all(_STDERR, DISCONNECTED)
                self._leave(channel)

    def _watched(self, channel: "asyncssh.SSHClientChannel[bytes]", data: bytes) -> None:
        """Obey what somebody types who only looks at the session."""
        if _CTRL_C in data:
            write_all(_STDERR, b"\r\nLeft session\r\n")
            self._leave(channel)
        elif self._request.may_end and b"t" in data:
            from teleterm.client import ssh_requests

            write_all(_STDERR, b"\r\nForcefully terminating session\r\n")
            self.by_person = True
            ssh_requests.force_terminate(channel)

    def _leave(self, channel: "asyncssh.SSHClientChannel[bytes]") -> None:
        self.by_person = True
        channel.abort()
        self.ended.set()
