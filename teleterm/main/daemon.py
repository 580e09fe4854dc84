"""The daemon's life: started, watched, started again; and the connection to it."""

import asyncio
import contextlib
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from teleterm.main.logs import LogFile, redact
from teleterm.main.tsh import Tsh
from teleterm.model.clock import Clock
from teleterm.model.errors import ErrorCode, TeletermError, Unreachable
from teleterm.osutil import locks, procs, tasks

if TYPE_CHECKING:
    from teleterm.tshdclient.client import TerminalClient
    from teleterm.tshdclient.connection import Connection, Tls
    from teleterm.tshdclient.events import EventsSink

_log = logging.getLogger("teleterm.main.daemon")
READY_MARK = "{CONNECT_GRPC_PORT:"
MAX_PORT_DIGITS = 5
MAX_LINE_BYTES = 64 * 1024
READY_TIMEOUT_S = 15.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
LONG_LIFE_S = 60.0
STOP_GRACE_S = 10.0
ORPHAN_WAIT_S = 12.0
TAIL_LINES = 25
TRIES = 3
"""A daemon that never became ready is tried this often, then the person is asked."""

DaemonState = Literal["starting", "ready", "gone", "failed"]
GONE_TEXT = "The tsh daemon stopped. Terminals go on; new connections need it."


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonConfig:
    """Where the daemon finds and puts things; `tsh` is asked for at each start."""

    tsh: Callable[[], Tsh]
    run_folder: Path
    certs: Path
    kube: Path
    agents: Path
    log_file: Path
    installation_id: str
    add_keys_to_agent: Callable[[], str]
    is_tcp: bool = sys.platform == "win32"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonCallbacks:
    """`on_state` hears every change; `on_ready` runs once for each connection made."""

    on_state: Callable[[DaemonState, str], None]
    on_ready: Callable[["TerminalClient"], Coroutine[object, object, None]]


class Daemon:
    """One daemon at a time, kept alive until `stop`."""

    def __init__(
        self,
        config: DaemonConfig,
        callbacks: DaemonCallbacks,
        sink: "Callable[[], EventsSink]",
        clock: Clock,
    ) -> None:
        self._config = config
        self._callbacks = callbacks
        self._sink = sink
        self._clock = clock
        self._log_file = LogFile(config.log_file)
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._process: procs.Process | None = None
        self._connection: Connection | None = None
        self._ready = asyncio.Event()
        self._retry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.state: DaemonState = "starting"
        self.port = 0

    @property
    def pid(self) -> int:
        """The daemon's process, 0 while there is none."""
        return self._process.pid if self._process else 0

    @property
    def log_tail(self) -> str:
        """The last lines it wrote."""
        return "\n".join(self._tail)

    def start(self) -> None:
        """Begin; called once."""
        self._task = tasks.spawn(self._keep_alive(), name="daemon")

    @property
    def is_ready(self) -> bool:
        """Whether it answers now."""
        return self._ready.is_set()

    def restart(self) -> None:
        """Start it again: at once when it failed, else by ending the one that runs."""
        self._retry.set()
        if self.state == "ready" and self._process:
            self._process.terminate()

    async def client(self) -> "TerminalClient":
        """The client, as soon as the daemon is ready.

        Raises: Unreachable (daemon_gone) when it isn't within the time it has to start.
        """
        if self.state == "failed":
            raise Unreachable(GONE_TEXT, code=ErrorCode.DAEMON_GONE)
        try:
            await asyncio.wait_for(self._ready.wait(), READY_TIMEOUT_S)
        except TimeoutError:
            raise Unreachable(GONE_TEXT, code=ErrorCode.DAEMON_GONE) from None
        if self._connection is None:
            raise Unreachable(GONE_TEXT, code=ErrorCode.DAEMON_GONE)
        return self._connection.client

    async def stop(self) -> None:
        """End it for good: SIGTERM, ten seconds, SIGKILL."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._disconnect()
        process, self._process = self._process, None
        if process:
            if process.stdin:
                process.stdin.close()
            await asyncio.to_thread(procs.end, process, grace_s=STOP_GRACE_S)
        self._log_file.close()

    async def _keep_alive(self) -> None:
        pause_s, failures = FIRST_PAUSE_S, 0
        while True:
            begin = self._clock.monotonic_s()
            was_ready = await self._live_once()
            failures = 0 if was_ready else failures + 1
            if self._clock.monotonic_s() - begin > LONG_LIFE_S:
                pause_s = FIRST_PAUSE_S
            if failures >= TRIES:
                self._set_state("failed", self._why_failed())
                await self._retry.wait()
                failures, pause_s = 0, FIRST_PAUSE_S
            else:
                self._set_state("gone", GONE_TEXT)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._retry.wait(), pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            self._retry.clear()

    async def _live_once(self) -> bool:
        """Start it and wait for its end; whether it was ever ready."""
        self._set_state("starting", "")
        ended = asyncio.Event()
        try:
            self.port = await self._launch(ended)
            await self._connect(self.port)
        except (TeletermError, OSError, TimeoutError, RuntimeError) as error:
            # RuntimeError: grpcio, when it can't listen for the daemon's events
            _log.warning("the daemon didn't start: %s", error)
            if not self._tail:
                self._tail.append(_words(error))
            await self._disconnect()
            await self._drop_process()
            return False
        self._set_state("ready", "")
        self._ready.set()
        assert self._connection is not None  # noqa: S101 - _connect made it
        tasks.spawn(self._callbacks.on_ready(self._connection.client), name="daemon ready")
        await ended.wait()
        self._ready.clear()
        _log.warning("the daemon ended with status %s", self._process and self._process.poll())
        await self._disconnect()
        await self._drop_process()
        return True

    async def _launch(self, ended: asyncio.Event) -> int:
        """Start the process and wait for its readiness line; gives the port in it."""
        config, tsh = self._config, self._config.tsh()
        tsh.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if config.is_tcp:
            await asyncio.to_thread(self._publish_certificates)
        lock = await self._free_lock()
        try:
            self._socket("tsh.sock").unlink(missing_ok=True)
            self._process = procs.spawn(
                tsh.command(*self._arguments()),
                env=tsh.environment(),
                cwd=config.run_folder,
                stdin=procs.PIPE,
                stdout=procs.PIPE,
                stderr=procs.STDOUT,
                start_new_session=True,
                pass_fds=_inherit(lock),
            )
        finally:
            if lock:
                lock.release()
        self._note_pid(self._process.pid)
        line = asyncio.get_running_loop().create_future()
        _Listener(self._process, self._said, line, ended).start()
        text = await asyncio.wait_for(line, READY_TIMEOUT_S)
        return port_in(text)

    def _arguments(self) -> list[str]:
        """Exactly what the reference starts (terminal_service.md 3.1)."""
        config = self._config
        address = "tcp://localhost:0" if config.is_tcp else f"unix://{self._socket('tsh.sock')}"
        return [
            "daemon",
            "start",
            f"--addr={address}",
            f"--certs-dir={config.certs}",
            "--prehog-addr=http://localhost:1",
            f"--kubeconfigs-dir={config.kube}",
            f"--agents-dir={config.agents}",
            f"--installation-id={config.installation_id}",
            f"--add-keys-to-agent={config.add_keys_to_agent()}",
        ]

    async def _connect(self, port: int) -> None:
        from teleterm.tshdclient import connection

        if self._config.is_tcp:
            made = await connection.over_tcp(port, self._tls(), self._sink())
        else:
            events = self._socket("tshde.sock")
            events.unlink(missing_ok=True)
            made = await connection.over_unix(self._socket("tsh.sock"), events, self._sink())
        self._connection = made
        await made.introduce()

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    async def _drop_process(self) -> None:
        process, self._process = self._process, None
        if process:
            await asyncio.to_thread(procs.end, process, grace_s=STOP_GRACE_S)
            if process.stdin:
                process.stdin.close()

    async def _free_lock(self) -> locks.FileLock | None:
        """The lock that tells a living daemon; one left by a dead main is asked to go first.

        Gives: None when somebody keeps holding it though the daemon itself is gone.
        """
        path = self._config.run_folder / "tshd.lock"
        lock = locks.try_take(path)
        if lock:
            return lock
        orphan = self._noted_pid()
        if orphan:
            procs.hang_up(orphan)
        lock = await asyncio.to_thread(locks.wait, path, timeout_s=ORPHAN_WAIT_S, clock=self._clock)
        if lock is None and orphan and self._noted_pid() == orphan:
            procs.kill(orphan)
            lock = await asyncio.to_thread(locks.wait, path, timeout_s=2, clock=self._clock)
        return lock

    def _note_pid(self, pid: int) -> None:
        """Keep the number for a main after us; a full disk is no reason to have no daemon."""
        with contextlib.suppress(OSError):
            (self._config.run_folder / "tshd.pid").write_text(str(pid))

    def _noted_pid(self) -> int:
        """The daemon that was started last, if that process still is a daemon."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((self._config.run_folder / "tshd.pid").read_text())
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"daemon" in words and b"start" in words:
                return pid
        return 0

    def _publish_certificates(self) -> None:
        from teleterm.tshdclient import certificates

        self._pair = certificates.make(self._clock)
        certificates.publish(self._config.certs, self._pair)

    def _tls(self) -> "Tls":
        from teleterm.tshdclient.connection import Tls

        return Tls(pair=self._pair, folder=self._config.certs)

    def _socket(self, name: str) -> Path:
        return self._config.run_folder / name

    def _said(self, line: str) -> None:
        self._log_file.write(line)
        self._tail.append(redact(line))

    def _set_state(self, state: DaemonState, message: str) -> None:
        self.state = state
        self._callbacks.on_state(state, message)

    def _why_failed(self) -> str:
        last = self._tail[-1] if self._tail else "it ended without a word"
        return f"The tsh daemon can't start: {last}"


class _Listener:
    """Reads what a daemon writes, in a thread, and waits for its end, in another.

    A program that the daemon starts (a browser) may keep its pipe open, so that the pipe's end
    alone doesn't tell of the daemon's.
    """

    def __init__(
        self,
        process: procs.Process,
        said: Callable[[str], None],
        ready: "asyncio.Future[str]",
        ended: asyncio.Event,
    ) -> None:
        self._process = process
        self._said = said
        self._ready = ready
        self._ended = ended
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Start both threads."""
        threading.Thread(target=self._read, name="daemon output", daemon=True).start()
        threading.Thread(target=self._wait, name="daemon end", daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was made with a pipe
        with self._process.stdout as pipe:
            while line := pipe.readline(MAX_LINE_BYTES):
                self._post(self._line, line.decode("utf-8", "replace").rstrip())

    def _wait(self) -> None:
        status = self._process.wait()
        self._post(self._over, str(status))

    def _post(self, callback: Callable[[str], None], text: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(callback, text)

    def _line(self, line: str) -> None:
        if line.startswith(READY_MARK) and not self._ready.done():
            self._ready.set_result(line)
        elif line:
            self._said(line)

    def _over(self, status: str) -> None:
        self._ended.set()
        if not self._ready.done():
            self._ready.set_exception(Unreachable(f"It ended at once with status {status}."))


def _words(error: Exception) -> str:
    """What went wrong, without the system's number for it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def port_in(line: str) -> int:
    """The port in a readiness line; 0 where the daemon listens on a socket.

    Raises: Unreachable when it holds none: what was started is no tsh.
    """
    number = line.removeprefix(READY_MARK).split("}")[0].strip() or "0"
    if not number.isascii() or not number.isdigit() or len(number) > MAX_PORT_DIGITS:
        raise Unreachable(f"What tsh.path names is no tsh: it said {line[:80]!r}.")
    return int(number)


def _inherit(lock: locks.FileLock | None) -> tuple[int, ...]:
    return (lock.descriptor,) if lock and sys.platform != "win32" else ()
