"""`tsh db ls`: the databases of a cluster, or of all clusters one is logged in to."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.client.identity import DatabaseRoute
from teleterm.tsh import context as contexts
from teleterm.tsh import databases, everywhere, filters, terminal
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, labels, resources, table

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.client.database_access import Access
    from teleterm.protogen.teleport.types import types_pb2

_TITLES = (
    "Proxy", "Cluster", "Name", "Description", "Protocol", "Type", "URI", "Allowed Users",
    "Database Roles", "Labels", "Connect",
)  # fmt: skip
_ONLY_EVERYWHERE = ("Proxy", "Cluster")
_ONLY_VERBOSE = ("Protocol", "Type", "URI", "Database Roles")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRow:
    """A database, what is allowed there, and the certificate for it if there is one."""

    database: "types_pb2.DatabaseV3"
    access: "Access"
    active: DatabaseRoute | None = None
    proxy: str = ""
    cluster: str = ""


def run(parsed: Parsed) -> int:
    """List them."""
    context = contexts.start(parsed)
    wanted = filters.of(parsed)

    async def of_auth(client: "ClusterClient", auth: "AuthClient") -> list[DatabaseRow]:
        roles = await auth.current_roles()
        routes = {route.service: route for route in client.identity.databases}
        return [
            DatabaseRow(
                database=one,
                access=databases.access(client, roles, one),
                active=routes.get(one.Metadata.Name),
                proxy=client.profile.web_proxy_addr,
                cluster=auth.cluster,
            )
            for one in await databases.fetch(auth, wanted)
        ]

    async def of_cluster(client: "ClusterClient") -> list[DatabaseRow]:
        return await of_auth(client, await client.auth())

    if parsed.is_on("all"):
        found = contexts.wait(everywhere.ask(context, of_auth))
        rows = [row for place in found for row in place.items]
        rows.sort(key=lambda row: (row.proxy, row.cluster, row.database.Metadata.Name))
    else:
        rows = contexts.wait(context.with_cluster(of_cluster))
    sys.stdout.write(draw(rows, parsed))
    return 0


def draw(rows: list[DatabaseRow], parsed: Parsed) -> str:
    """The list as the flags ask for it."""
    format_name, everything = parsed.text("format"), parsed.is_on("all")
    if format_name != "text":
        return document.dump([_value(row, everything=everything) for row in rows], format_name)
    verbose = parsed.is_on("verbose")
    hidden = {*(() if everything else _ONLY_EVERYWHERE), *(() if verbose else _ONLY_VERBOSE)}
    shown = [at for at, title in enumerate(_TITLES) if title not in hidden]
    titles = [_TITLES[at] for at in shown]
    named = parsed.text("cluster")
    cells = [[_cells(row, named, verbose=verbose)[at] for at in shown] for row in rows]
    if verbose:
        return table.make(titles, cells).draw() + "\n"
    return table.make_cut(titles, cells, cut="Labels", cols=terminal.cols()).draw() + "\n"


def _value(row: DatabaseRow, *, everything: bool) -> document.Value:
    users = [user for user in row.access.users if user]
    value = resources.database(row.database, allowed_users=users, roles=[])
    if not everything:
        return value
    value.pop("users", None)  # the official list of all clusters has none
    return {"proxy": row.proxy, "cluster": row.cluster, "database": value}


def _cells(row: DatabaseRow, cluster_flag: str, *, verbose: bool) -> list[str]:
    database = row.database
    found = databases.all_labels(database)
    name = labels.display_name(database.Metadata.Name, found, verbose=verbose)
    return [
        row.proxy,
        row.cluster,
        name if row.active is None else _active_name(name, row.active),
        database.Metadata.Description,
        database.Spec.Protocol,
        databases.kind(database),
        database.Spec.URI,
        _users(row.access),
        "",
        labels.text(found, verbose=verbose),
        "" if row.active is None else connect_command(row.active, cluster_flag),
    ]


def _users(access: "Access") -> str:
    if not access.users:
        return "(none)"
    shown = f"[{' '.join(access.users)}]"
    return f"{shown}, except: [{' '.join(access.denied_users)}]" if access.denied_users else shown


def _active_name(name: str, route: DatabaseRoute) -> str:
    details = []
    if route.username:
        details.append(f"user: {route.username}")
    if route.database:
        details.append(f"db: {route.database}")
    if route.roles:
        details.append(f"roles: [{' '.join(route.roles)}]")
    return f"> {name} ({', '.join(details)})" if details else f"> {name}"


def connect_command(route: DatabaseRoute, cluster_flag: str) -> str:
    """The command that opens a database one is logged in to."""
    words = ["tsh", "db", "connect"]
    if cluster_flag:
        words.append(f"--cluster={cluster_flag}")
    if not route.username:
        words.append("--db-user=<user>")
    if not route.database and databases.needs_name(route.protocol):
        words.append("--db-name=<name>")
    return " ".join([*words, route.service])
