"""A real Redis or Valkey server in the demo's folder, when one is installed."""

import asyncio
import shutil
from pathlib import Path

from teleterm.demo.databases import resp
from teleterm.demo.databases.process import ServerProcess
from teleterm.demo.streams import ExactReader, SocketStream

WHAT = "Redis"
_PROGRAMS = ("redis-server", "valkey-server")
_SOCKET = "server.sock"
_USERS = ("redis", "valkey", "nobody")
_SETTINGS = """\
port 0
unixsocket {folder}/{socket}
unixsocketperm 700
dir {folder}
save ""
appendonly no
databases 4
daemonize no
user default off
user alice on >{password} ~* &* +@all -@admin
user reader on >{password} ~* +@read +@connection +command +info +acl|whoami
"""
_SAMPLE = (
    ("SET", "greeting", "hello"),
    ("HSET", "visitor:1", "name", "Ada", "page", "/tea-kettle"),
    ("HSET", "visitor:2", "name", "Grace", "page", "/notebook"),
    ("RPUSH", "queue", "wrap 3", "send 1", "send 2"),
)


def find_program() -> str | None:
    """Give the installed server; None without one."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


class RedisServer:
    """One server that keeps nothing, reached through a socket below `folder`."""

    def __init__(self, program: str, folder: Path, password: str) -> None:
        self._program = program
        self._password = password
        self._process = ServerProcess(folder, users=_USERS, stop_signal="TERM")

    async def start(self) -> None:
        """Start the server and fill in a few keys.

        Raises: TeletermError with a message that says what failed.
        """
        await asyncio.to_thread(self._prepare)
        await self._process.start([self._program, str(self._settings)], self._fill, what=WHAT)

    async def connect(self) -> SocketStream:
        """Open a connection to the server.

        Raises: OSError when it isn't running.
        """
        return await self._process.connect(_SOCKET)

    async def stop(self) -> None:
        """Stop the server, if it runs."""
        await self._process.stop()

    @property
    def _settings(self) -> Path:
        return self._process.folder / "redis.conf"

    def _prepare(self) -> None:
        self._process.prepare()
        folder = self._process.folder
        text = _SETTINGS.format(folder=folder, socket=_SOCKET, password=self._password)
        self._settings.write_text(text)
        self._process.give(self._settings)

    async def _fill(self) -> None:
        stream = await self.connect()
        try:
            reader = ExactReader(stream)
            for command in (("AUTH", "alice", self._password), ("DEL", "queue"), *_SAMPLE):
                await stream.write(resp.encode_command(*command))
                line = await resp.read_line(reader)
                if line.startswith(b"-"):
                    raise ConnectionRefusedError(line.decode("utf-8", "replace"))
        finally:
            await stream.close()
