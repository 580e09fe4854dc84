"""The pty host's parent: takes main's requests and forks an engine process for each terminal."""

import contextlib
import ctypes
import errno
import gc
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from teleterm.bridge import pty_contract as contract
from teleterm.bridge.splitter import Splitter
from teleterm.model.errors import ErrorCode, PeerBroke, TeletermError
from teleterm.osutil.locks import try_take

assert sys.platform != "win32"  # noqa: S101 - tells mypy that the rest is POSIX only

from teleterm.ptyhost import posix  # noqa: E402 - POSIX only
from teleterm.ptyhost.first import First, request_of  # noqa: E402
from teleterm.ptyhost.terminal_process import TerminalProcess  # noqa: E402
from teleterm.terminal.engine import Engine  # noqa: E402

BUSY = 75
NO_DESCRIPTOR_S = 0.05
PR_SET_CHILD_SUBREAPER = 36


class Forked:
    """A terminal as its parent sees it."""

    def __init__(self, request: contract.Open, pid: int, control: socket.socket) -> None:
        self.request = request
        self.engine_pid = pid
        self.control = control
        self.program_pid = 0
        self.is_alive = True


class Host:
    """Terminals, the connections of main, and the time it waits for a main that has gone."""

    def __init__(self, listener: socket.socket, linger_s: float) -> None:
        self._listener = listener
        self._linger_s = linger_s
        self._selector = selectors.DefaultSelector()
        self._terminals: dict[str, Forked] = {}
        self._callers: dict[socket.socket, Splitter[contract.Request]] = {}
        self._count = 0
        self._alone_since: float | None = time.monotonic()
        self._has_met_main = False
        self._is_leaving = False

    def run(self) -> None:
        """Serve until told to leave, or until nobody needs this process."""
        self._listener.setblocking(False)
        self._watch(self._listener, self._on_caller)
        while not self._is_leaving:
            for key, _mask in self._selector.select(1.0):
                handler: Callable[[], None] = key.data
                handler()
            self._reap()
            if self._is_forgotten():
                break
        for forked in self._terminals.values():
            _send(forked.control, b"C")
        _wait_for_children(5.0)

    def open_first(self, first: First) -> None:
        """Open the last session's shell, if its file still fits, and hand its channel on."""
        found = first.opening()
        if found is not None:
            self._linger_s = found.shell.linger_s
            with contextlib.suppress(TeletermError, OSError):
                opened = self._open(request_of(found))
                forked = self._terminals[opened.terminal_id]
                socket.send_fds(forked.control, [b"A"], [first.channel])
        os.close(first.channel)

    def leave(self) -> None:
        """End the loop at its next turn (from a signal handler)."""
        self._is_leaving = True

    def _watch(self, channel: socket.socket, handler: Callable[[], None]) -> None:
        self._selector.register(channel, selectors.EVENT_READ, handler)

    def _is_forgotten(self) -> bool:
        """Whether main has gone and there is nothing, or nothing any more, to keep for it."""
        if self._callers or self._alone_since is None:
            return False
        alone_s = time.monotonic() - self._alone_since
        if not self._has_met_main:
            return alone_s > 30.0
        has_life = any(forked.is_alive for forked in self._terminals.values())
        return alone_s > (self._linger_s if has_life else 1.0)

    # main's side

    def _on_caller(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                time.sleep(NO_DESCRIPTOR_S)  # the caller waits; the shells must live on
            return
        if _peer_uid(connection) != os.geteuid():
            connection.close()
            return
        connection.setblocking(False)
        self._callers[connection] = contract.host_reader()
        self._has_met_main = True
        self._alone_since = None
        self._watch(connection, lambda: self._on_request(connection))

    def _on_request(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(connection)
            return
        try:
            requests = self._callers[connection].feed(data)
        except PeerBroke:
            self._drop(connection)
            return
        for request in requests:
            if connection in self._callers:
                self._reply(connection, request)

    def _drop(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        connection.close()
        del self._callers[connection]
        if not self._callers:
            self._alone_since = time.monotonic()

    def _reply(self, connection: socket.socket, request: contract.Request) -> None:
        descriptors: list[int] = []
        try:
            reply = self._do(request, descriptors)
        except TeletermError as error:
            reply = contract.Refusal(code=error.code.value, message=error.message)
        except OSError as error:
            why = f"No terminal can be had: {error.strerror or error}."
            reply = contract.Refusal(code=ErrorCode.UNKNOWN.value, message=why)
        try:
            connection.setblocking(True)
            socket.send_fds(connection, [contract.pack(reply)], descriptors)
            connection.setblocking(False)
        except (OSError, PeerBroke):
            self._drop(connection)
        for descriptor in descriptors:
            os.close(descriptor)

    def _do(self, request: contract.Request, descriptors: list[int]) -> contract.Reply:
        match request:
            case contract.Open():
                return self._open(request)
            case contract.Attach():
                descriptors.append(self._attach(request.terminal_id))
                return contract.Attached()
            case contract.Close():
                self._close(request.terminal_id)
                return contract.Done()
            case contract.ListAll():
                return self._listing()
            case contract.Shutdown():
                self._is_leaving = True
                return contract.Done()

    def _listing(self) -> contract.Listing:
        terminals = tuple(
            contract.Terminal(
                terminal_id=name,
                meta=forked.request.meta,
                pid=forked.program_pid,
                cols=forked.request.cols,
                rows=forked.request.rows,
                is_alive=forked.is_alive,
            )
            for name, forked in self._terminals.items()
        )
        return contract.Listing(protocol=contract.PROTOCOL, terminals=terminals)

    def _attach(self, terminal_id: str) -> int:
        forked = self._terminals.get(terminal_id)
        if forked is None:
            raise TeletermError("This terminal is gone.", code=ErrorCode.NOT_FOUND)
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(forked.control, [b"A"], [theirs.fileno()])
        return ours.detach()

    def _close(self, terminal_id: str) -> None:
        forked = self._terminals.get(terminal_id)
        if forked is not None:
            _send(forked.control, b"C")

    # the engines' side

    def _open(self, request: contract.Open) -> contract.Opened:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._be_engine(request, theirs)
        theirs.close()
        forked = Forked(request, pid, ours)
        line, _, more = _first_line(ours).partition(b"\n")
        if line[:1] != b"S":
            ours.close()
            code, _, message = line[1:].decode("utf-8", "replace").partition(" ")
            raise TeletermError(message or "The program could not be started.", code=_code_of(code))
        forked.program_pid = int(line[1:])
        forked.is_alive = not more
        self._count += 1
        terminal_id = f"t{os.getpid()}-{self._count}"
        self._terminals[terminal_id] = forked
        ours.setblocking(False)
        self._watch(ours, lambda: self._on_engine(terminal_id))
        return contract.Opened(terminal_id=terminal_id, pid=forked.program_pid)

    def _on_engine(self, terminal_id: str) -> None:
        forked = self._terminals[terminal_id]
        try:
            word = forked.control.recv(64)
        except BlockingIOError:
            return
        except OSError:
            word = b""
        forked.is_alive = False
        if not word:
            self._selector.unregister(forked.control)
            forked.control.close()
            del self._terminals[terminal_id]

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    def _be_engine(self, request: contract.Open, control: socket.socket) -> None:
        """The rest of a forked child's life."""
        status = 0
        try:
            self._let_go()
            status = _run_terminal(request, control)
        except BaseException:  # noqa: BLE001 - the child must not return into its parent's loop
            status = 1
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _let_go(self) -> None:
        """Close what belongs to the parent and to other terminals."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        self._selector.close()
        self._listener.close()
        for connection in self._callers:
            connection.close()
        for forked in self._terminals.values():
            forked.control.close()


def _run_terminal(request: contract.Open, control: socket.socket) -> int:
    try:
        pty = posix.spawn(
            request.argv,
            env=request.environment(),
            cwd=request.cwd,
            cols=max(2, request.cols),
            rows=max(1, request.rows),
        )
    except TeletermError as error:
        control.send(f"F{error.code.value} {error.message}\n".encode())
        return 0
    except (OSError, ValueError) as error:
        control.send(f"Funknown {request.argv[0]} could not be started: {error}.\n".encode())
        return 0
    control.send(b"S%d\n" % pty.pid)
    control.setblocking(False)
    engine = Engine(max(2, request.cols), max(1, request.rows), scrollback=request.scrollback)
    TerminalProcess(engine, pty, control, request.environment().get("HOME", "/")).run()
    return 0


def _first_line(control: socket.socket) -> bytes:
    """What a new engine says first, up to a line's end; more may follow behind it."""
    control.settimeout(8.0)
    said = b""
    with contextlib.suppress(OSError):
        while b"\n" not in said and (piece := control.recv(4096)):
            said += piece
    return said


def _code_of(text: str) -> ErrorCode:
    return ErrorCode(text) if text in set(ErrorCode) else ErrorCode.UNKNOWN


def _send(control: socket.socket, word: bytes) -> None:
    with contextlib.suppress(OSError):
        control.send(word)


def _wait_for_children(limit_s: float) -> None:
    """Wait until every engine has hung its program up.

    Blocks: at most `limit_s`.
    """
    ends_at = time.monotonic() + limit_s
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < ends_at:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.02)


if sys.platform == "linux":

    def _peer_uid(connection: socket.socket) -> int:
        """The user at the other end of a Unix socket."""
        found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", found)[1])

else:

    def _peer_uid(connection: socket.socket) -> int:
        """The user at the other end of a Unix socket; -1 when the system won't say."""
        uid, gid = ctypes.c_uint32(), ctypes.c_uint32()
        libc = ctypes.CDLL(None, use_errno=True)
        failed = libc.getpeereid(connection.fileno(), ctypes.byref(uid), ctypes.byref(gid))
        return -1 if failed else uid.value


def _adopt_orphans() -> None:
    """Take over what a shell leaves behind, so that it can be counted and reaped."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _options(arguments: list[str]) -> tuple[Path, float]:
    """The run folder and the linger time; argparse would be a tenth of this process's start."""
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    folder, linger = given.pop("--run-folder"), given.pop("--linger", "600")
    if given:
        raise ValueError(f"unknown options: {' '.join(given)}")
    return Path(folder), float(linger)


def main(arguments: list[str], first: First | None = None) -> int:
    """Run the host: `--run-folder DIR [--linger SECONDS]`.

    Shape: `first` is a shell to open at once.
    Gives: 0 at its end, 75 when another host holds the lock.
    """
    folder, linger_s = _options(arguments)
    lock = try_take(folder / contract.LOCK_NAME)
    if lock is None:
        return BUSY
    path = folder / contract.SOCKET_NAME
    path.unlink(missing_ok=True)
    os.umask(0o177)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(8)
    os.umask(0o077)
    _adopt_orphans()
    host = Host(listener, linger_s)
    signal.signal(signal.SIGTERM, lambda *_: host.leave())
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if first is None:
        gc.collect()
    gc.freeze()
    if first is not None:
        host.open_first(first)
    host.run()
    path.unlink(missing_ok=True)
    return 0
