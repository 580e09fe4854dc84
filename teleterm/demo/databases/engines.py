"""The database servers of a demo: which this computer has, how each starts, what serves them."""

import secrets
import ssl
import sys
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from teleterm.demo.databases import mariadb, postgres, redis
from teleterm.demo.databases.access import Doorkeeper
from teleterm.demo.databases.mysql_service import MysqlService
from teleterm.demo.databases.postgres_service import PostgresService
from teleterm.demo.databases.process import DatabaseServer, OnDemand
from teleterm.demo.databases.redis_service import RedisService
from teleterm.demo.inventory import MYSQL, POSTGRES, REDIS, DemoMember
from teleterm.demo.router import ServePlain
from teleterm.model.errors import TeletermError

NAMES = {POSTGRES: "PostgreSQL", MYSQL: mariadb.WHAT, REDIS: redis.WHAT}


def _new_password() -> str:
    return secrets.token_hex(16)


@dataclass(slots=True, kw_only=True)
class Engines:
    """The servers by protocol, and why the others are not there.

    `password` is that of the servers' own users, whom nobody but a service logs in as.
    """

    folder: Path
    password: str = field(default_factory=_new_password)
    servers: dict[str, DatabaseServer] = field(default_factory=dict)
    why_not: dict[str, str] = field(default_factory=dict)

    async def start(self, without: Set[str]) -> None:
        """Start what is installed; `without` are those to leave out as if they weren't."""
        for protocol, name in NAMES.items():
            server: DatabaseServer | None = None
            self.why_not[protocol] = f"{name} is not installed on this computer"
            if sys.platform != "win32" and protocol not in without:  # needs Unix sockets
                server = await self._find(protocol)
            if server is not None:
                self.servers[protocol] = server
                self.why_not[protocol] = ""

    async def stop(self, protocol: str = "") -> None:
        """Stop the servers, or one of them."""
        for name, server in self.servers.items():
            if not protocol or name == protocol:
                await server.stop()

    def services(self, cluster: DemoMember, inner_tls: ssl.SSLContext) -> Mapping[str, ServePlain]:
        """Give what serves each kind of client, by protocol."""

        def keeper(protocol: str) -> Doorkeeper:
            server = self.servers.get(protocol)
            return Doorkeeper(cluster=cluster, server=server, what=NAMES[protocol])

        return {
            POSTGRES: PostgresService(keeper(POSTGRES), inner_tls).serve,
            MYSQL: MysqlService(keeper(MYSQL), inner_tls, self.password).serve,
            REDIS: RedisService(keeper(REDIS), inner_tls, self.password).serve,
        }

    async def _find(self, protocol: str) -> DatabaseServer | None:
        if protocol == POSTGRES:
            return await self._start_postgres()
        if protocol == MYSQL:
            return OnDemand(self._start_mariadb) if mariadb.find_programs() else None
        return OnDemand(self._start_redis) if redis.find_program() else None

    async def _start_postgres(self) -> DatabaseServer | None:
        programs = postgres.find_programs()
        if programs is None:
            return None
        try:
            server = postgres.PostgresServer(programs, self.folder / "pg")
            await server.start()
        except TeletermError as error:
            self.why_not[POSTGRES] = error.message
            return None
        return server

    async def _start_mariadb(self) -> DatabaseServer:
        programs = mariadb.find_programs()
        if programs is None:
            raise FileNotFoundError("mariadbd")
        server = mariadb.MariadbServer(programs, self.folder / "maria", self.password)
        await server.start()
        return server

    async def _start_redis(self) -> DatabaseServer:
        program = redis.find_program()
        if program is None:
            raise FileNotFoundError("redis-server")
        server = redis.RedisServer(program, self.folder / "redis", self.password)
        await server.start()
        return server
