"""`tsh db login`: a certificate for a database, kept for other programs."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import database_needs, databases
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
    words = f'Connection information for database "{route.service}" has been saved.\n\n'
    if route.protocol not in database_needs.NOT_INTERACTIVE:
        words += f"You can now connect to it using the following command:\n\n{_shown(connect)}"
    profile = context.profile()
    if database_needs.proxy_reasons(profile, profile.cluster, route):
        proxy = f"tsh proxy db --tunnel {named}{route.service}"
        words += f"You can start a local proxy for database GUI clients:\n\n{_shown(proxy)}"
    else:
        config = f"tsh db config {named}--format=cmd {route.service}"
        words += "You can view the connect command for the native database CLI client:\n\n"
        words += _shown(config)
    sys.stdout.write(words)
    return 0


def _shown(command: str) -> str:
    return f"  {_BOLD}{command}{_PLAIN}\n\n"
