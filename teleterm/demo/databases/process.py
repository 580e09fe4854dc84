"""A database server of the demo: below a folder of its own, gone when the demo is."""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Protocol

from teleterm.demo.streams import SocketStream
from teleterm.model.errors import TeletermError, Unreachable
from teleterm.osutil import procs

_READY_S = 30.0
_RETRY_S = 0.02
_STOP_S = 5.0
_LINES, _LINE = 20, 300
# The server must not outlive the demo, however that ends: the shell's standard input is a pipe
# whose other end the demo holds, and at its end the server is told to stop.
_KEEPER = """
signal=$0
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -$signal $server 2>/dev/null ) &
watch=$!
exec 3<&-
trap 'kill -$signal $server 2>/dev/null' TERM INT
wait $server
wait $server
kill $watch 2>/dev/null
"""


class DatabaseServer(Protocol):
    """What a database service needs of the server behind it."""

    async def connect(self) -> SocketStream:
        """Open a connection.

        Raises: OSError when it isn't running, TeletermError when it can't be started.
        """

    async def stop(self) -> None:
        """Stop the server, if it runs."""


class ServerProcess:
    """Runs programs as a user that servers accept, one of them for as long as the demo lasts."""

    def __init__(self, folder: Path, *, users: Sequence[str], stop_signal: str) -> None:
        self.folder = folder
        self._stop_signal = stop_signal
        self._user = _unprivileged_user(users)
        self._process: procs.Process | None = None

    def prepare(self) -> None:
        """Make the folder, where that user may write.

        Blocks: for the file system.
        """
        self.folder.mkdir(mode=0o700)
        if self._user is not None:
            self.folder.parent.chmod(0o711)  # that user has to reach its own folder
        self.give(self.folder)

    def give(self, path: Path) -> None:
        """Let that user have a file or folder, and nobody else."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self._user is not None and sys.platform != "win32":
            shutil.chown(path, self._user, _group_of(self._user))

    async def run(self, argv: Sequence[str], *, what: str) -> None:
        """Run a program to its end.

        Raises: Unreachable, which says that `what` could not be set up, and what the program said.
        """
        with tempfile.TemporaryFile() as said:
            process = procs.spawn(
                argv,
                env=self._env(),
                cwd=self.folder,
                stdout=said,
                stderr=said,
                user=self._user,
                group=_group_of(self._user),
            )
            if status := await asyncio.to_thread(process.wait):
                why = f"{Path(argv[0]).name} ended with {status}{_last_words(_lines(said))}"
                raise Unreachable(f"{what} could not be set up: {why}")

    async def start(
        self, argv: Sequence[str], is_up: Callable[[], Awaitable[object]], *, what: str
    ) -> None:
        """Start the server and wait until `is_up` raises no OSError or EOFError any more.

        Raises: Unreachable, which says that `what` did not start, and what it said last.
        """
        self._process = process = procs.spawn(
            ["/bin/sh", "-c", _KEEPER, self._stop_signal, *argv],
            env=self._env(),
            cwd=self.folder,
            stdin=procs.PIPE,
            stdout=procs.DEVNULL,
            stderr=procs.PIPE,
            start_new_session=True,
            user=self._user,
            group=_group_of(self._user),
        )
        said: deque[bytes] = deque(maxlen=_LINES)
        reader = threading.Thread(target=_keep_last, args=(process.stderr, said), daemon=True)
        reader.start()
        try:
            async with asyncio.timeout(_READY_S):
                await self._wait_until(is_up)
        except (TimeoutError, OSError) as error:
            await self.stop()
            await asyncio.to_thread(reader.join, _STOP_S)
            why = str(error) or f"it was not there after {_READY_S:.0f} s"
            raise Unreachable(f"{what} did not start: {why}{_last_words(said)}") from error
        except BaseException:
            await self.stop()
            raise

    async def connect(self, socket_name: str) -> SocketStream:
        """Connect to a socket in the folder.

        Raises: OSError when nobody listens there.
        """
        if sys.platform != "win32":
            path = str(self.folder / socket_name)
            return SocketStream(*await asyncio.open_unix_connection(path))
        raise ConnectionRefusedError("no Unix sockets")

    async def stop(self) -> None:
        """Stop the server, if it runs."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            await asyncio.to_thread(procs.end, process, grace_s=_STOP_S)

    async def _wait_until(self, is_up: Callable[[], Awaitable[object]]) -> None:
        while True:
            with contextlib.suppress(OSError, EOFError):
                await is_up()
                return
            if self._process is None or self._process.poll() is not None:
                raise ConnectionRefusedError("the server ended at once")
            await asyncio.sleep(_RETRY_S)

    def _env(self) -> dict[str, str]:
        path = os.environ.get("PATH", "/usr/bin:/bin")
        return {"PATH": path, "LC_ALL": "C", "HOME": str(self.folder), "TZ": "UTC"}


class OnDemand:
    """A server that is started when somebody first connects, since few demos need it."""

    def __init__(self, start: Callable[[], Awaitable[DatabaseServer]]) -> None:
        self._start = start
        self._server: DatabaseServer | None = None
        self._starting = asyncio.Lock()
        self._is_stopped = False

    async def connect(self) -> SocketStream:
        """Open a connection, to a server started for it if need be.

        Raises: OSError when it was stopped, TeletermError when it can't be started.
        """
        async with self._starting:
            if self._is_stopped:
                raise ConnectionRefusedError("the server was stopped")
            if self._server is None:
                self._server = await self._start()
        return await self._server.connect()

    async def stop(self) -> None:
        """Stop the server for good."""
        async with self._starting:
            self._is_stopped = True
            if self._server is not None:
                await self._server.stop()


def _unprivileged_user(users: Sequence[str]) -> str | None:
    """Give whom the server runs as when we are root, as whom it refuses to run."""
    if sys.platform != "win32" and os.geteuid() == 0:
        import pwd

        for name in users:
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name).pw_name
        raise TeletermError("Databases can't run as root, and there is no user to run them as.")
    return None


def _group_of(user: str | None) -> int | None:
    if sys.platform != "win32" and user is not None:
        import pwd

        return pwd.getpwnam(user).pw_gid
    return None


def _lines(said: IO[bytes]) -> list[bytes]:
    """Give the last lines of what a program wrote to a file."""
    said.seek(0)
    return said.read().splitlines()[-_LINES:]


def _keep_last(stream: IO[bytes], lines: "deque[bytes]") -> None:
    """Read what a server writes, as long as it does, and keep the last lines.

    Thread: one of its own; the server must never wait for somebody to read.
    """
    with stream:
        while line := stream.readline(_LINE):
            lines.append(line)


def _last_words(lines: Iterable[bytes]) -> str:
    """Give the last line that isn't blank, led in by a colon; nothing if there is none."""
    texts = [line.decode("utf-8", "replace").strip() for line in lines]
    last = next((text for text in reversed(texts) if text), "")
    return f": {last[:_LINE]}" if last else ""
