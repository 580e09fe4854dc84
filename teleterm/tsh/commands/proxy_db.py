"""`tsh proxy db`: a local port that leads to a database until this program is stopped."""

import ipaddress
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client.identity import DatabaseRoute
from teleterm.client.profile import split_address
from teleterm.model.errors import BadInput, ErrorCode
from teleterm.tsh import context as contexts
from teleterm.tsh import database_needs, databases, local_ports, tunnel
from teleterm.tsh.commands.db_config import shown
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.stopping import until_stopped

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen; `is_random` when nobody chose a port."""

    host: str
    port: int
    is_random: bool


def run(parsed: Parsed) -> int:
    """Listen until SIGINT or SIGTERM."""
    context = contexts.start(parsed)
    listen = where(parsed)

    async def work(client: "ClusterClient") -> int:
        return await _serve(client, context, listen)

    return contexts.wait(context.with_cluster(work))


def where(parsed: Parsed) -> Listen:
    """The address that `--listen` or `--port` names.

    Raises: BadInput.
    """
    address, port = parsed.text("listen"), parsed.text("port")
    if address and port:
        raise BadInput(
            "either the address or port for the local proxy can be specified, not both",
            field="port",
            value=port,
        )
    if address:
        host, number = split_address(address)
        if not parsed.is_on("insecure-listen-anywhere") and not _is_loopback(host):
            raise BadInput(
                "only loopback addresses are allowed for listener without "
                f'--insecure-listen-anywhere switch, got "{address}"',
                field="listen",
                value=address,
            )
        local_ports.number(str(number))
        return Listen(host or "0.0.0.0", number, is_random=False)  # noqa: S104  # asked for by flag
    return Listen("127.0.0.1", local_ports.number(port), is_random=not port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _serve(client: "ClusterClient", context: Context, listen: Listen) -> int:
    chosen = await databases.choose(client, context)
    route = chosen.route
    is_tunnel = context.parsed.is_on("tunnel")
    if not is_tunnel:
        named = context.parsed.text("cluster")
        reasons = database_needs.tunnel_reasons(route)
        database_needs.refuse("tsh proxy db", reasons, route, named)
    if not is_tunnel:
        await client.issue_database(route, save=True)
        databases.remember(context, client, route)
    proxy = tunnel.make(
        client,
        route,
        context.clock,
        authenticated=is_tunnel,
        mysql_version=databases.mysql_version(chosen.database),
    )
    try:
        port = await proxy.start(listen.host, listen.port)
    except BadInput as error:
        if error.code is ErrorCode.PORT_IN_USE:
            raise BadInput(
                f"listen tcp {listen.host}:{listen.port}: bind: address already in use",
                field="port",
                value=str(listen.port),
                code=error.code,
            ) from error
        raise
    try:
        sys.stdout.write(_words(client, route, listen, port, is_tunnel=is_tunnel))
        sys.stdout.flush()
        await until_stopped()
    finally:
        await proxy.close()
    return 0


def _words(
    client: "ClusterClient", route: DatabaseRoute, listen: Listen, port: int, *, is_tunnel: bool
) -> str:
    address = f"{listen.host}:{port}"
    random = (
        "To avoid port randomization, you can choose the listening port using the --port flag.\n"
        if listen.is_random
        else ""
    )
    if is_tunnel:
        from teleterm.client.database_commands import Endpoint, command

        endpoint = Endpoint(
            host="localhost", port=port, user=route.username, database=route.database
        )
        bare = command(route.protocol, endpoint)
        bare = replace(bare, path=Path(bare.path).name)
        kind = database_needs.kind(route.protocol)
        return (
            f'Started authenticated tunnel for the {kind} database "{route.service}" in cluster '
            f'"{client.cluster}" on {address}.\n{random}\n'
            "Use the following command to connect to the database or to the address above using "
            f"other database GUI/CLI clients:\n  $ {shown(bare).strip()}\n"
        )
    files = databases.tls_files(client, route.service)
    name = f' The target database name is "{route.database}".' if route.database else ""
    return (
        f"Started DB proxy on {address}\n{random}\n"
        f"Use the following credentials to connect to the {route.service} proxy:\n"
        f"  ca_file={files.ca}\n  cert_file={files.certificate}\n  key_file={files.key}\n\n"
        f'Your database user is "{route.username}".{name}\n\n'
    )
