"""One session on a node: its output here, what is typed here there, sizes and the exit status."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

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
TERMINATED_STATUS = 143


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to open: a shell when there is no command, with or without a terminal.

    Who `watches` a session sends nothing that is typed: Ctrl-C leaves, and `t` ends the session
    for everybody if they `may_end` it.
    """

    command: str = ""
    wants_pty: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    term: str = "xterm"
    has_escapes: bool = True
    x11: "Display | None" = None
    watches: bool = False
    may_end: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How the session ended: a status, or none when the node told none."""

    status: int | None
    by_person: bool = False


async def run(connection: "asyncssh.SSHClientConnection", request: Request) -> Ended:
    """Run a session on this process's standard streams until it ends."""
    session = _Session(request)
    size = terminal.size(_STDIN) if os.isatty(_STDIN) else terminal.Size(80, 25)
    channel = await _open(connection, session, request, size)
    is_raw = request.wants_pty and os.isatty(_STDIN)
    with terminal.raw_mode(_STDIN) if is_raw else nullcontext():
        with (
            _Sizes(channel, size) if request.wants_pty else nullcontext(),
            session.reading(channel),
        ):
            with _terminating(session):
                await session.ended.wait()
    channel.close()
    if session.is_terminated:
        raise fatal.Exit(TERMINATED_STATUS)
    return Ended(session.status, by_person=session.by_person)


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
            raise
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


class _Sizes:
    """Tells the node whenever the window changes its size; `told` is the size it knows of."""

    def __init__(self, channel: "asyncssh.SSHClientChannel[bytes]", told: terminal.Size) -> None:
        self._channel = channel
        self._loop = asyncio.get_running_loop()
        self._last = told
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        if sys.platform == "win32":
            self._look()
        else:
            self._loop.add_signal_handler(signal.SIGWINCH, self._tell)
            if os.isatty(_STDIN) and terminal.size(_STDIN) != self._last:
                self._tell()  # it changed before anybody listened

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32":
            self._loop.remove_signal_handler(signal.SIGWINCH)
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        """Compare now and then, where no signal tells."""
        if terminal.size(_STDIN) != self._last:
            self._tell()
        self._timer = self._loop.call_later(_POLL_S, self._look)

    def _tell(self) -> None:
        self._last = terminal.size(_STDIN)
        self._channel.change_terminal_size(self._last.cols, self._last.rows)


class _Session:
    """The callbacks of the SSH library for one session, bytes in and out."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.ended = asyncio.Event()
        self.status: int | None = None
        self.by_person = False
        self.is_terminated = False
        has_escapes = request.has_escapes and request.wants_pty
        self._escapes = EscapeReader() if has_escapes else None
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._input = TypedInput(self._typed)

    # ---- called by the library ----

    def connection_made(self, channel: "asyncssh.SSHClientChannel[bytes]") -> None:
        """The channel is open."""
        channel.set_write_buffer_limits(_HIGH_WATER_BYTES)
        self._channel = channel

    def session_started(self) -> None:
        """The node agreed to the shell or command."""

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Output: written at once, so that a slow reader slows the node down."""
        try:
            write_all(_STDERR if datatype else _STDOUT, data)
        except BrokenPipeError:
            if self._channel is not None:
                self._channel.close()

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
            self._leave(channel)
        elif self._request.may_end and b"t" in data:
            from teleterm.client import ssh_requests

            write_all(_STDERR, b"\r\nTerminating the session.\r\n")
            self.by_person = True
            ssh_requests.force_terminate(channel)

    def _leave(self, channel: "asyncssh.SSHClientChannel[bytes]") -> None:
        self.by_person = True
        channel.abort()
        self.ended.set()
