"""One command on several databases: each by its own client, through a local port of its own.

The certificates live in memory and are used once. A second factor is asked for once.
"""

import asyncio
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from teleterm.client.identity import DatabaseRoute
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.tsh import databases, fatal
from teleterm.tsh.context import Context
from teleterm.tsh.render import document, plain

if TYPE_CHECKING:
    from teleterm.client.certs import IssuedCerts
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.database_commands import ClientCommand, Endpoint
    from teleterm.protogen.teleport.types import types_pb2

_QUERY_FLAG = {"postgres": "-c", "mysql": "-e"}
_END_GRACE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the command ended on a database; `error` is empty when it went well."""

    route: DatabaseRoute
    output: str = ""
    status: int = 0
    error: str = ""


class Runs:
    """A command for several databases; with `--output-dir` each output goes to its own file."""

    def __init__(self, client: "ClusterClient", context: Context) -> None:
        from teleterm.client.issuing import KeptAnswer

        self._client = client
        self._context = context
        self._command = context.parsed.text("command")
        folder = context.parsed.text("output-dir")
        self._folder = Path(folder) if folder else None
        self._issuing = asyncio.Lock()
        self._kept = KeptAnswer()
        self._ended: list[Ended] = []

    async def run(self, found: "list[types_pb2.DatabaseV3]", *, at_once: int) -> None:
        """Run it everywhere, and say how it went. A database that refuses stops no other one."""
        gate = asyncio.Semaphore(at_once)

        async def one(database: "types_pb2.DatabaseV3") -> None:
            async with gate:
                self._ended.append(await self._on(database))

        await asyncio.gather(*(one(database) for database in found))
        if len(found) > 1 or self._folder is not None:
            good = sum(not one.error for one in self._ended)
            _say(f"\nSummary: {good} of {len(self._ended)} succeeded.")
        if self._folder is not None:
            self._save(self._folder)

    async def _on(self, database: "types_pb2.DatabaseV3") -> Ended:
        parsed = self._context.parsed
        name = database.Metadata.Name
        ended = Ended(
            route=DatabaseRoute(
                service=name,
                protocol=database.Spec.Protocol,
                username=parsed.text("db-user"),
                database=parsed.text("db-name"),
                roles=tuple(role for role in parsed.text("db-roles").split(",") if role),
            )
        )
        try:
            with ExitStack() as files:
                output: BinaryIO | None = None
                if self._folder is None:
                    _say(f'\nExecuting command for "{name}".')
                else:
                    path = self._folder / f"{name.replace('/', '_')}.output"
                    output = files.enter_context(_create(path))
                    ended = replace(ended, output=str(path.absolute()))
                    _say(f'Executing command for "{name}". Output will be saved at "{path}".')
                status = await self._ask(database, ended.route, output)
        except TeletermError as error:
            return _failed(replace(ended, error=fatal.words(error)))
        if not status:
            return ended
        # a client that a signal ended is -1 in the official summary
        how = f"exit status {status}" if status > 0 else f"signal {-status}"
        return _failed(replace(ended, status=max(status, -1), error=how))

    async def _ask(
        self, database: "types_pb2.DatabaseV3", route: DatabaseRoute, output: BinaryIO | None
    ) -> int:
        from teleterm.client.alpn_proxy import ClientCert, LocalProxy, database_target
        from teleterm.client.database_commands import Endpoint
        from teleterm.tsh.tunnel import Complaints

        client = self._client
        route = await databases.with_defaults(client, await client.auth(), database, route)
        issued = await self._issue(route)
        target = database_target(
            client.profile,
            route.protocol,
            client.options,
            mysql_version=databases.mysql_version(database),
            authorities=client.root_authorities(),
        )

        async def certificate() -> ClientCert:
            return ClientCert(key=issued.key, certificate=issued.tls_certificate)

        proxy = LocalProxy(target, before=certificate, events=Complaints())
        port = await proxy.start()
        try:
            endpoint = Endpoint(
                host="localhost", port=port, user=route.username, database=route.database
            )
            return await _run(query(route.protocol, endpoint, self._command), output)
        finally:
            await proxy.close()

    async def _issue(self, route: DatabaseRoute) -> "IssuedCerts":
        """A certificate; one after the other, so that nobody is asked twice at a time."""
        from teleterm.client import issuing
        from teleterm.client.certs import CertRequest, ForDatabase, Requester

        request = CertRequest(
            purpose=ForDatabase(route=route),
            cluster=self._client.cluster,
            requester=Requester.DATABASE_EXEC,
        )
        async with self._issuing:
            return await issuing.issue(self._client, request, self._kept)

    def _save(self, folder: Path) -> None:
        good = sum(not one.error for one in self._ended)
        summary: document.Value = {
            "databases": [_value(one, self._command) for one in self._ended],
            "success": good,
            "failure": len(self._ended) - good,
            "total": len(self._ended),
        }
        path = folder / "summary.json"
        try:
            with _create(path) as file:
                file.write(document.to_json(summary).encode("utf-8", "surrogateescape"))
        except Refused as error:
            _say(f"Failed to save summary: {error.message}")
        else:
            _say(f'Summary is saved at "{path}".')


def query(protocol: str, endpoint: "Endpoint", text: str) -> "ClientCommand":
    """The command of a database's own client that asks one thing and ends.

    Raises: BadInput for protocols without one, Unreachable when the client isn't installed.
    """
    from teleterm.client.database_commands import command, require

    flag = _QUERY_FLAG.get(protocol)
    if flag is None:
        raise BadInput(
            f"{protocol} databases not supported for exec command",
            field="protocol",
            value=protocol,
            code=ErrorCode.NOT_IMPLEMENTED,
        )
    found = require(command(protocol, endpoint))
    return replace(found, args=(*found.args, flag, text))


async def _run(found: "ClientCommand", output: BinaryIO | None) -> int:
    from teleterm.osutil import env, procs

    sys.stdout.flush()
    process = procs.spawn(
        [found.path, *found.args],
        stdout=output,
        stderr=output,
        env=env.foreign_env(os.environ, found.env),
    )
    try:
        return await asyncio.to_thread(process.wait)
    finally:
        procs.end(process, grace_s=_END_GRACE_S)  # it has ended, unless we are being stopped


def _create(path: Path) -> BinaryIO:
    """A file that wasn't there, and its folder; only the user may read them.

    Raises: Refused.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(path, flags, 0o600), "wb")
    except OSError as error:
        raise Refused(
            f"open {path}: {(error.strerror or '').lower()}", code=ErrorCode.DENIED
        ) from error


def _failed(ended: Ended) -> Ended:
    text = f'Failed to execute command for "{ended.route.service}": {ended.error}'
    sys.stderr.write(f"{plain.lines(text)}\n")
    sys.stderr.flush()
    return ended


def _value(one: Ended, command: str) -> document.Value:
    route = one.route
    named: dict[str, document.Value] = {"service_name": route.service, "protocol": route.protocol}
    optional: dict[str, document.Value] = {
        "username": route.username,
        "database": route.database,
        "roles": list(route.roles),
    }
    value: dict[str, document.Value] = {
        "database": named | {name: text for name, text in optional.items() if text},
        "command": command,
    }
    value |= {"output_file": one.output} if one.output else {}
    value["success"] = not one.error
    value |= {"error": one.error} if one.error else {}
    return value | {"exit_code": one.status}


def _say(text: str) -> None:
    sys.stdout.write(f"{plain.lines(text)}\n")
    sys.stdout.flush()
