"""A real PostgreSQL server in the demo's folder, when one is installed."""

import asyncio
import shutil
from pathlib import Path

from teleterm.demo.databases import pgwire
from teleterm.demo.databases.process import ServerProcess
from teleterm.demo.inventory import ORDERS
from teleterm.demo.streams import ExactReader, SocketStream
from teleterm.model.errors import Unreachable

_WHAT = "PostgreSQL"
_SOCKET = ".s.PGSQL.5432"
_USERS = ("postgres", "nobody")

_SETUP = (
    "CREATE ROLE alice LOGIN; CREATE ROLE reader LOGIN",
    f"CREATE DATABASE {ORDERS} OWNER alice",
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
        self._process = ServerProcess(folder, users=_USERS, stop_signal="INT")

    async def start(self) -> None:
        """Make the data folder, start the server and fill the sample database.

        Raises: TeletermError with a message that says what failed.
        """
        await asyncio.to_thread(self._process.prepare)
        await self._process.run(self._setup_argv(), what=_WHAT)
        await self._process.start(self._server_argv(), self._is_up, what=_WHAT)
        try:
            await self._run("postgres", _SETUP)
            await self._run(ORDERS, _SAMPLE)
        except (OSError, EOFError, pgwire.ServerError) as error:
            await self.stop()
            raise Unreachable(f"{_WHAT} did not start.", details=str(error)) from error

    async def connect(self) -> SocketStream:
        """Open a connection to the server.

        Raises: OSError when it isn't running.
        """
        return await self._process.connect(_SOCKET)

    async def stop(self) -> None:
        """Stop the server, if it runs."""
        await self._process.stop()

    def _setup_argv(self) -> list[str]:
        return [
            str(self._programs / "initdb"),
            *("--pgdata", str(self._process.folder / "data")),
            *("--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"),
        ]

    def _server_argv(self) -> list[str]:
        folder = self._process.folder
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "shared_buffers": "16MB",
            "dynamic_shared_memory_type": "mmap",
            "autovacuum": "off",
        }
        argv = [str(self._programs / "postgres"), "-D", str(folder / "data")]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        return argv

    async def _is_up(self) -> None:
        try:
            await self._run("postgres", ())
        except pgwire.ServerError as error:
            raise ConnectionRefusedError(str(error)) from error  # it says so while it starts

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
