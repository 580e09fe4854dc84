"""One terminal's own process: pty in, frames out, under the rules of pressure."""

import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from teleterm.bridge import frames
from teleterm.bridge.outlet import Outlet
from teleterm.model.errors import PeerBroke
from teleterm.ptyhost.backend import PtyBackend
from teleterm.ptyhost.bulletin import Bulletin
from teleterm.ptyhost.commands import Commands
from teleterm.ptyhost.desk import PASTE_LIMIT_BYTES, Desk
from teleterm.ptyhost.paints import message_of, paint_of
from teleterm.ptyhost.pressure import Appetite, FrameGate
from teleterm.ptyhost.recorder import Recorder
from teleterm.terminal.engine import Engine
from teleterm.terminal.events import PromptMark

assert sys.platform != "win32"  # noqa: S101 - descriptors over sockets are POSIX only

WINDOW_LIMIT_BYTES = 16 * 1024 * 1024
INPUT_LIMIT_BYTES = PASTE_LIMIT_BYTES + 64 * 1024
HANG_UP_S = 3.0
REAP_S = 0.02


class TerminalProcess:
    """The loop of one terminal.

    Shape: three descriptors: the pty, the window's channel (may be missing), and the host's control
           socket, over which new channels come as descriptors and whose end ends everything.
           `home` is the folder of the person, for the logs that they ask for.
    """

    def __init__(
        self, engine: Engine, pty: PtyBackend, control: socket.socket, home: str = "/"
    ) -> None:
        self._engine = engine
        self._pty = pty
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._gate = FrameGate()
        self._bulletin = Bulletin()
        self._commands = Commands()
        self._appetite = Appetite()
        self._input = Outlet(pty.write, INPUT_LIMIT_BYTES)
        self._recorder = Recorder(Path(home))
        self._window = -1
        self._outlet: Outlet | None = None
        self._reader = frames.engine_reader()
        self._is_visible = True
        self._has_told_activity = False
        self._is_full_due = True
        self._is_pty_open = True
        self._ended: tuple[int, int] | None = None
        self._title = ""
        self._hang_up_at: float | None = None
        self._is_leaving = False
        self._desk = Desk(
            engine,
            pty,
            say=self._say,
            keys_in=self._keys_in,
            paste_in=self._paste_in,
        )

    def run(self) -> None:
        """Run until the host lets go or closes this terminal."""
        self._selector.register(self._pty.fileno(), selectors.EVENT_READ, self._on_pty)
        self._selector.register(self._control, selectors.EVENT_READ, self._on_control)
        while not self._is_leaving:
            for key, mask in self._selector.select(self._patience_s()):
                handler: Callable[[int], None] = key.data
                handler(mask)
            self._tend()
        self._recorder.stop()
        self._pty.close()

    def let_go(self) -> None:
        """Give the window's channel back: for a caller that goes on after `run`."""
        self._drop_window()
        self._selector.close()

    # what comes in

    def _on_pty(self, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._input.flush()
            self._watch_pty()
        if mask & selectors.EVENT_READ:
            self._read_pty()

    def _read_pty(self) -> None:
        pieces: list[bytes] = []
        size = 0
        while size < self._appetite.chunk_bytes:
            data = self._pty.read(self._appetite.chunk_bytes - size)
            if data is None:
                break
            if not data:
                self._close_pty()
                break
            pieces.append(data)
            size += len(data)
        if not pieces:
            return
        data = b"".join(pieces)
        start = time.monotonic()
        self._engine.feed(data)
        self._appetite.ate(time.monotonic() - start)
        if problem := self._recorder.write(data):
            self._say(frames.Recording("", problem))
        self._after_feed()

    def _after_feed(self) -> None:
        if replies := self._engine.take_replies():
            self._keys_in(replies)
        for event in self._engine.take_events():
            message = message_of(event)
            if isinstance(event, PromptMark):
                message = self._commands.saw(event, time.monotonic())
            if isinstance(message, frames.Titled):
                self._title = message.title
            if message is not None and self._outlet is not None:
                self._bulletin.add(message)
        if not self._is_visible and not self._has_told_activity:
            self._has_told_activity = True
            self._say(frames.Active())

    def _close_pty(self) -> None:
        if self._is_pty_open:
            self._is_pty_open = False
            self._selector.unregister(self._pty.fileno())

    def _on_window(self, mask: int) -> None:
        if mask & selectors.EVENT_WRITE and self._outlet is not None:
            self._guarded(self._outlet.flush)
        if not mask & selectors.EVENT_READ or self._window < 0:
            return
        try:
            data = os.read(self._window, 65536)
            messages = self._reader.feed(data) if data else None
        except BlockingIOError:
            return
        except (OSError, PeerBroke):
            messages = None
        if messages is None:
            self._drop_window()
            return
        for message in messages:
            self._take(message)

    def _take(self, message: frames.ToEngine) -> None:
        if isinstance(message, frames.Painted):
            self._gate.painted(message.serial)
        elif isinstance(message, frames.Shown):
            self._show(is_visible=message.is_visible)
        elif isinstance(message, frames.Record):
            self._record(message.name)
        else:
            self._desk.take(message)

    def _record(self, name: str) -> None:
        problem = ""
        try:
            self._recorder.stop()
            if name:
                self._recorder.start(name)
        except OSError as error:
            problem = f"The log could not be made: {error.strerror or error}."
        self._say(frames.Recording(self._recorder.path, problem))

    def _show(self, *, is_visible: bool) -> None:
        if is_visible and not self._is_visible:
            self._is_full_due = True
        self._is_visible = is_visible
        self._has_told_activity = False
        _be_patient(is_patient=not is_visible)

    def _on_control(self, _mask: int) -> None:
        try:
            word, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            word, descriptors = b"", []
        if word == b"A" and descriptors:
            self._attach(descriptors[0])
        elif word == b"C":
            self._hang_up()
        else:
            self._is_leaving = True

    def _attach(self, descriptor: int) -> None:
        if self._window >= 0:
            self._on_window(selectors.EVENT_READ)  # keys that the earlier holder sent last
        self._drop_window()
        os.set_blocking(descriptor, False)
        self._window = descriptor
        self._outlet = Outlet(partial(os.write, descriptor), WINDOW_LIMIT_BYTES)
        self._reader = frames.engine_reader()
        self._gate.reset()
        self._is_full_due = True
        self._is_visible = True
        self._selector.register(descriptor, selectors.EVENT_READ, self._on_window)
        if self._title:
            self._say(frames.Titled(self._title))
        if self._recorder.path:
            self._say(frames.Recording(self._recorder.path))
        if self._ended is not None:
            self._send_frame()
            self._say(frames.Ended(*self._ended))

    def _drop_window(self) -> None:
        if self._window >= 0:
            self._selector.unregister(self._window)
            os.close(self._window)
            self._window = -1
            self._outlet = None

    # what goes out

    def _say(self, message: frames.ToWindow) -> None:
        if self._outlet is not None and not isinstance(message, frames.Paint):
            self._put(frames.pack(message))

    def _say_bulletin(self) -> None:
        for message in self._bulletin.take(time.monotonic()):
            self._say(message)

    def _put(self, data: bytes) -> None:
        outlet = self._outlet
        if outlet is None:
            return

        def put() -> None:
            if not outlet.put(data):
                self._drop_window()

        self._guarded(put)

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except OSError:
            self._drop_window()
        self._watch_window()

    def _watch_window(self) -> None:
        if self._window >= 0 and self._outlet is not None:
            wanted = selectors.EVENT_READ
            if self._outlet.waiting_bytes:
                wanted |= selectors.EVENT_WRITE
            self._selector.modify(self._window, wanted, self._on_window)

    def _keys_in(self, data: bytes) -> None:
        if self._is_pty_open and data:
            self._input.put(data)
            self._watch_pty()

    def _paste_in(self, data: bytes) -> bool:
        if self._input.waiting_bytes + len(data) > PASTE_LIMIT_BYTES:
            return False
        self._keys_in(data)
        return True

    def _watch_pty(self) -> None:
        if self._is_pty_open:
            wanted = selectors.EVENT_READ
            if self._input.waiting_bytes:
                wanted |= selectors.EVENT_WRITE
            self._selector.modify(self._pty.fileno(), wanted, self._on_pty)

    # what time brings

    def _patience_s(self) -> float | None:
        """How long to wait for the next byte at most."""
        waits: list[float] = []
        if self._may_send():
            due = self._gate.due_in(time.monotonic(), is_held=self._engine.is_held)
            if due is not None:
                waits.append(due)
        if (bulletin_due := self._bulletin.due_in(time.monotonic())) is not None:
            waits.append(bulletin_due)
        if self._desk.is_searching:
            waits.append(0.0)
        if self._hang_up_at is not None or (not self._is_pty_open and self._ended is None):
            waits.append(REAP_S)
        return min(waits) if waits else None

    def _may_send(self) -> bool:
        has_news = self._engine.has_damage or self._is_full_due
        return self._outlet is not None and self._is_visible and has_news

    def _tend(self) -> None:
        """Search on, send what is due, notice the program's end."""
        self._desk.search_on()
        if self._bulletin.due_in(time.monotonic()) == 0.0:
            self._say_bulletin()
        if self._may_send():
            due = self._gate.due_in(time.monotonic(), is_held=self._engine.is_held)
            if due is not None and due <= 0.0:
                self._send_frame()
        if self._ended is None and not self._is_pty_open:
            self._ended = self._pty.poll()
            if self._ended is not None:
                self._say_bulletin()
                self._send_frame()
                self._say(frames.Ended(*self._ended))
                self._tell_host(b"E")
        if self._hang_up_at is not None:
            self._tend_hang_up(self._hang_up_at)

    def _send_frame(self) -> None:
        frame = self._engine.frame(full=self._is_full_due)
        self._is_full_due = False
        self._gate.sent(time.monotonic())
        try:
            data = frames.pack(paint_of(frame, self._gate.serial))
        except PeerBroke:
            self._drop_window()
            return
        self._put(data)

    def _hang_up(self) -> None:
        self._pty.signal_group(signal.SIGHUP)
        self._pty.signal_group(signal.SIGCONT)
        self._hang_up_at = time.monotonic()

    def _tend_hang_up(self, since: float) -> None:
        if self._ended is None:
            self._ended = self._pty.poll()
        if self._ended is None and time.monotonic() - since > HANG_UP_S:
            self._pty.signal_group(signal.SIGKILL)
        if self._ended is not None:
            self._is_leaving = True

    def _tell_host(self, word: bytes) -> None:
        with contextlib.suppress(OSError):
            self._control.send(word)


def _be_patient(*, is_patient: bool) -> None:
    """Let others go first while nobody looks; an ordinary user may take this back."""
    if sys.platform == "linux":
        policy = os.SCHED_BATCH if is_patient else os.SCHED_OTHER
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, policy, os.sched_param(0))
