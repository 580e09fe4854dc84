"""`tsh db config`: where and how to connect to a database one is logged in to."""

import shlex
import sys
from typing import TYPE_CHECKING

from teleterm.client.identity import DatabaseRoute
from teleterm.tsh import context as contexts
from teleterm.tsh import database_needs, databases
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.database_commands import ClientCommand, Endpoint

_TITLES = ("Name", "Host", "Port", "User", "Database", "CA", "Cert", "Key")


def run(parsed: Parsed) -> int:
    """Print it."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> str:
        route = databases.logged_in(client, parsed.text("db"))
        reasons = database_needs.proxy_reasons(client.profile, client.cluster, route)
        database_needs.refuse("tsh db config", reasons, route, parsed.text("cluster"))
        return _draw(route, databases.direct_endpoint(client, route), parsed.text("format"))

    sys.stdout.write(contexts.wait(context.on_files(work)))
    return 0


def _draw(route: DatabaseRoute, endpoint: "Endpoint", format_name: str) -> str:
    files = endpoint.tls
    values: dict[str, document.Value] = {
        "name": route.service,
        "host": endpoint.host,
        "port": endpoint.port,
        "user": endpoint.user,
        "database": endpoint.database,
        "ca": files.ca if files else "",
        "cert": files.certificate if files else "",
        "key": files.key if files else "",
    }
    if format_name == "cmd":
        from teleterm.client.database_commands import command

        return f"{shown(command(route.protocol, endpoint))}\n"
    if format_name != "text":
        return document.dump(values, format_name)
    shown_values = zip(_TITLES, values.values(), strict=True)
    return "".join(f"{title + ':':<11}{value}\n" for title, value in shown_values)


def shown(found: "ClientCommand") -> str:
    """A command as one types it, its variables in front."""
    variables = " ".join(f"{name}={value}" for name, value in found.env.items())
    words = [f'"{word}"' if "&" in word else shlex.quote(word) for word in found.args]
    return " ".join([variables, found.path, *words])
