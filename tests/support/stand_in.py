"""A main process under test, and the test itself as its window."""

import array
import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from teleterm.bridge import framing
from teleterm.bridge.contract import (
    Answer,
    Ask,
    Event,
    Hello,
    OpenTerminal,
    Reply,
    Request,
    ShellSpec,
    Tell,
    TerminalOpened,
    Welcome,
)
from teleterm.bridge.contract import WindowReady as Ready
from teleterm.bridge.views import DocumentView

REPOSITORY = Path(__file__).parents[2]
SHELL = DocumentView(kind="shell", title="sh", fields={"shell": "sh"})
E = TypeVar("E", bound=Event)
R = TypeVar("R", bound=Reply)


class StandIn:
    """One window: asks, hears answers and events, receives descriptors."""

    def __init__(self, sock: socket.socket, timeout_s: float) -> None:
        self._socket = sock
        self._socket.settimeout(timeout_s)
        self._unpacker = framing.window_unpacker()
        self._next = 1
        self.events: list[Event] = []
        self.answers: dict[int, Reply] = {}
        self.descriptors: list[int] = []

    def hello(self) -> Welcome:
        """Introduce the window and say that it stands."""
        welcome = self.ask(Hello(pid=os.getpid(), seal={}), Welcome)
        self.send(Ready())
        return welcome

    def send(self, body: Request) -> int:
        """Ask without waiting; gives the ask's number."""
        number = self._next
        self._next += 1
        self._socket.sendall(framing.pack(Ask(ask_id=number, body=body)))
        return number

    def send_bytes(self, data: bytes, rights: Sequence[tuple[int, int, bytes]] = ()) -> None:
        """Send what no honest window sends."""
        self._socket.sendmsg([data], rights)

    def ask(self, body: Request, kind: type[R]) -> R:
        """Ask, and wait for an answer of this kind."""
        return self.answer(self.send(body), kind)

    def answer(self, number: int, kind: type[R]) -> R:
        """Wait for the answer to an ask."""
        while number not in self.answers:
            self._read()
        reply = self.answers.pop(number)
        assert isinstance(reply, kind), reply
        return reply

    def event(self, kind: type[E], fits: Callable[[E], bool] = lambda event: True) -> E:
        """Wait for an event; it and those before it are forgotten then."""
        while True:
            for index, event in enumerate(self.events):
                if isinstance(event, kind) and fits(event):
                    del self.events[: index + 1]
                    return event
            self._read()

    def until_closed(self) -> None:
        """Wait until main closes the bridge."""
        with self._socket:
            while self._socket.recv(65536):
                pass

    def close(self) -> None:
        """Let go of the bridge."""
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors.clear()
        self._socket.close()

    def _read(self) -> None:
        data, ancillary, _, _ = self._socket.recvmsg(262144, socket.CMSG_SPACE(4 * 16))
        if not data:
            raise EOFError("main closed the bridge")
        for level, kind, body in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self.descriptors += array.array("i", body)
        for message in self._unpacker.feed(data):
            match message:
                case Answer():
                    self.answers[message.ask_id] = message.body
                case Tell():
                    self.events.append(message.body)


def open_shell(window: StandIn) -> str:
    """A local shell; gives the terminal's name."""
    request = OpenTerminal(spec=ShellSpec(), document=SHELL, cols=80, rows=24)
    return window.ask(request, TerminalOpened).terminal_id


class MainUnderTest:
    """The main process in a home of its own; every window of it is a StandIn."""

    def __init__(self, timeout_s: float = 30) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="tt-"))
        self._timeout_s = timeout_s
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.home / "window.sock"))
        self._listener.listen(4)
        self._listener.settimeout(timeout_s)
        self.process: subprocess.Popen[bytes] | None = None
        self.windows: list[StandIn] = []

    def configure(self, text: str) -> None:
        """Write the config file."""
        folder = self.home / "config"
        folder.mkdir(exist_ok=True, mode=0o700)
        (folder / "app_config.json").write_text(text)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start main; a second start hands over to the first."""
        program = [sys.executable, str(REPOSITORY / "tests" / "support" / "start_main.py")]
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TELEPORT_", "DISPLAY"))},
            "TELETERM_HOME": str(self.home),
            "PYTHONPATH": str(REPOSITORY),
            **variables,
        }
        process = subprocess.Popen(
            [*program, str(self.home / "window.sock"), *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        if self.process is None or self.process.poll() is not None:
            self.process = process
        return process

    def window(self) -> StandIn:
        """Wait for the next window."""
        sock, _ = self._listener.accept()
        window = StandIn(sock, self._timeout_s)
        self.windows.append(window)
        return window

    def processes(self, *words: str) -> list[int]:
        """The processes below this home whose command lines hold all `words`."""
        return [pid for pid, line in self._lines() if all(word in line for word in words)]

    def shells(self) -> list[int]:
        """The terminals' shells; not the login shell that main asks for the PATH at its start."""
        return [pid for pid, line in self._lines() if line == ["/bin/sh"]]

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """The processes below this home and their command lines."""
        mark = f"TELETERM_HOME={self.home}".encode()
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                line = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                variables = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark in variables:
                yield int(folder.name), line[:-1]

    def pid_of(self, *words: str) -> int:
        """The process of this home with these words in its command line; its forks are newer."""
        return min(self.processes(*words))

    def stop(self) -> None:
        """End everything that this home's processes are."""
        for window in self.windows:
            window.close()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._listener.close()
        shutil.rmtree(self.home, ignore_errors=True)


def wait_gone(pid: int, timeout_s: float) -> bool:
    """Wait for the end of a process that isn't our child; whether it came."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(descriptor, closefd=True):
        return bool(select.select([descriptor], [], [], timeout_s)[0])
