"""`tsh db connect`: opens a database with its own client, through a tunnel of ours."""

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import database_needs, databases, fatal, tunnel
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.database_commands import ClientCommand


def run(parsed: Parsed) -> int:
    """Run the client until it ends."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> int:
        return await _connect(client, context)

    return contexts.wait(context.with_cluster(work))


async def _connect(client: "ClusterClient", context: Context) -> int:
    from teleterm.client.database_commands import Endpoint, command, require

    chosen = await databases.choose(client, context)
    route = chosen.route
    if route.protocol in database_needs.NOT_INTERACTIVE:
        reasons = [f"database protocol is {database_needs.kind(route.protocol)}"]
        database_needs.refuse("tsh db connect", reasons, route, context.parsed.text("cluster"))
    require(command(route.protocol, Endpoint(host="localhost", port=0)))
    proxy = tunnel.make(
        client,
        route,
        context.clock,
        authenticated=True,
        keeps=True,
        mysql_version=databases.mysql_version(chosen.database),
    )
    port = await proxy.start()
    try:
        endpoint = Endpoint(
            host="localhost", port=port, user=route.username, database=route.database
        )
        found = command(route.protocol, endpoint)
        status = await _run(found)
    finally:
        await proxy.close()
    if status:
        fatal.show(
            f"exit status {status}: '{found.path}' exited with the above error. If access was "
            "denied, use 'tsh db ls' to see your available logins, or ask your Teleport "
            "administrator to grant you access."
        )
        return 1
    return 0


async def _run(found: "ClientCommand") -> int:
    from teleterm.osutil import env, procs

    _leave_interrupts_to_child()
    sys.stdout.flush()
    process = procs.spawn(
        [found.path, *found.args], stdin=0, env=env.foreign_env(os.environ, found.env)
    )
    return await asyncio.to_thread(process.wait)


def _leave_interrupts_to_child() -> None:
    """Ctrl-C stops a query in the client; it must not take the tunnel away below it."""
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    else:
        signal.signal(signal.SIGINT, lambda *_: None)
