"""`tsh db login`: a certificate for a database, kept for other programs."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import databases
from teleterm.tsh.commands.db_ls import connect_command
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_BOLD, _PLAIN = "\x1b[33m", "\x1b[0m"


def run(parsed: Parsed) -> int:
    """Get it, and say how to connect."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> databases.Chosen:
        chosen = await databases.choose(client, context)
        await client.issue_database(chosen.route, save=True)
        databases.remember(context, client, chosen.route)
        return chosen

    route = contexts.wait(context.with_cluster(work)).route
    flag = parsed.text("cluster")
    connect = connect_command(route, flag)
    named = f"--cluster={flag} " if flag else ""
    config = f"tsh db config {named}--format=cmd {route.service}"
    sys.stdout.write(
        f'Connection information for database "{route.service}" has been saved.\n\n'
        "You can now connect to it using the following command:\n\n"
        f"  {_BOLD}{connect}{_PLAIN}\n\n"
        "You can view the connect command for the native database CLI client:\n\n"
        f"  {_BOLD}{config}{_PLAIN}\n\n"
    )
    return 0
