"""A real PostgreSQL server in the demo's folder, when one is installed."""

import asyncio
import contextlib
import os
import shutil
import sys
from pathlib import Path

from teleterm.demo import pgwire
from teleterm.demo.inventory import LIVE_DATABASE
from teleterm.demo.streams import ExactReader, SocketStream
from teleterm.model.errors import TeletermError, Unreachable
from teleterm.osutil import procs

_READY_S = 30.0
_RETRY_S = 0.02
_STOP_S = 5.0
_SOCKET = ".s.PGSQL.5432"
# Whoever may not be the server's user runs it as one of these.
_UNPRIVILEGED = ("postgres", "nobody")
# The server must not outlive the demo, however that ends: the shell's standard input is a pipe
# whose other end the demo holds, and at its end the server is told to stop.
_KEEPER = """
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -INT $server 2>/dev/null ) &
watch=$!
exec 3<&-
trap 'kill -INT $server 2>/dev/null' TERM INT
wait $server
wait $server
kill $watch 2>/dev/null
"""

_SETUP = (
    "CREATE ROLE alice LOGIN; CREATE ROLE reader LOGIN",
    f"CREATE DATABASE {LIVE_DATABASE} OWNER alice",
)
_SAMPLE = (
    "SET ROLE alice",
    "CREATE TABLE orders (id integer PRIMARY KEY, customer text NOT NULL, item text NOT NULL,"
    " quantity integer NOT NULL, price numeric(8,2) NOT NULL, ordered_on date NOT NULL)",
    "INSERT INTO orders VALUES"
    " (1, 'Ada', 'tea kettle', 1, 39.90, '2026-01-05'),"
    " (2, 'Grace', 'notebook', 12, 3.20, '2026-01-07'),"
    " (3, 'Alan', 'bicycle bell', 2, 8.50, '2026-01-09'),"
    " (4, 'Barbara', 'desk lamp', 1, 54.00, '2026-01-12'),"
    " (5, 'Ada', 'pencils', 24, 0.75, '2026-01-12')",
    "GRANT SELECT ON orders TO reader",
)


def find_programs() -> Path | None:
    """Give the folder with `initdb` and `postgres`; newest version first; None without them."""
    if (found := shutil.which("initdb")) and shutil.which("postgres"):
        return Path(found).resolve().parent
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders += [Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    whole = [path for path in folders if (path / "initdb").exists()]
    return max(whole, key=lambda path: (len(path.parts), str(path)), default=None)


class PostgresServer:
    """One server with its data below `folder`, reached through a socket there."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._user = _unprivileged_user()
        self._process: procs.Process | None = None

    async def start(self) -> None:
        """Make the data folder, start the server and fill the sample database.

        Raises: TeletermError with a message that says what failed.
        """
        await asyncio.to_thread(self._prepare)
        await self._initialise()
        self._process = procs.spawn(
            ["/bin/sh", "-c", _KEEPER, "postgres", *self._server_argv()],
            env=self._env(),
            cwd=self._folder,
            stdin=procs.PIPE,
            stdout=procs.DEVNULL,
            stderr=procs.DEVNULL,
            start_new_session=True,
            user=self._user,
            group=_group_of(self._user),
        )
        try:
            async with asyncio.timeout(_READY_S):
                await self._wait_until_up()
                await self._run("postgres", _SETUP)
                await self._run(LIVE_DATABASE, _SAMPLE)
        except (TimeoutError, OSError, EOFError, pgwire.ServerError) as error:
            await self.stop()
            raise Unreachable("PostgreSQL did not start.", details=str(error)) from error

    async def connect(self) -> SocketStream:
        """Open a connection to the server.

        Raises: OSError when it isn't running.
        """
        if sys.platform != "win32":
            path = str(self._folder / _SOCKET)
            return SocketStream(*await asyncio.open_unix_connection(path))
        raise ConnectionRefusedError("no Unix sockets")

    async def stop(self) -> None:
        """Stop the server, if it runs."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            await asyncio.to_thread(procs.end, process, grace_s=_STOP_S)

    def _prepare(self) -> None:
        self._folder.mkdir(mode=0o700)
        if self._user is not None:
            self._folder.parent.chmod(0o711)  # that user has to reach its own folder
        if self._user is not None and sys.platform != "win32":
            shutil.chown(self._folder, self._user, _group_of(self._user))

    async def _initialise(self) -> None:
        argv = [
            str(self._programs / "initdb"),
            *("--pgdata", str(self._folder / "data")),
            *("--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"),
        ]
        process = procs.spawn(
            argv,
            env=self._env(),
            cwd=self._folder,
            stdout=procs.DEVNULL,
            stderr=procs.DEVNULL,
            user=self._user,
            group=_group_of(self._user),
        )
        if status := await asyncio.to_thread(process.wait):
            raise Unreachable("PostgreSQL could not be set up.", details=f"initdb: {status}")

    def _server_argv(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._folder),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "shared_buffers": "16MB",
            "dynamic_shared_memory_type": "mmap",
            "autovacuum": "off",
        }
        argv = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        return argv

    def _env(self) -> dict[str, str]:
        path = os.environ.get("PATH", "/usr/bin:/bin")
        return {"PATH": path, "LC_ALL": "C", "HOME": str(self._folder), "TZ": "UTC"}

    async def _wait_until_up(self) -> None:
        while True:
            with contextlib.suppress(OSError, EOFError, pgwire.ServerError):
                await self._run("postgres", ())
                return
            if self._process is None or self._process.poll() is not None:
                raise ConnectionRefusedError("the server ended at once")
            await asyncio.sleep(_RETRY_S)

    async def _run(self, database: str, statements: tuple[str, ...]) -> None:
        stream = await self.connect()
        try:
            reader = ExactReader(stream)
            parameters = {"user": "postgres", "database": database}
            await stream.write(pgwire.encode_startup(parameters))
            await pgwire.read_until_ready(reader)
            for statement in statements:
                for part in statement.split("; "):
                    await stream.write(pgwire.encode_query(part))
                    await pgwire.read_until_ready(reader)
        finally:
            await stream.close()


def _unprivileged_user() -> str | None:
    """Give whom the server runs as when we are root, as whom it refuses to run."""
    if sys.platform != "win32" and os.geteuid() == 0:
        import pwd

        for name in _UNPRIVILEGED:
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name).pw_name
        raise TeletermError("PostgreSQL can't run as root, and there is no user to run it as.")
    return None


def _group_of(user: str | None) -> int | None:
    if sys.platform != "win32" and user is not None:
        import pwd

        return pwd.getpwnam(user).pw_gid
    return None
