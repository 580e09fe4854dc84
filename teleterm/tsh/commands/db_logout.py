"""`tsh db logout`: deletes the certificate of a database, or of all."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import database_profiles, databases
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Delete it and say so."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> int:
        from teleterm.client.keystore import ResourceFolder

        name = parsed.text("db")
        routes = databases.active(client, client.profile)
        if name:
            routes = [databases.logged_in(client, name)]
        profile = client.profile
        for route in routes:
            files = client.store.keys.resource_files(
                ResourceFolder.DATABASE, profile.name, profile.user, client.cluster, route.service
            )
            client.store.keys.delete_resource(files)
            section = databases.section(client, route.service)
            database_profiles.forget_database(context.environ, section)
        if len(routes) == 1:
            sys.stdout.write(f"Logged out of database {plain.cell(routes[0].service)}\n")
        else:
            sys.stdout.write("Logged out of all databases\n")
        return 0

    return contexts.wait(context.on_files(work))
