"""`tsh db env`: variables that lead a database's client to the database."""

import sys
from typing import TYPE_CHECKING

from teleterm.tsh import context as contexts
from teleterm.tsh import database_needs, databases
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Print them."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> dict[str, str]:
        route = databases.logged_in(client, parsed.text("db"))
        reasons = database_needs.without_variables(route) or database_needs.proxy_reasons(
            client.profile, client.cluster, route
        )
        database_needs.refuse("tsh db env", reasons, route, parsed.text("cluster"))
        if route.protocol == "mysql":
            return {"MYSQL_GROUP_SUFFIX": f"_{databases.section(client, route.service)}"}
        endpoint = databases.direct_endpoint(client, route)
        return databases.environment(endpoint, insecure=parsed.is_on("insecure"))

    values = contexts.wait(context.on_files(work))
    if parsed.text("format") == "text":
        sys.stdout.writelines(f"export {name}={value}\n" for name, value in values.items())
    else:
        sys.stdout.write(document.dump(values, parsed.text("format")))
    return 0
