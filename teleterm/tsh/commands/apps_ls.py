"""`tsh apps ls`: the applications of a cluster, or of all clusters one is logged in to."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.tsh import applications, everywhere, filters, terminal
from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, labels, resources, table

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

_TITLES = (
    "Proxy", "Cluster", "Application", "Description", "Type", "Public Address", "Target Ports",
    "URI", "Labels",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRow:
    """An application, and whether there is a certificate for it."""

    app: "types_pb2.AppV3"
    is_active: bool = False
    proxy: str = ""
    cluster: str = ""


def run(parsed: Parsed) -> int:
    """List them."""
    context = contexts.start(parsed)
    wanted = filters.of(parsed)

    async def of_auth(client: "ClusterClient", auth: "AuthClient") -> list[AppRow]:
        names = {one.name for one in client.identity.apps}
        return [
            AppRow(
                app=one,
                is_active=one.Metadata.Name in names,
                proxy=client.profile.web_proxy_addr,
                cluster=auth.cluster,
            )
            for one in await applications.fetch(auth, wanted)
        ]

    async def of_cluster(client: "ClusterClient") -> list[AppRow]:
        names = {one.name for one in client.identity.apps}
        return [
            AppRow(app=one, is_active=one.Metadata.Name in names)
            for one in await applications.fetch(await client.auth(), wanted)
        ]

    if parsed.is_on("all"):
        places = contexts.wait(everywhere.ask(context, of_auth))
        rows = [row for place in places for row in place.items]
        rows.sort(key=lambda row: (row.proxy, row.cluster, row.app.Metadata.Name))
    else:
        rows = contexts.wait(context.with_cluster(of_cluster))
    sys.stdout.write(draw(rows, parsed))
    return 0


def draw(rows: list[AppRow], parsed: Parsed) -> str:
    """The list as the flags ask for it."""
    format_name, everything = parsed.text("format"), parsed.is_on("all")
    if format_name != "text":
        values = [_value(row, everything=everything) for row in rows]
        # the official list of none is null where it is gathered from several clusters
        return document.dump(None if everything and not values else values, format_name)
    verbose = parsed.is_on("verbose")
    hidden = {
        *(() if everything else ("Proxy", "Cluster")),
        *(() if verbose else ("URI",)),
        *(() if any(row.app.Spec.TCPPorts for row in rows) else ("Target Ports",)),
    }
    shown = [at for at, title in enumerate(_TITLES) if title not in hidden]
    titles = [_TITLES[at] for at in shown]
    cells = [[_cells(row, verbose=verbose)[at] for at in shown] for row in rows]
    if verbose:
        return table.make(titles, cells).draw() + "\n"
    return table.make_cut(titles, cells, cut="Labels", cols=terminal.cols()).draw() + "\n"


def _value(row: AppRow, *, everything: bool) -> document.Value:
    value = resources.app(row.app)
    return {"proxy": row.proxy, "cluster": row.cluster, "app": value} if everything else value


def _cells(row: AppRow, *, verbose: bool) -> list[str]:
    app = row.app
    name = app.Metadata.Name
    return [
        row.proxy,
        row.cluster,
        f"> {name}" if row.is_active else name,
        app.Metadata.Description,
        applications.protocol(app),
        app.Spec.PublicAddr,
        applications.ports(app),
        app.Spec.URI,
        labels.text(applications.all_labels(app), verbose=verbose),
    ]
