"""`tsh db env`: variables that lead a database's client to the database."""

import sys
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh import context as contexts
from teleterm.tsh import databases
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Print them."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> dict[str, str]:
        route = databases.logged_in(client, parsed.text("db"))
        if route.protocol not in ("postgres", "cockroachdb"):
            raise BadInput(
                f'There are no variables for databases of the kind "{route.protocol}".',
                field="db",
                value=route.service,
                hint=f"Use: tsh proxy db --tunnel {route.service}",
            )
        endpoint = databases.direct_endpoint(client, route)
        return databases.environment(endpoint, insecure=parsed.is_on("insecure"))

    values = contexts.wait(context.on_files(work))
    if parsed.text("format") == "text":
        sys.stdout.writelines(f"export {name}={value}\n" for name, value in values.items())
    else:
        sys.stdout.write(document.dump(values, parsed.text("format")))
    return 0
