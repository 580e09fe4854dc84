"""A real MariaDB server in the demo's folder, when one is installed."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from teleterm.demo.databases.process import ServerProcess
from teleterm.demo.inventory import SHOP
from teleterm.demo.streams import ExactReader, SocketStream

WHAT = "MariaDB"
_SOCKET = "server.sock"
_USERS = ("mysql", "nobody")
_FOLDERS = ("/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin")
# For both programs: small files, and nothing kept for the case that the machine fails.
_SMALL = (
    "--innodb-log-file-size=4M",
    "--innodb-buffer-pool-size=8M",
    "--innodb-flush-log-at-trx-commit=0",
    "--skip-name-resolve",
)
# One statement a line, as the server wants it.
_SETUP = """\
CREATE DATABASE {schema} CHARACTER SET utf8mb4;
CREATE USER alice@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('{password}');
CREATE USER reader@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('{password}');
CREATE TABLE {schema}.stock (item varchar(40) PRIMARY KEY, pieces integer NOT NULL);
INSERT INTO {schema}.stock VALUES ('tea kettle', 4), ('notebook', 120), ('bicycle bell', 17), ('desk lamp', 0);
GRANT ALL ON {schema}.* TO alice@localhost;
GRANT SELECT ON {schema}.* TO reader@localhost;
"""  # noqa: E501  a statement must stand on one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """What makes the server's folder, and the server itself."""

    install: str
    server: str


def find_programs() -> Programs | None:
    """Give the installed programs; None without them."""
    server = shutil.which("mariadbd") or next(
        (path for folder in _FOLDERS if (path := shutil.which("mariadbd", path=folder))), None
    )
    install = shutil.which("mariadb-install-db")
    if server is None or install is None:
        return None
    return Programs(install=install, server=server)


class MariadbServer:
    """One server with its data below `folder`, reached through a socket there."""

    def __init__(self, programs: Programs, folder: Path, password: str) -> None:
        self._programs = programs
        self._password = password
        self._process = ServerProcess(folder, users=_USERS, stop_signal="TERM")

    async def start(self) -> None:
        """Make the data folder and start the server, which fills the sample database.

        Raises: TeletermError with a message that says what failed.
        """
        await asyncio.to_thread(self._prepare)
        await self._process.run(self._setup_argv(), what=WHAT)
        await self._process.start(self._server_argv(), self._is_up, what=WHAT)

    async def connect(self) -> SocketStream:
        """Open a connection to the server.

        Raises: OSError when it isn't running.
        """
        return await self._process.connect(_SOCKET)

    async def stop(self) -> None:
        """Stop the server, if it runs."""
        await self._process.stop()

    def _prepare(self) -> None:
        self._process.prepare()
        text = _SETUP.format(schema=SHOP, password=self._password)
        self._setup.write_text(text)
        self._process.give(self._setup)

    @property
    def _setup(self) -> Path:
        return self._process.folder / "setup.sql"

    def _setup_argv(self) -> list[str]:
        return [
            self._programs.install,
            "--no-defaults",
            f"--datadir={self._process.folder / 'data'}",
            "--auth-root-authentication-method=socket",
            "--skip-test-db",
            *_SMALL,
        ]

    def _server_argv(self) -> list[str]:
        folder = self._process.folder
        return [
            self._programs.server,
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            f"--socket={folder / _SOCKET}",
            f"--pid-file={folder / 'pid'}",
            f"--init-file={self._setup}",
            "--skip-networking",
            "--performance-schema=off",
            *_SMALL,
        ]

    async def _is_up(self) -> None:
        stream = await self.connect()
        try:
            await ExactReader(stream).take(1)  # it greets once it has done its setup
        finally:
            await stream.close()
